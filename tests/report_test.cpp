// --report, --dry-run, --preview and --memory, as a user meets them.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/probe.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Ended;
using test::says;
using test::Workshop;

json read_json(const fs::path& file) {
  std::ifstream stream(file);
  return json::parse(stream);
}

TEST_CASE("the report keeps its keys and tells the truth") {
  const Workshop shop;
  std::ofstream(shop.tiles() / "broken.png") << "\x89PNG\r\n\x1a\n";
  std::ofstream(shop.tiles() / "b\xff.jpg") << "nothing";
  const Ended ended =
      shop.video({"-o", shop / "out.mp4", "--report", shop / "r.json", "--columns", "80"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  const json r = read_json(shop / "r.json");

  CHECK(r["command"][1] == "video");
  CHECK(r["version"] == "0.1.0");
  CHECK(r["input"] == shop.clip().string());
  CHECK(r["output"] == (shop / "out.mp4").string());
  CHECK(
      r["grid"] ==
      json{{"columns", 80}, {"rows", 34}, {"cell_width_px", 16.0}, {"cell_height_px", 720.0 / 34}});
  CHECK(r["layout"] == "grid");
  CHECK(r["cells"] == 80 * 34);
  CHECK(r["tiles"]["available"] == 12);
  CHECK(r["tiles"]["used"] >= 1);
  REQUIRE(r["tiles"]["skipped"].size() == 2);
  std::size_t by_bytes = 0;
  for (const json& skipped : r["tiles"]["skipped"]) {
    CHECK_FALSE(skipped["reason"].get<std::string>().empty());
    by_bytes += skipped.contains("path_bytes") ? 1 : 0;
    CHECK(skipped.contains("path") != skipped.contains("path_bytes"));
  }
  CHECK(by_bytes == 1);
  CHECK(r["frames"] == json{{"read", 125}, {"written", 125}, {"damaged", 0}});
  CHECK(r["fidelity"]["mean_delta_e"] > 1);
  CHECK(r["fidelity"]["rms_delta_e"] > r["fidelity"]["mean_delta_e"]);
  CHECK(r["fidelity"]["mean_ssim"] < 1);
  CHECK(r["stability"]["cuts"] == 0);
  CHECK(r["stability"]["switch_rate"] < 0.5);
  for (const char* stage :
       {"wall", "tiles", "read", "describe", "match", "stabilize", "compose", "encode", "finish"})
    CHECK(r["time_s"][stage] >= 0);
  CHECK(r["peak_memory_bytes"] > 10'000'000);
  CHECK(r["encoder"] == "libx264");
  const auto searched = r["matching"]["cells_searched"].get<std::uint64_t>();
  CHECK(searched + r["matching"]["cells_skipped"].get<std::uint64_t>() == 125 * 80 * 34);
}

TEST_CASE("fidelity is 0 Delta E when the target is made of its only tile") {
  const Workshop shop;
  const auto make = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"});
    REQUIRE(test::run_program(arguments).code == 0);
  };
  make({"color=0x4080C0:size=160x120:rate=5:duration=1", "-pix_fmt", "gbrp", "-c:v", "ffv1",
        shop / "flat.mkv"});
  fs::create_directory(shop / "one");
  make({"color=0x4080C0:size=96x128", "-frames:v", "1", shop / "one/tile.png"});
  const Ended ended = test::run_smalti({"video", shop / "flat.mkv", "-t", shop / "one", "-o",
                                        shop / "out.mp4", "--report", shop / "r.json"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  const json r = read_json(shop / "r.json");
  CHECK(r["fidelity"]["mean_delta_e"] < 1);  // what the thumbnail's JPEG costs
  CHECK(r["fidelity"]["mean_ssim"] > 0.99);
}

TEST_CASE("an existing report is replaced only with --overwrite, and refused before work") {
  const Workshop shop;
  std::ofstream(shop / "r.json") << "old";
  const Ended ended = shop.video({"-o", shop / "out.mp4", "--report", shop / "r.json"});
  CHECK(ended.code == 73);
  CHECK_FALSE(fs::exists(shop / "out.mp4"));
  CHECK(shop.video({"-o", shop / "out.mp4", "--report", shop / "r.json", "-y"}).code == 0);
  CHECK(read_json(shop / "r.json")["frames"]["written"] == 125);
}

TEST_CASE("a dry run says what would be made and makes nothing") {
  const Workshop shop;
  const std::size_t before = shop.entries();
  const Ended ended = shop.video({"-o", shop / "my out.mp4", "--dry-run", "--columns", "40"});
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(shop.entries() == before);
  CHECK(says(ended.output, "640x360 pixels (enlarged 2 times"));
  CHECK(says(ended.output, "40x17 cells"));
  CHECK(says(ended.output, "12 usable"));
  CHECK(says(ended.output, "video stream #0 (h264, und) becomes the mosaic"));
  CHECK(says(ended.output, "audio stream #1 (aac, und) is copied"));
  CHECK(says(ended.output, "frames   about 125"));
  CHECK(says(ended.output, "my out.mp4' --size 640x360 --columns 40"));
  CHECK(shop.video({"-o", shop / "no/out.mp4", "--dry-run"}).code == 73);
  const Ended sized = shop.video({"-o", shop / "out.mp4", "--dry-run", "--size", "960"});
  CHECK(says(sized.output, "960x540 pixels"));
  CHECK(says(sized.output, "out.mp4 --size 960x540 "));
}

TEST_CASE("the command that a dry run prints makes what the original would") {
  const Workshop shop;
  const std::vector<std::string> lossless = {"--encoder", "ffv1", "--duration", "0.4"};
  auto video = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"video",      shop.clip(), "-t",
                                          shop.tiles(), "-o",        shop / "a.mkv"};
    arguments.insert(arguments.end(), lossless.begin(), lossless.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_smalti(arguments);
  };
  const std::string said = video({"--dry-run"}).output;
  REQUIRE(video({}).code == 0);
  const auto frames = test::frame_hashes(shop / "a.mkv");
  fs::remove(shop / "a.mkv");
  std::string command = said.substr(said.find("  command  smalti ") + 18);
  command.insert(0, test::smalti_program() + " ");
  const Ended again = test::run_program({"sh", "-c", command});
  INFO(again.errors);
  REQUIRE(again.code == 0);
  CHECK(test::frame_hashes(shop / "a.mkv") == frames);
}

TEST_CASE("a preview is three seconds from the middle and a poster") {
  const Workshop shop;
  const Ended ended = shop.video({"-o", shop / "out.mp4", "--preview"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK_FALSE(fs::exists(shop / "out.mp4"));
  CHECK(test::frame_times(shop / "out-preview.mp4", 0).size() == 75);
  const test::ProbedStream poster = test::probe(shop / "out-preview.jpg").streams.at(0);
  const test::ProbedStream frame = test::probe(shop / "out-preview.mp4").of_kind("video").at(0);
  CHECK(poster.width == frame.width);
  CHECK(poster.height == frame.height);
  CHECK(shop.video({"-o", shop / "out.mp4", "--preview"}).code == 73);
  CHECK(shop.video({"-o", shop / "out.mp4", "--preview", "-y"}).code == 0);
}

TEST_CASE("a clip ten times as long takes no more memory") {
#if defined(__SANITIZE_ADDRESS__)
  MESSAGE("SKIPPED: AddressSanitizer keeps freed memory for a while");
#else
  const Workshop shop;
  REQUIRE(test::run_program({"ffmpeg", "-v", "error", "-y", "-stream_loop", "9", "-i", shop.clip(),
                             "-c", "copy", shop / "long.mp4"})
              .code == 0);
  const auto peak = [&](const fs::path& clip) {
    const Ended ended =
        test::run_smalti({"video", clip, "-t", shop.tiles(), "-o", shop / "out.mp4", "-y",
                          "--preset", "ultrafast", "--report", shop / "r.json"});
    REQUIRE(ended.code == 0);
    return read_json(shop / "r.json")["peak_memory_bytes"].get<double>();
  };
  const double once = peak(shop.clip());
  const double ten_times = peak(shop / "long.mp4");
  CHECK(ten_times - once <= std::max(0.05 * once, 20e6));
#endif
}

TEST_CASE("memory too small for the frames is refused with what would do") {
  const Workshop shop;
  const Ended little = shop.video({"-o", shop / "out.mp4", "--memory", "1M", "--columns", "80"});
  CHECK(little.code == 2);
  CHECK(says(little.errors, "this mosaic takes --memory 5M at least"));
  CHECK(shop.video({"-o", shop / "out.mp4", "--memory", "5M", "-q", "--columns", "80"}).code == 0);
  for (const char* size : {"0", "-1", "much", "1e99", ""})
    CHECK(shop.video({"-o", shop / "out.mp4", "-y", "--memory", size}).code == 2);
}

}  // namespace
}  // namespace smalti
