#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <set>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

#include "base/output_file.h"
#include "images/image_loader.h"
#include "library/library_file.h"
#include "library/library_rows.h"
#include "library/tile_library.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;

// Below this distance from grey, in CIELAB, a hue says little.
constexpr double kGreyChroma = 10;

struct Place {
  std::size_t row;
  std::size_t column;
};

/// Where a tile's mean colour lies in the chart.
Place place_of(match::Descriptor tile) {
  std::array<double, 3> mean{};
  for (std::size_t i = 0; i < tile.size(); ++i) mean[i % 3] += tile[i];
  for (double& value : mean) value /= match::kBlocks * color::kLabScale;
  const auto row = static_cast<int>(mean[0] / 100 * kChartRows);
  Place place{static_cast<std::size_t>(std::clamp(row, 0, kChartRows - 1)), 0};
  if (std::hypot(mean[1], mean[2]) < kGreyChroma) return place;
  const double degrees = std::atan2(mean[2], mean[1]) * 180 / std::numbers::pi;
  const auto sector = static_cast<int>(std::floor((degrees + 360 + 15) / 30)) % (kChartColumns - 1);
  place.column = static_cast<std::size_t>(sector + 1);
  return place;
}

void count_source(const SourceRow& source, bool named, LibraryInfo& info) {
  const SourceFacts& facts = source.facts;
  if (!facts.is_usable()) {
    if (facts.state != SourceState::kForeign || is_meant(source.path, named))
      info.skipped.push_back({source.path, facts.remark});
    return;
  }
  if (facts.state == SourceState::kDamaged) info.damaged.push_back({source.path, facts.remark});
  ++info.files;
  ++info.formats[facts.format];
  if (facts.kind == SourceKind::kVideo) ++info.videos;
  const std::int64_t pixels = std::int64_t{facts.size.width} * facts.size.height;
  info.smallest_pixels = info.files == 1 ? pixels : std::min(info.smallest_pixels, pixels);
  info.largest_pixels = std::max(info.largest_pixels, pixels);
  if (facts.taken.empty()) return;
  ++info.dated;
  if (info.first_taken.empty() || facts.taken < info.first_taken) info.first_taken = facts.taken;
  info.last_taken = std::max(info.last_taken, facts.taken);
}

void chart(match::Descriptor tile, LibraryInfo& info) {
  const Place place = place_of(tile);
  ++info.colors[place.row][place.column];
}

/// Counts the pictures, and charts them as far as all are described already.
bool chart_known(LibraryFile& library, LibraryInfo& info) {
  const Descriptions kept(library, tiles::DescribeOptions{});
  bool complete = true;
  for (const PictureRow& picture : all_pictures(library)) {
    if (picture.orphaned_s != 0) continue;
    ++info.pictures;
    const char* found = complete ? kept.find(picture.thumbnail_hash) : nullptr;
    complete = found != nullptr;
    if (!complete) continue;
    const tiles::Description description = kept.read(found);
    if (!description.transparent) chart(description.descriptor, info);
  }
  return complete;
}

void chart_anew(const fs::path& library, const Events& events, LibraryInfo& info) {
  info.colors = {};
  Events quiet = events;
  quiet.warn = nullptr;  // it is all in the answer
  const IngestResult tiles = load_library(library, Aspect{}, quiet);
  for (std::size_t i = 0; i < tiles.tiles.size(); ++i) chart(tiles.tiles.descriptors[i], info);
}

void sort_by_path(std::vector<SkippedFile>& files) {
  std::sort(files.begin(), files.end(), [](const SkippedFile& a, const SkippedFile& b) {
    return a.path.native() < b.path.native();
  });
}

/// A name to be seen in any folder and typed in any shell, whatever the library calls its source:
/// no dots or dashes in front, no control characters.
std::string plain_stem(const fs::path& source) {
  constexpr std::size_t kLongest = 160;
  std::string stem = source.stem().native();
  stem.erase(0, std::min(stem.find_first_not_of(".-"), stem.size()));
  if (stem.empty()) stem = "picture";
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  std::replace_if(stem.begin(), stem.end(), is_control, '_');
  return stem.substr(0, kLongest);
}

/// "beach-0012.500s-3f2a...": names of files cannot be longer than 255 bytes.
std::string export_name(const tiles::Tile& tile, bool webp) {
  std::string name = plain_stem(tile.source);
  if (tile.is_video_frame || tile.id.timestamp_us > 0)
    name += fmt::format("-{:010.3f}s", static_cast<double>(tile.id.timestamp_us) / 1e6);
  return fmt::format("{}-{:016x}.{}", name, tile.id.hash_high, webp ? "webp" : "jpg");
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (fs::is_directory(folder)) return;
  throw Error(ErrorKind::kCannotCreate,
              fmt::format("cannot make the folder '{}': {}", folder.native(),
                          error ? error.message() : "something else is there"),
              "choose another name");
}

}  // namespace

}  // namespace smalti::library

namespace smalti {

using namespace library;

LibraryInfo inspect_library(const std::filesystem::path& path, const Events& events) {
  LibraryInfo info;
  std::error_code error;
  for (const std::filesystem::path& file : library::files_of_library(path)) {
    const auto size = std::filesystem::file_size(file, error);
    if (!error) info.bytes += size;
  }
  library::LibraryFile library = library::LibraryFile::read(path);
  bool charted = false;
  {
    const library::Snapshot snapshot(library);
    std::set<std::string> roots;
    for (std::string& root : library::all_roots(library)) roots.insert(std::move(root));
    info.roots.assign(roots.begin(), roots.end());
    for (const library::SourceRow& source : library::all_sources(library))
      count_source(source, roots.contains(source.path), info);
    charted = chart_known(library, info);
  }
  sort_by_path(info.damaged);
  sort_by_path(info.skipped);
  if (!charted) chart_anew(path, events, info);
  return info;
}

ExportSummary export_library(const std::filesystem::path& library,
                             const std::filesystem::path& folder, const Events& events) {
  const library::IngestResult loaded = library::load_library(library, Aspect{}, events);
  make_folder(folder);
  ExportSummary summary;
  Progress progress{.phase = Progress::Phase::kTiles, .done = 0, .total = loaded.tiles.size()};
  for (const tiles::Tile& tile : loaded.tiles.tiles) {
    summary.stopped = events.stop_requested();
    if (summary.stopped) break;
    const std::vector<std::uint8_t> thumbnail = tiles::thumbnail_of(tile);
    const std::filesystem::path file =
        folder / export_name(tile, images::sniff_image(thumbnail) == images::ImageFormat::kWebp);
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) {
      ++summary.there;
    } else {
      write_file(file, true, {reinterpret_cast<const char*>(thumbnail.data()), thumbnail.size()});
      ++summary.written;
    }
    ++progress.done;
    events.report(progress);
  }
  return summary;
}

}  // namespace smalti
