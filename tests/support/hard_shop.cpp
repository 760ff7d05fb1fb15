#include "support/hard_shop.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "support/clips.h"

namespace smalti::test {
namespace fs = std::filesystem;

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void ffmpeg(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ffmpeg", "-v", "error", "-y"});
  const Ended ended = run_program(arguments);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
}

HardShop::HardShop() {
  for (const char* name : {"tiles", "out"}) fs::create_directory(folder_ / name);
  // Of noise, so that mosaics can be made as large as a test needs them.
  cv::theRNG().state = 1;
  for (int i = 0; i < 6; ++i) {
    cv::Mat pixels(64, 48, CV_8UC3);
    cv::randu(pixels, cv::Scalar(40 * i, 150 - 30 * i, 30 * i),
              cv::Scalar(40 * i + 50, 250 - 30 * i, 30 * i + 90));
    cv::imwrite(tiles() + fmt::format("/tile-{}.png", i), pixels);
  }
  clips::ClipOptions options;
  options.audio = {{}};
  options.frames = 25;
  clips::make_clip(*this / "plain.mp4", options);
  ffmpeg({"-i", *this / "plain.mp4", "-c", "copy", "-movflags", "+faststart", clip()});
}

std::string HardShop::output(const std::string& name) const {
  return (folder_ / "out" / name).string();
}

std::vector<std::string> HardShop::outputs() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_ / "out"))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> HardShop::job(const std::string& target, const std::string& tile_source,
                                       std::vector<std::string> more) const {
  more.insert(more.begin(), {"video", target, "--tiles", tile_source, "--columns", "8", "--preset",
                             "ultrafast", "--progress", "json"});
  const auto add = [&](const std::string& flag, const std::string& value) {
    if (std::find(more.begin(), more.end(), flag) != more.end()) return;
    more.insert(more.end(), {flag, value});
  };
  add("--enlarge", "1");
  add("--output", output());
  return more;
}

std::vector<std::string> HardShop::job_to(const std::string& file,
                                          std::vector<std::string> more) const {
  more.insert(more.end(), {"--output", file});
  return job(clip(), tiles(), more);
}

Ended HardShop::meet(const HardCase& c, RunOptions options) const {
  CAPTURE(c.given);
  options.silence_s = kSilence_s;
  Ended ended = run_smalti(c.arguments, options);
  CAPTURE(ended.errors);
  CHECK(ended.code == c.code);
  CHECK_FALSE(ended.killed);
  CHECK_FALSE(ended.silent);
  CHECK(ended.peak_bytes < kMostBytes);
  CHECK(says(ended.errors, c.says));
  if (c.code != 0) {
    CHECK(says(ended.errors, "smalti: error: "));
    CHECK(outputs().empty());
  }
  for (const std::string& name : outputs()) {
    if (ended.code == 0) {
      CAPTURE(name);
      const clips::Probed probed = clips::probe(output(name));
      CHECK_FALSE(probed.frame_times_s.empty());
    }
    fs::remove(output(name));
  }
  return ended;
}

void HardShop::meet_all(const std::vector<HardCase>& cases) const {
  for (const HardCase& c : cases) meet(c);
}

}  // namespace smalti::test
