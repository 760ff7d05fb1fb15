#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "smalti/splice.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti::test {

/// A folder for videos and what is spliced of them.
class SpliceShop {
 public:
  std::filesystem::path operator/(const std::filesystem::path& name) const {
    return folder_ / name;
  }

  /// A video by the ffmpeg program out of its own filters; `how` goes before the name.
  std::filesystem::path video(const std::string& name, const std::string& source,
                              const std::vector<std::string>& how = {}) const;

  /// `smalti splice VIDEO... -o OUT`, without progress.
  Ended splice(const std::vector<std::string>& videos, const std::string& out,
               const std::vector<std::string>& more = {}) const;

 private:
  TempFolder folder_;
};

/// The bytes of the pictures in a folder, by name. Hidden files do not count.
std::map<std::string, std::string> pictures_in(const std::filesystem::path& folder);
std::vector<std::string> spliced_names(const std::filesystem::path& folder);

/// Seconds, from "clip-00-01-02.500.jpg" or "clip-00-01-02.500-1.jpg".
double time_in(const std::string& name);

}  // namespace smalti::test
