// The parts of the command line that need no program: values, suggestions, progress.

#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/flags/notation.h"
#include "cli/flags/suggest.h"
#include "cli/text/progress.h"
#include "cli/text/shell_word.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("times are seconds or colons, and nothing else") {
  CHECK(parse_time("--start", "90") == 90);
  CHECK(parse_time("--start", "1.5") == 1.5);
  CHECK(parse_time("--start", "1:30") == 90);
  CHECK(parse_time("--start", "01:02:03.5") == 3723.5);
  CHECK(parse_time("--start", "0") == 0);
  for (const char* text : {"", "-1", "1:", ":1", "1:2:3:4", "abc", "1s", "nan", "inf", "1e300"})
    CHECK_THROWS_AS(parse_time("--start", text), Error);
}

TEST_CASE("sizes and aspects are two whole numbers above 0") {
  CHECK(parse_size("--size", "1280x720") == Size{1280, 720});
  CHECK(parse_aspect("--tile-aspect", "3:4") == Aspect{3, 4});
  for (const char* text :
       {"", "1280", "x", "0x5", "-1x5", "1280x720x3", "1280 x 720", "3:4", "99999999999x1"})
    CHECK_THROWS_AS(parse_size("--size", text), Error);
}

TEST_CASE("rates are numbers or fractions; broadcast rates are exact") {
  const auto rate = [](const char* text) {
    const Rational r = parse_rate("--fps", text);
    return std::pair{r.num, r.den};
  };
  CHECK(rate("25") == std::pair{25000, 1000});
  CHECK(rate("30000/1001") == std::pair{30000, 1001});
  CHECK(rate("29.97") == std::pair{30000, 1001});
  CHECK(rate("23.976") == std::pair{24000, 1001});
  CHECK(rate("59.94") == std::pair{60000, 1001});
  CHECK(rate("12.5") == std::pair{12500, 1000});
  CHECK(rate("0.003") == std::pair{3, 1000});
  for (const char* text : {"0", "-5", "", "1/0", "100000", "abc", "nan"})
    CHECK_THROWS_AS(parse_rate("--fps", text), Error);
}

TEST_CASE("numbers, times and sizes read well") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(clock_text(7.4) == "0:07");
  CHECK(clock_text(61) == "1:01");
  CHECK(clock_text(3723) == "1:02:03");
  CHECK(bytes_text(999) == "999 B");
  CHECK(bytes_text(1000) == "1.0 kB");
  CHECK(bytes_text(3'400'000) == "3.4 MB");
  CHECK(bytes_text(999'999) == "1.0 MB");
}

TEST_CASE("sizes in bytes have units of 1000") {
  CHECK(parse_bytes("--memory", "500") == 500);
  CHECK_THROWS_AS(parse_bytes("--memory", "499", 500), Error);
  CHECK(parse_bytes("--memory", "64k") == 64'000);
  CHECK(parse_bytes("--memory", "1.5G") == 1'500'000'000);
  for (const char* text : {"", "G", "0", "-5M", "5X", "nan", "1e30", "1e-320"})
    CHECK_THROWS_AS(parse_bytes("--memory", text), Error);
}

TEST_CASE("words go through a shell unharmed") {
  CHECK(shell_word("out.mp4") == "out.mp4");
  CHECK(shell_word("my out.mp4") == "'my out.mp4'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("") == "''");
}

TEST_CASE("near misses are suggested, far ones are not") {
  const std::vector<std::string> names = {"--columns", "--tiles", "--tile-size", "--threads"};
  CHECK(did_you_mean("--colums", names) == "--columns");
  CHECK(did_you_mean("--tlies", names) == "--tiles");
  CHECK(did_you_mean("--thr", names) == "--threads");
  CHECK_FALSE(did_you_mean("--til", names));  // the beginning of two
  CHECK_FALSE(did_you_mean("--bogus-thing", names));
  CHECK_FALSE(did_you_mean("--x", names));
}

TEST_CASE("progress says what is known, and drops a total that proved wrong") {
  const auto start = ProgressMeter::Clock::now();
  ProgressMeter meter;
  CHECK(meter.update({Progress::Phase::kFrames, 0, 300}, start));
  CHECK(meter.plain() == "0 of 300 frames");
  CHECK_FALSE(meter.update({Progress::Phase::kFrames, 100, 300}, start + seconds(4)));
  CHECK(meter.plain() == "100 of 300 frames, 25.0 frames/s, ETA 0:08");
  CHECK(meter.bar(80) == "[########................] 100 of 300 frames, 25.0 frames/s, ETA 0:08");
  CHECK(meter.bar(20) == "100 of 300 frames, 2");

  const auto line = nlohmann::json::parse(meter.json().str());
  CHECK(line["done"] == 100);
  CHECK(line["total"] == 300);
  CHECK(line["eta_s"] == 8.0);

  meter.update({Progress::Phase::kFrames, 400, 300}, start + seconds(16));
  CHECK(meter.plain() == "400 frames, 25.0 frames/s");
  CHECK_FALSE(nlohmann::json::parse(meter.json().str()).contains("eta_s"));

  CHECK(meter.update({Progress::Phase::kTiles, 1, std::nullopt}, start + seconds(17)));
  CHECK(meter.plain() == "1 tiles");
}

TEST_CASE("work that is done once more has a speed of its own") {
  const auto start = ProgressMeter::Clock::now();
  ProgressMeter meter;
  meter.update({Progress::Phase::kWriting, 0, 20}, start);
  meter.update({Progress::Phase::kWriting, 20, 20}, start + seconds(10));
  CHECK(meter.update({Progress::Phase::kWriting, 0, 20}, start + seconds(10)));
  meter.update({Progress::Phase::kWriting, 10, 20}, start + seconds(12));
  CHECK(meter.plain() == "10 of 20 frames written, 5.0 frames written/s, ETA 0:02");
}

}  // namespace
}  // namespace smalti::cli
