#include "base/output_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/output_handle.h"
#include "smalti/error.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;

void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

ErrorKind kind_of_failure(const fs::path& path, bool overwrite) {
  try {
    OutputFile file(path, overwrite);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind{0};
}

TEST_CASE("a file appears whole at its name, and nothing is left beside it") {
  const TempFolder folder;
  const fs::path name = folder / "out file.mp4";
  {
    OutputFile file(name, false);
    write(file.path(), "whole");
    CHECK_FALSE(fs::exists(name));
    file.commit();
  }
  CHECK(read(name) == "whole");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("without a commit nothing is left, and an old file stays as it was") {
  const TempFolder folder;
  const fs::path name = folder / "out.mp4";
  write(name, "old");
  {
    OutputFile file(name, true);
    write(file.path(), "half");
  }
  CHECK(read(name) == "old");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a file of known bytes is written in one go, or nothing") {
  const TempFolder folder;
  const std::string bytes("a\0b\n", 4);
  write_file(folder / "out.bin", false, bytes);
  CHECK(read(folder / "out.bin") == bytes);
  CHECK_THROWS_AS(write_file(folder / "out.bin", false, "new"), Error);
  CHECK(read(folder / "out.bin") == bytes);
  write_file(folder / "out.bin", true, "");
  CHECK(read(folder / "out.bin").empty());
  CHECK(entries(folder.path()) == 1);
  try {
    write_file("/dev/full", false, "more than fits");
    FAIL("a full device took it");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kInputOutput);
    CHECK(std::string(error.what()) == "cannot write '/dev/full': No space left on device");
    CHECK(error.hint() == "make room on the disk, or write elsewhere");
  }
}

TEST_CASE("what is in the way is refused before work") {
  const TempFolder folder;
  write(folder / "there.mp4", "old");
  fs::create_directory(folder / "folder");
  CHECK(kind_of_failure(folder / "there.mp4", false) == ErrorKind::kCannotCreate);
  CHECK(kind_of_failure(folder / "there.mp4", true) == ErrorKind{0});
  CHECK(kind_of_failure(folder / "folder", true) == ErrorKind::kCannotCreate);
  CHECK(kind_of_failure(folder / "missing" / "out.mp4", false) == ErrorKind::kCannotCreate);
  CHECK(kind_of_failure(folder / "there.mp4" / "out.mp4", false) == ErrorKind::kCannotCreate);
}

TEST_CASE("a file that appears meanwhile is not overwritten") {
  const TempFolder folder;
  const fs::path name = folder / "out.mp4";
  OutputFile file(name, false);
  write(file.path(), "ours");
  write(name, "theirs");
  CHECK_THROWS_AS(file.commit(), Error);
  CHECK(read(name) == "theirs");
}

TEST_CASE("temporary files of killed runs are removed, those of living ones kept") {
  const TempFolder folder;
  const fs::path name = folder / "out.mp4";
  OutputFile living(name, false);
  const fs::path stale = folder / ".out.mp4.smalti-1-0";
  write(stale, "left behind");
  write(folder / ".other.mp4.smalti-1-0", "another output's");
  const OutputFile next(name, false);
  CHECK_FALSE(fs::exists(stale));
  CHECK(fs::exists(living.path()));
  CHECK(fs::exists(folder / ".other.mp4.smalti-1-0"));
}

TEST_CASE("nobody can be there first, and a link in the place of what was made is not followed") {
  const TempFolder folder;
  const fs::path name = folder / "out.mp4";
  std::string first_name;
  {
    const OutputFile first(name, false);
    first_name = first.path().filename();
  }
  const OutputFile file(name, false);
  // What the two have in common says nothing of the next.
  const std::string second_name = file.path().filename();
  const auto [at, _] = std::mismatch(first_name.begin(), first_name.end(), second_name.begin());
  CHECK(std::distance(at, first_name.end()) >= 12);

  write(folder / "victim", "precious");
  fs::remove(file.path());
  fs::create_symlink(folder / "victim", file.path());
  CHECK_THROWS_AS(OutputHandle{file}, Error);
  CHECK(read(folder / "victim") == "precious");
}

TEST_CASE("a link stays a link to the file that is replaced") {
  const TempFolder folder;
  write(folder / "real.mp4", "old");
  fs::create_symlink("real.mp4", folder / "link.mp4");
  {
    OutputFile file(folder / "link.mp4", true);
    write(file.path(), "new");
    file.commit();
  }
  CHECK(fs::is_symlink(folder / "link.mp4"));
  CHECK(read(folder / "real.mp4") == "new");
}

TEST_CASE("devices and FIFOs are written in place and never removed") {
  {
    OutputFile device("/dev/null", false);
    CHECK(device.in_place());
    CHECK(device.path() == "/dev/null");
  }
  CHECK(fs::exists("/dev/null"));

  const TempFolder folder;
  const fs::path fifo = folder / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  {
    OutputFile file(fifo, true);
    CHECK(file.in_place());
    file.commit();
  }
  CHECK(fs::is_fifo(fifo));
}

TEST_CASE("one file is known under all its names") {
  const TempFolder folder;
  write(folder / "a", "x");
  write(folder / "b", "x");
  fs::create_symlink("a", folder / "soft");
  fs::create_hard_link(folder / "a", folder / "hard");
  CHECK(same_file(folder / "a", folder / "soft"));
  CHECK(same_file(folder / "a", folder / "hard"));
  CHECK_FALSE(same_file(folder / "a", folder / "b"));
  CHECK_FALSE(same_file(folder / "a", folder / "missing"));
}

}  // namespace
}  // namespace smalti
