#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "smalti/events.h"
#include "smalti/skipped_file.h"

/// Tile libraries: the small copies of many pictures and video frames, and what is known of each,
/// in one file (SQLite) that is built once and kept right. Several processes may build and use one
/// at a time; a process that is killed leaves one that the next goes on with.
namespace smalti {

/// What a build did, counted in files.
struct BuildSummary {
  std::size_t files = 0;      ///< found in the sources
  std::size_t unchanged = 0;  ///< known already, and not read
  std::size_t decoded = 0;
  std::size_t known = 0;    ///< read, and their content was known already
  std::size_t removed = 0;  ///< gone from the sources
  std::size_t tiles = 0;    ///< that the library has now
  std::vector<SkippedFile> skipped;
  bool stopped = false;  ///< events.stop became true; the rest is for the next build
};

struct TileJob {
  std::filesystem::path library;
  std::vector<std::filesystem::path> sources;
  bool all_frames = false;  ///< every picture of animations is a tile, not the first alone
  int threads = 0;          ///< 0: as many as processors
};

/// Makes the library hold what the sources (folders, pictures, videos) hold now, and no longer what
/// they have ceased to hold; what earlier builds took from other sources stays. Throws Error:
/// kMissingInput for a source that cannot be read, kBadInput for one that is a library itself and
/// for a damaged or another version's one at `library`, kCannotCreate for anything else there,
/// kInputOutput when it cannot be written to. What was written before stays whole.
BuildSummary build_tiles(const TileJob& job, const Events& events);

/// Hues of 30 degrees from red on (CIELAB), and before them the greys; lightness from dark to
/// light.
inline constexpr int kChartColumns = 13;
inline constexpr int kChartRows = 6;

struct LibraryInfo {
  std::uint64_t bytes = 0;
  std::vector<std::filesystem::path> roots;    ///< the sources it was built from
  std::size_t files = 0;                       ///< usable ones
  std::size_t videos = 0;                      ///< of these
  std::size_t pictures = 0;                    ///< thumbnails in use: pictures and video frames
  std::map<std::string, std::size_t> formats;  ///< usable files by format
  std::int64_t smallest_pixels = 0;            ///< of a usable file, and of the largest
  std::int64_t largest_pixels = 0;
  std::string first_taken;  ///< EXIF dates; empty where none has any
  std::string last_taken;
  std::size_t dated = 0;
  std::array<std::array<std::size_t, kChartColumns>, kChartRows> colors{};  ///< by mean colour
  std::vector<SkippedFile> damaged;  ///< used as far as they could be decoded
  std::vector<SkippedFile> skipped;
};

/// Throws Error as load_library does.
LibraryInfo inspect_library(const std::filesystem::path& library, const Events& events);

struct LibraryCheck {
  std::vector<std::string> complaints;  ///< none: all is as it was written
  std::size_t rows = 0;
};

/// Holds every row and SQLite's own structures against what they should be. Throws Error when it
/// cannot be read at all, or is none.
LibraryCheck check_library(const std::filesystem::path& library);

struct LibraryRepair {
  std::size_t kept = 0;  ///< rows
  std::size_t lost = 0;  ///< as far as the counts can be believed
};

/// Replaces the library by one of all rows that are whole and fit together; the next build makes
/// what is missing. Throws Error (kInputOutput) while others use it, kBadInput when nothing in it
/// can be read.
LibraryRepair repair_library(const std::filesystem::path& library);

struct ExportSummary {
  std::size_t written = 0;
  std::size_t there = 0;  ///< had been exported before
  bool stopped = false;
};

/// Writes every thumbnail as a picture file into the folder, which is made when it is missing.
/// Names carry the source's name, a video frame's time, and the content's hash. Throws Error as
/// load_library and OutputFile do.
ExportSummary export_library(const std::filesystem::path& library,
                             const std::filesystem::path& folder, const Events& events);

}  // namespace smalti
