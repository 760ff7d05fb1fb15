// Words of the command line that stand for sizes, times, rates and bytes. They are refused as wrong
// usage, or give a value that lies where the flag's help says, and a number of seconds or bytes can
// be told again.

#include <cmath>

#include "cli/flags/notation.h"
#include "fuzz/feed.h"

namespace smalti::fuzz {
namespace {

template <typename Parsing>
void may_refuse(Parsing parsing) {
  try {
    parsing();
  } catch (const Error& error) {
    must_hold(error.kind() == ErrorKind::kUsage && !error.hint().empty(),
              "it is the usage that is wrong, and the form is told");
  }
}

}  // namespace

int fuzz_values(const std::uint8_t* data, std::size_t size) {
  const std::string word(data, data + size);
  const std::string flag = "--flag";
  may_refuse([&] {
    const Size parsed = cli::parse_size(flag, word);
    must_hold(parsed.width > 0 && parsed.height > 0, "a size has both sides");
  });
  may_refuse([&] { must_hold(cli::parse_pixels(flag, word) > 0, "there are pixels"); });
  may_refuse([&] {
    const Aspect aspect = cli::parse_aspect(flag, word);
    must_hold(aspect.width > 0 && aspect.height > 0, "an aspect has both sides");
  });
  may_refuse([&] {
    const double seconds = cli::parse_time(flag, word);
    must_hold(std::isfinite(seconds) && seconds >= 0, "a time is a number of seconds");
    cli::clock_text(seconds);
  });
  may_refuse([&] {
    const Rational rate = cli::parse_rate(flag, word);
    must_hold(rate.num > 0 && rate.den > 0 && rate.value() <= 1000, "a rate is one");
  });
  may_refuse([&] { cli::bytes_text(cli::parse_bytes(flag, word)); });
  return 0;
}

std::vector<Input> values_seeds() {
  std::vector<Input> seeds;
  for (const char* word : {"1280x720", "640", "3:4", "1:02:03.5", "29.97", "30000/1001", "1.5G",
                           "1e9", "0.001", "nan", "inf", "-1", "2147483648"})
    seeds.push_back(bytes_of(word));
  return seeds;
}

}  // namespace smalti::fuzz
