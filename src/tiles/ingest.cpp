#include "smalti/ingest.h"

#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <iterator>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>

#include "smalti/error.h"
#include "smalti/image_loader.h"
#include "tiles/codecs.h"
#include "tiles/content_hash.h"
#include "tiles/input_file.h"
#include "tiles/walk.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;

constexpr int kThumbnailEdge = 128;

/// Enough to sniff any format; large files of other kinds are not read further.
constexpr std::size_t kHeadSize = 256;

/// In the message that there is no usable tile.
constexpr std::size_t kReasonsNamed = 3;

struct LoadedTile {
  Tile tile;
  std::array<std::int16_t, kDescriptorSize> descriptor{};
};

/// What became of a file; when nothing is set it was passed over.
struct Outcome {
  std::optional<LoadedTile> loaded;
  std::string skip_reason;
  std::string warning;
};

bool is_named_like_a_picture(const fs::path& path) {
  constexpr std::array<std::string_view, 13> kExtensions = {
      ".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",  ".webp", ".tif",
      ".tiff", ".bmp",  ".heic", ".heif", ".avif", ".gif"};
  std::string extension = path.extension().native();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

/// The whole file, or nothing when it lies in a folder and is none of our business.
std::optional<std::vector<std::uint8_t>> read_picture(const FoundFile& found) {
  InputFile file(found.path);
  std::vector<std::uint8_t> bytes;
  file.read_on(bytes, std::min(file.size(), kHeadSize));
  // An empty or mangled download still has its name, and the user wants to know.
  const bool meant_as_picture = found.named || is_named_like_a_picture(found.path);
  if (!sniff_image(bytes) && !meant_as_picture) return {};
  file.read_on(bytes, file.size());
  return bytes;
}

/// Such a tile would have no colour at all, and match black.
bool is_wholly_transparent(const Picture& picture, const Rect& crop) {
  if (!picture.format.alpha) return false;
  const Plane& alpha = picture.alpha();
  for (int y = crop.y; y < crop.y + crop.height; ++y) {
    const auto* row = alpha.row<const std::uint8_t>(y);
    for (int x = crop.x; x < crop.x + crop.width; ++x) {
      if (row[x * alpha.step] != 0) return false;
    }
  }
  return true;
}

/// Describes what the thumbnail decodes to, not the picture it was made of: that is what will be
/// shown, and what a library on disk can describe again.
LoadedTile make_tile(const fs::path& source, Bytes file, const Picture& picture, Aspect aspect) {
  LoadedTile made;
  made.tile.source = source;
  made.tile.thumbnail = make_thumbnail(picture, kThumbnailEdge);
  const Picture shown = decode_thumbnail(made.tile.thumbnail);
  const Rect crop = centre_crop(shown.size(), aspect);
  if (is_wholly_transparent(shown, crop)) throw BadPicture("wholly transparent");
  const ContentHash hash = content_hash(file);
  made.tile.id = {.hash_high = hash.high, .hash_low = hash.low, .crop = crop};
  const DescriptorTable described = describe(shown, crop);
  std::copy(described[0].begin(), described[0].end(), made.descriptor.begin());
  return made;
}

/// Whatever a single file does wrong stays its own affair: it must not end the run.
Outcome load_tile(const FoundFile& found, Aspect aspect) {
  Outcome outcome;
  try {
    const auto bytes = read_picture(found);
    if (!bytes) return outcome;
    const LoadedImage image = load_image(*bytes, {.long_edge = kThumbnailEdge, .limits = {}});
    outcome.loaded = make_tile(found.path, *bytes, image.picture, aspect);
    outcome.warning = image.warning;
  } catch (const BadPicture& bad) {
    outcome.skip_reason = bad.what();
  } catch (const std::bad_alloc&) {
    outcome.skip_reason = "not enough memory to decode it";
  } catch (const cv::Exception& error) {  // also how OpenCV says that memory ran out
    outcome.skip_reason = error.err;
  }
  return outcome;
}

std::vector<Outcome> load_in_parallel(const std::vector<FoundFile>& files, Aspect aspect,
                                      const Events& events) {
  std::vector<Outcome> outcomes(files.size());
  std::mutex reporting;
  Progress progress{.phase = Progress::Phase::kTiles, .done = 0, .total = files.size()};
  events.report(progress);
  // File by file: one may cost a thousand times what another does.
  const tbb::blocked_range<std::size_t> all(0, files.size(), 1);
  tbb::parallel_for(
      all,
      [&](const tbb::blocked_range<std::size_t>& range) {
        for (std::size_t i = range.begin(); i != range.end(); ++i) {
          if (events.stop_requested()) return;
          outcomes[i] = load_tile(files[i], aspect);
          const std::lock_guard lock(reporting);
          ++progress.done;
          events.report(progress);
        }
      },
      tbb::simple_partitioner());
  return outcomes;
}

/// Sorts by id and keeps of equal ones the one whose path comes first. Returns how many went.
std::size_t sort_and_keep_first(std::vector<LoadedTile>& loaded) {
  std::sort(loaded.begin(), loaded.end(), [](const LoadedTile& a, const LoadedTile& b) {
    return a.tile.id != b.tile.id ? a.tile.id < b.tile.id
                                  : a.tile.source.native() < b.tile.source.native();
  });
  const auto kept =
      std::unique(loaded.begin(), loaded.end(),
                  [](const LoadedTile& a, const LoadedTile& b) { return a.tile.id == b.tile.id; });
  const auto gone = static_cast<std::size_t>(std::distance(kept, loaded.end()));
  loaded.erase(kept, loaded.end());
  return gone;
}

TileSet make_set(std::vector<LoadedTile> loaded) {
  TileSet set;
  set.descriptors = DescriptorTable(loaded.size());
  set.tiles.reserve(loaded.size());
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    std::copy(loaded[i].descriptor.begin(), loaded[i].descriptor.end(), set.descriptors.row(i));
    set.tiles.push_back(std::move(loaded[i].tile));
  }
  return set;
}

std::string join_quoted(const std::vector<fs::path>& paths) {
  std::string joined;
  for (std::size_t i = 0; i < std::min(paths.size(), kReasonsNamed); ++i) {
    joined += fmt::format("{}'{}'", i == 0 ? "" : ", ", paths[i].native());
  }
  if (paths.size() > kReasonsNamed) {
    joined += fmt::format(" and {} more", paths.size() - kReasonsNamed);
  }
  return joined;
}

[[noreturn]] void no_usable_tile(const std::vector<fs::path>& sources, std::size_t looked_at,
                                 const std::vector<SkippedFile>& skipped) {
  std::string reasons;
  for (std::size_t i = 0; i < std::min(skipped.size(), kReasonsNamed); ++i) {
    reasons += fmt::format("{}{}: {}", i == 0 ? " (" : "; ", skipped[i].path.filename().native(),
                           skipped[i].reason);
  }
  if (skipped.size() > kReasonsNamed) reasons += "; ...";
  if (!reasons.empty()) reasons += ")";
  throw Error(
      ErrorKind::kBadInput,
      fmt::format("no usable tile in {}: {} file{} looked at, {} skipped{}", join_quoted(sources),
                  looked_at, looked_at == 1 ? "" : "s", skipped.size(), reasons),
      "Tiles are made of JPEG, PNG, WebP, TIFF, BMP, HEIC and AVIF files.");
}

}  // namespace

IngestResult load_tiles(const std::vector<fs::path>& sources, Aspect aspect, const Events& events) {
  FoundFiles found = find_files(sources, events);
  std::vector<Outcome> outcomes = load_in_parallel(found.files, aspect, events);

  IngestResult result;
  result.skipped = std::move(found.unreadable);
  std::vector<LoadedTile> loaded;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Outcome& outcome = outcomes[i];
    const fs::path& path = found.files[i].path;
    if (!outcome.warning.empty()) {
      events.warning(fmt::format("'{}' is damaged and used as far as it can be decoded ({})",
                                 path.native(), outcome.warning));
    }
    if (!outcome.skip_reason.empty()) result.skipped.push_back({path, outcome.skip_reason});
    if (outcome.loaded) loaded.push_back(std::move(*outcome.loaded));
  }
  std::sort(
      result.skipped.begin(), result.skipped.end(),
      [](const SkippedFile& a, const SkippedFile& b) { return a.path.native() < b.path.native(); });
  if (loaded.empty() && !events.stop_requested()) {
    no_usable_tile(sources, found.files.size(), result.skipped);
  }
  result.duplicates = sort_and_keep_first(loaded);
  result.tiles = make_set(std::move(loaded));
  return result;
}

Rect centre_crop(Size picture, Aspect aspect) {
  assert(aspect.width > 0 && aspect.height > 0);
  const auto share = [](std::int64_t side, std::int64_t of, std::int64_t to) {
    const std::int64_t length = (2 * side * of + to) / (2 * to);
    return static_cast<int>(std::clamp<std::int64_t>(length, 1, std::numeric_limits<int>::max()));
  };
  Rect crop;
  crop.width = std::min(picture.width, share(picture.height, aspect.width, aspect.height));
  crop.height = std::min(picture.height, share(picture.width, aspect.height, aspect.width));
  crop.x = (picture.width - crop.width) / 2;
  crop.y = (picture.height - crop.height) / 2;
  return crop;
}

}  // namespace smalti
