#include "support/spliced.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <regex>

#include "support/clips.h"

namespace smalti::test {
namespace fs = std::filesystem;

fs::path SpliceShop::video(const std::string& name, const std::string& source,
                           const std::vector<std::string>& how) const {
  const fs::path path = folder_ / name;
  fs::create_directories(path.parent_path());
  std::vector<std::string> words = {"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source};
  words.insert(words.end(), how.begin(), how.end());
  words.push_back(path);
  const Ended ended = run_program(words);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  return path;
}

Ended SpliceShop::splice(const std::vector<std::string>& videos, const std::string& out,
                         const std::vector<std::string>& more) const {
  std::vector<std::string> words = {"splice"};
  words.insert(words.end(), videos.begin(), videos.end());
  words.insert(words.end(), {"--output", (folder_ / out).string(), "--progress", "off"});
  words.insert(words.end(), more.begin(), more.end());
  return run_smalti(words);
}

std::map<std::string, std::string> pictures_in(const fs::path& folder) {
  std::map<std::string, std::string> pictures;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.')) pictures[name] = clips::read_bytes(entry.path());
  }
  return pictures;
}

std::vector<std::string> spliced_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : pictures_in(folder)) names.push_back(name);
  return names;
}

double time_in(const std::string& name) {
  static const std::regex kForm(R"(.*-(\d+)-(\d\d)-(\d\d\.\d{3})(-\d+)?\.jpg)");
  std::smatch match;
  REQUIRE(std::regex_match(name, match, kForm));
  return std::stod(match[1]) * 3600 + std::stod(match[2]) * 60 + std::stod(match[3]);
}

}  // namespace smalti::test
