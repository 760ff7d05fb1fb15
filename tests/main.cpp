#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "support/temp_folder.h"

// The user's own cache is none of the tests' business, nor of the programs they start.
int main(int argc, char** argv) {
  const smalti::test::TempFolder cache;
  ::setenv("XDG_CACHE_HOME", cache.path().c_str(), 1);
  return doctest::Context(argc, argv).run();
}
