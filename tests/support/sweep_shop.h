#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "support/animations.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti::test {

inline void write_png(const std::filesystem::path& path, const cv::Mat& rgb) {
  cv::Mat stored;
  cv::cvtColor(rgb, stored, cv::COLOR_RGB2BGR);
  REQUIRE(cv::imwrite(path.string(), stored));
}

inline cv::Mat read_png(const std::filesystem::path& path) {
  cv::Mat pixels;
  cv::cvtColor(cv::imread(path.string()), pixels, cv::COLOR_BGR2RGB);
  return pixels;
}

/// A target and tiles of many colours, each with some drawing in it.
class SweepShop {
 public:
  SweepShop() {
    std::filesystem::create_directory(tiles());
    for (int i = 0; i < 60; ++i) {
      cv::Mat tile(64, 48, CV_8UC3, cv::Scalar(i * 37 % 256, i * 91 % 256, i * 151 % 256));
      cv::circle(tile, {24, 32}, 8 + i % 12, cv::Scalar(i * 53 % 256, i * 29 % 256, i * 17 % 256),
                 -1);
      write_png(tiles() / ("tile-" + std::to_string(i) + ".png"), tile);
    }
    write_png(target(), photo({240, 160}));
  }

  std::filesystem::path tiles() const { return folder_ / "tiles"; }
  std::filesystem::path target() const { return folder_ / "beach.png"; }
  std::filesystem::path operator/(const std::filesystem::path& name) const {
    return folder_ / name;
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  Ended sweep(std::vector<std::string> more) const {
    std::vector<std::string> words = {"sweep", target(), "-t", tiles()};
    words.insert(words.end(), more.begin(), more.end());
    return run_smalti(words);
  }

  std::vector<ShownFrame> swept(const std::string& name, std::vector<std::string> more) const {
    more.insert(more.end(), {"-q", "-y", "-o", folder_ / name});
    const Ended ended = sweep(more);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    return shown_frames(folder_ / name);
  }

  cv::Mat image(int scale, std::vector<std::string> more = {"--enlarge", "1"}) const {
    std::vector<std::string> words = {"image",   target(),
                                      "-t",      tiles(),
                                      "--scale", std::to_string(scale),
                                      "-q",      "-y",
                                      "-o",      folder_ / "image.png"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = run_smalti(words);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    return read_png(folder_ / "image.png");
  }

 private:
  TempFolder folder_;
};

}  // namespace smalti::test
