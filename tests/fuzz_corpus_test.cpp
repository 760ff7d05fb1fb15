// What `tools/fuzz` has found, and what it begins with, through the same readers once more.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "fuzz/feed.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using fuzz::Input;
using fuzz::Target;

std::vector<fs::path> findings_of(const Target& target) {
  const fs::path folder = fs::path(SMALTI_FUZZ_FINDINGS) / target.name;
  std::vector<fs::path> files;
  std::error_code none;  // most have no folder
  for (const auto& entry : fs::directory_iterator(folder, none)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST_CASE("what was found once is read as it should be") {
  for (const Target& target : fuzz::targets()) {
    for (const fs::path& file : findings_of(target)) {
      INFO(file.string());
      const Input input = fuzz::read_bytes(file);
      CHECK_NOTHROW(target.run(input.data(), input.size()));
    }
  }
}

TEST_CASE("every finding belongs to a target") {
  std::set<std::string> names;
  for (const Target& target : fuzz::targets()) names.insert(target.name);
  for (const auto& entry : fs::directory_iterator(SMALTI_FUZZ_FINDINGS)) {
    CAPTURE(entry.path().string());
    CHECK(names.contains(entry.path().filename().string()));
    CHECK_FALSE(fs::is_empty(entry.path()));
  }
}

TEST_CASE("targets read what they begin with, whole and cut short") {
  for (const Target& target : fuzz::targets()) {
    CAPTURE(target.name);
    const std::vector<Input> seeds = target.seeds();
    CHECK_FALSE(seeds.empty());
    for (const Input& seed : seeds) {
      CHECK_NOTHROW(target.run(seed.data(), seed.size()));
      CHECK_NOTHROW(target.run(seed.data(), seed.size() * 3 / 4));
    }
  }
}

}  // namespace
}  // namespace smalti
