#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti::test {

/// A folder with a clip of five seconds with sound and a few tiles, made by the ffmpeg program.
class Workshop {
 public:
  Workshop() {
    std::filesystem::create_directory(tiles());
    make({"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=5", "-f", "lavfi", "-i",
          "sine=duration=5", "-shortest", "-pix_fmt", "yuv420p", clip()});
    make({"-f", "lavfi", "-i", "gradients=size=96x128:seed=3:duration=1:rate=12:speed=1",
          "-pix_fmt", "rgb24", tiles() / "tile-%02d.png"});
  }

  std::filesystem::path clip() const { return folder_ / "clip.mp4"; }
  std::filesystem::path tiles() const { return folder_ / "tiles"; }
  std::filesystem::path operator/(const std::filesystem::path& name) const {
    return folder_ / name;
  }

  Ended video(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"video", clip(),     "--tiles",
                                          tiles(), "--preset", "ultrafast"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_smalti(arguments);
  }

  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

 private:
  static void make(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"ffmpeg", "-v", "error", "-y"});
    const Ended ended = run_program(arguments);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
  }

  TempFolder folder_;
};

inline bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace smalti::test
