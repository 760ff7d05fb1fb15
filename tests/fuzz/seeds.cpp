// `smalti_fuzz_seeds` lists the targets; with a target's name and a folder, it fills that with what
// the target begins with.

#include <doctest/doctest.h>

#include <iostream>
#include <string_view>

#include "fuzz/feed.h"

namespace smalti::fuzz {
namespace {

int list() {
  for (const Target& target : targets()) std::cout << target.name << '\n';
  return 0;
}

int write(std::string_view name, const std::filesystem::path& folder) {
  for (const Target& target : targets()) {
    if (target.name != name) continue;
    int number = 0;
    for (const Input& seed : target.seeds())
      write_bytes(folder / ("seed-" + std::to_string(number++)), seed);
    return 0;
  }
  return 2;
}

}  // namespace
}  // namespace smalti::fuzz

int main(int argc, char** argv) {
  // What tests make their files with checks itself by doctest.
  doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  context.setAssertHandler([](const doctest::AssertData& data) {
    std::cerr << "this failed: " << data.m_expr << '\n';
    std::abort();
  });
  return argc < 3 ? smalti::fuzz::list() : smalti::fuzz::write(argv[1], argv[2]);
}
