#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "media/log.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti::test {

/// What the program is given, how it must end, and part of what it must say. One row is one
/// promise: it ends by itself, in time and within memory; after any failure nothing is at the
/// output's name or beside it; after a success the output plays.
struct HardCase {
  std::string given;
  std::vector<std::string> arguments;
  int code = 0;
  std::string says = {};
};

/// A folder with a small clip and a few tiles that are all right, to be put beside what is not, and
/// an empty folder for outputs.
class HardShop {
 public:
  HardShop();

  std::string operator/(const std::string& name) const { return (folder_ / name).string(); }
  std::string clip() const { return *this / "clip.mp4"; }  ///< a second with sound, header first
  std::string tiles() const { return *this / "tiles"; }
  std::string output(const std::string& name = "mosaic.mp4") const;

  /// What is in the folder of outputs.
  std::vector<std::string> outputs() const;

  /// The arguments of a quick run to output().
  std::vector<std::string> job(const std::string& target, const std::string& tile_source,
                               std::vector<std::string> more = {}) const;
  std::vector<std::string> job_to(const std::string& file,
                                  std::vector<std::string> more = {}) const;

  /// Runs a case and checks all that it promises; returns what was said. Whatever it left in the
  /// folder of outputs is removed.
  Ended meet(const HardCase& c, RunOptions options = {}) const;
  void meet_all(const std::vector<HardCase>& cases) const;

 private:
  TempFolder folder_;
  media::LogCapture silence_{Events()};  ///< of the libraries that make and probe clips here
};

bool says(const std::string& text, const std::string& part);

/// The ffmpeg program, which must succeed.
void ffmpeg(std::vector<std::string> arguments);

/// Limits of every row: nothing said for that long is a hang.
inline constexpr double kSilence_s = kSanitized ? 100 : 25;
inline constexpr std::uint64_t kMostBytes = std::uint64_t{2'000'000'000} * (kSanitized ? 4 : 1);

}  // namespace smalti::test
