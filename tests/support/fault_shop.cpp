#include "support/fault_shop.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include "library/ingest.h"
#include "library/library_file.h"
#include "library/tile_library.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"
#include "support/clips.h"
#include "support/libraries.h"
#include "support/pictures.h"

namespace smalti::test {
namespace {

namespace fs = std::filesystem;

constexpr Aspect kAspect = {3, 4};
constexpr const char* kOld = "something older";

// Whose own calls cannot fail without ending the program, or without a word:
// - GDAL, which OpenCV sets up before it decodes its first picture, aborts without memory;
// - libavcodec takes want of memory for damage, loses frames that it has no memory to hand on, and
//   does not say why an encoder cannot be opened;
// - OpenCV's decoders take want of memory for a broken file;
// - oneTBB's flow graph is left half-changed where its nodes are joined and hand messages on;
// - libwebp and libavfilter crash where they use what they could not get;
// - libstdc++'s directory iterators and the destructor of nlohmann's JSON are noexcept and
// allocate.
constexpr const char* kSpared =
    "libgdal libopencv_imgcodecs libavcodec aggregator_generic libwebp.so libavfilter "
    "directory_iterator "
    "json_value7destroy";

Files files_in(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), folder).string()] = clips::read_bytes(entry.path());
  return files;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Whether the run told of something that it did without.
bool did_without(const std::string& said, const std::string& usual) {
  const std::set<std::string> known = lines_of(usual);
  const std::set<std::string> lines = lines_of(said);
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return says(line, "smalti: warning: ") && !known.contains(line);
  });
}

// Not while it was being made: then nothing has ever been in it, and whoever looks undoes that.
bool is_made(const fs::path& library) {
  if (!fs::exists(library) || fs::file_size(library) == 0) return false;
  try {
    library::LibraryFile::read(library);
    return true;
  } catch (const Error&) {
    return library::is_library(library);
  }
}

std::vector<WritingJob> all_jobs() {
  const auto still = [](std::vector<std::string> words) {
    words.insert(words.end(), {"-t", "in/tiles", "-j", "1", "-y"});
    return words;
  };
  return {
      {"video",
       still({"video", "in/clip.mp4", "--columns", "8", "--preset", "ultrafast", "--enlarge", "1",
              "-o", "out/o.mp4", "--report", "out/r.json", "--save-placements", "out/p.ndjson"}),
       {"o.mp4", "p.ndjson", "r.json"}},
      {"image",
       still({"image", "in/target.png", "--columns", "8", "-o", "out/o.jpg", "--save-placements",
              "out/p.ndjson"}),
       {"o.jpg", "p.ndjson"}},
      {"try",
       still({"try", "in/target.png", "--size", "64", "-o", "out/o.jpg", "--html", "out/o.html"}),
       {"o.jpg", "o.html"}},
      {"sweep",
       still({"sweep", "in/target.png", "--min-scale", "4", "--max-scale", "5", "-o", "out/o.gif"}),
       {"o.gif"}},
      {"explore",
       still({"explore", "in/target.png", "--max-scale", "2", "--size", "96", "--html",
              "out/o.html"}),
       {"o.html"}},
      {"animate", {"animate", "in/pictures", "-j", "1", "-y", "-o", "out/o.webp"}, {"o.webp"}},
      {"splice", {"splice", "in/clip.mp4", "--every", "0.3", "-j", "1", "-o", "out/spliced"}},
      {"build", {"tiles", "build", "in/tiles", "-o", "out/l"}, {}, "l", "in/part"},
      {"repair", {"tiles", "check", "--repair", "out/l"}, {}, "l", "in/damaged"},
      {"export", {"tiles", "export", "in/library", "out/tiles"}},
  };
}

}  // namespace

FaultShop::FaultShop() : jobs_(all_jobs()) {
  const fs::path in = folder_ / "in";
  for (const char* folder : {"in/pictures", "out"}) fs::create_directories(folder_ / folder);
  for (int i = 0; i < 5; ++i)
    write_file(in / fmt::format("tiles/{}.png", i), png_file(differing_photo(i)));
  write_file(in / "tiles/5.jpg", jpeg_file(differing_photo(5)));
  for (int i = 6; i < 9; ++i)
    write_file(in / fmt::format("pictures/{}.png", i), png_file(differing_photo(i)));
  write_file(in / "target.png", png_file(photo({96, 64})));
  clips::ClipOptions clip;
  clip.frames = 12;
  clip.fps = 10;
  clip.audio = {{}};
  clips::make_clip(in / "clip.mp4", clip);
  build(in / "library", {in / "tiles"});
  build(in / "part", {in / "pictures"});
  fs::copy_file(in / "library", in / "damaged");
  run_sql(in / "damaged", "UPDATE thumbnail SET data = x'00' WHERE id = 3");
  tiles_ = library::load_tiles({in / "tiles"}, kAspect, {}).tiles;
  inputs_ = files_in(in);
}

std::unique_ptr<FaultRig> FaultShop::rig(const WritingJob& job) const {
  return std::make_unique<FaultRig>(job.arguments, folder_.path(), folder_ / "cache", kSpared);
}

void FaultShop::clear(const WritingJob& job, bool old) const {
  for (const char* folder : {"out", "cache"}) fs::remove_all(folder_ / folder);
  fs::create_directory(folder_ / "out");
  for (const auto& [name, bytes] : old ? old_outputs(job) : Files{})
    clips::write_file(folder_ / "out" / name, bytes);
  if (old && job.name == "splice")
    fs::copy(folder_ / "begun", folder_ / "out", fs::copy_options::recursive);
  const bool must_be_there = job.name == "repair";
  if (!job.library.empty() && (old || must_be_there))
    fs::copy_file(folder_ / job.first_library, folder_ / "out" / job.library);
}

Files FaultShop::old_outputs(const WritingJob& job) const {
  Files files;
  for (const std::string& name : job.files) files[name] = kOld;
  return files;
}

// Without what is different each time: reports tell how long it took, and libraries when they were
// made. Splicing keeps account in a folder of its own.
Files FaultShop::outputs() const {
  Files files = files_in(folder_ / "out");
  std::erase_if(files, [](const auto& file) {
    return file.first == "l" || file.first.starts_with("l-") || file.first.ends_with(".json") ||
           says(file.first, ".smalti-");
  });
  return files;
}

std::vector<std::string> FaultShop::temporary_files() const {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files_in(folder_ / "out"))
    if (says(name, ".smalti-") && !name.ends_with(".smalti-splice/journal")) names.push_back(name);
  return names;
}

Files FaultShop::make_right(const WritingJob& job, FaultRig& rig) {
  CAPTURE(job.name);
  clear(job, false);
  const FaultRun run = rig.run();
  CAPTURE(run.said);
  REQUIRE(run.code == 0);
  usual_[job.name] = run.said;
  const Files right = outputs();
  if (job.name == "splice") {  // half done
    fs::copy(folder_ / "out", folder_ / "begun", fs::copy_options::recursive);
    for (const auto& [name, bytes] : right)
      if (name != right.begin()->first) fs::remove(folder_ / "begun" / name);
  }
  REQUIRE((right.empty() != job.library.empty() || job.name == "export" || job.name == "splice"));
  clear(job, true);
  REQUIRE(rig.run().code == 0);
  REQUIRE(outputs() == right);
  return right;
}

void FaultShop::check_end(const WritingJob& job, const FaultRun& run, const Files& right) const {
  CAPTURE(run.said);
  CHECK_FALSE(run.hung);
  CHECK_FALSE(run.killed);
  CHECK(std::set<int>{0, 1, 65, 66, 73, 74}.contains(run.code));
  check_stopped(job, run, right);
}

void FaultShop::check_stopped(const WritingJob& job, const FaultRun& run,
                              const Files& right) const {
  for (const std::string& name : temporary_files())  // splicing clears its folder when it begins
    CHECK(name.starts_with("spliced/.smalti-splice/"));
  if (run.code != 0) {
    CHECK(says(run.said, "smalti: error: "));
    check_whole(job, right);
    if (job.name == "repair") CHECK(clips::read_bytes(folder_ / "out/l") == inputs_.at("damaged"));
    return;
  }
  if (!did_without(run.said, usual_.at(job.name))) CHECK(outputs() == right);
  if (job.name == "repair") {  // as much was kept
    const std::set<std::string> lines = lines_of(run.said);
    const std::set<std::string> usual = lines_of(usual_.at(job.name));
    CHECK(std::includes(lines.begin(), lines.end(), usual.begin(), usual.end()));
  }
  check_library(job);
  check_cache();
}

void FaultShop::check_whole(const WritingJob& job, const Files& right) const {
  const Files old = old_outputs(job);
  for (const auto& [name, bytes] : outputs()) {
    CAPTURE(name);
    REQUIRE(right.contains(name));
    CHECK((bytes == right.at(name) || (old.contains(name) && bytes == old.at(name))));
  }
  check_library(job);
  check_cache();
}

void FaultShop::check_library(const WritingJob& job) const {
  const fs::path library = folder_ / "out" / job.library;
  if (job.library.empty() || !is_made(library)) return;
  const LibraryCheck check = smalti::check_library(library);
  if (job.name == "repair" && !check.complaints.empty()) return;  // not yet repaired
  CHECK(check.complaints == std::vector<std::string>{});
  // What it had, it has; what it lacks, the next build makes.
  build(library, {folder_ / "in/tiles"});
  CHECK(test::build(library, {folder_ / "in/tiles"}).decoded == 0);
  library::LibraryFile file = library::LibraryFile::read(library);
  CHECK(file.tally(library::Table::kThumbnail).rows >= static_cast<std::int64_t>(tiles_.size()));
}

void FaultShop::check_cache() const {
  if (!fs::exists(folder_ / "cache/smalti")) return;
  for (const auto& entry : fs::directory_iterator(folder_ / "cache/smalti"))
    if (entry.path().extension() == ".smalti" && is_made(entry.path()))
      CHECK(smalti::check_library(entry.path()).complaints == std::vector<std::string>{});
  library::TileOptions options;
  options.cache = folder_ / "cache/smalti";
  CHECK(
      same_tiles(library::load_tiles({folder_ / "in/tiles"}, kAspect, {}, options).tiles, tiles_));
}

void FaultShop::check_next(const WritingJob& job, FaultRig& rig, const Files& right) const {
  const FaultRun run = rig.run();
  CAPTURE(run.said);
  CHECK(run.code == 0);
  CHECK(outputs() == right);
  CHECK(temporary_files() == std::vector<std::string>{});
  check_library(job);
  check_cache();
}

void FaultShop::check_inputs() const {
  const Files now = files_in(folder_ / "in");
  for (const auto& [name, bytes] : inputs_) {
    CAPTURE(name);
    CHECK(now.contains(name));
    if (now.contains(name)) CHECK(now.at(name) == bytes);
  }
  CHECK(now.size() == inputs_.size());
}

std::vector<std::int64_t> spread(std::int64_t count, std::int64_t wanted) {
  std::vector<std::int64_t> numbers;
  wanted = std::min(count, wanted);
  for (std::int64_t i = 0; i < wanted; ++i)
    numbers.push_back(1 + (2 * i + 1) * count / (2 * wanted));
  return numbers;
}

}  // namespace smalti::test
