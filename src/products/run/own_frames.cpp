#include "products/run/own_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/wording.h"
#include "library/source_file.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
constexpr double kLongestSpan = 1e6;  // seconds

[[noreturn]] void refuse(const std::string& why, const std::string& hint) {
  throw Error(ErrorKind::kUsage, why, hint);
}

// Times of the target's frames among the tiles, where a tile is one.
std::vector<std::int64_t> times_of(const tiles::TileSet& tiles, const fs::path& target) {
  const bool from_videos = std::any_of(tiles.tiles.begin(), tiles.tiles.end(),
                                       [](const tiles::Tile& tile) { return tile.is_video_frame; });
  std::error_code error;
  const bool by_content = from_videos && fs::is_regular_file(target, error);
  const ContentHash hash = by_content ? library::hash_file(target) : ContentHash{};
  std::vector<std::int64_t> times;
  for (const tiles::Tile& tile : tiles.tiles) {
    std::int64_t time = kNone;
    if (tile.is_video_frame) {
      if (by_content && hash == ContentHash{tile.id.hash_high, tile.id.hash_low})
        time = tile.id.timestamp_us;
    } else if (const auto seconds = spliced_time_s(tile.source, target)) {
      time = std::llround(*seconds * 1e6);
    }
    times.push_back(time);
  }
  return times;
}

// How many of these times lie within the span of one moment at the most.
std::size_t most_within(std::vector<std::int64_t> times, std::int64_t span_us) {
  std::sort(times.begin(), times.end());
  std::size_t most = 0;
  auto first = std::upper_bound(times.begin(), times.end(), kNone);
  for (auto last = first; last != times.end(); ++last) {
    while (*last - *first > 2 * span_us) ++first;
    most = std::max(most, static_cast<std::size_t>(last - first) + 1);
  }
  return most;
}

// One time for each picture, whatever tiles it gave.
std::vector<std::int64_t> by_picture(const std::vector<std::int64_t>& times,
                                     const tiles::Pictures& pictures) {
  std::vector<std::int64_t> once(pictures.count, kNone);
  for (std::size_t i = 0; i < times.size(); ++i) once[pictures.of_tile[i]] = times[i];
  return once;
}

std::vector<std::string> parted(const std::string& text, char mark) {
  std::vector<std::string> parts;
  std::istringstream rest(text);
  for (std::string part; std::getline(rest, part, mark);) parts.push_back(part);
  if (text.empty() || text.back() == mark) parts.emplace_back();
  return parts;
}

bool consists_of(const std::string& text, const char* digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string::npos;
}

bool is_number(const std::string& text) { return consists_of(text, "0123456789"); }

bool is_mark(const std::string& text) {
  return text.size() == 8 && consists_of(text, "0123456789abcdef");
}

// "SS.mmm"
bool is_seconds(const std::string& text) {
  return text.size() == 6 && text[2] == '.' && is_number(text.substr(0, 2)) &&
         is_number(text.substr(3));
}

}  // namespace

// What splicing names a picture: the video's name, a mark of eight hexadecimal digits where several
// have that name, the time, and the number of a crop: NAME[-1f2e3d4c]-HH-MM-SS.mmm[-C].
std::optional<double> spliced_time_s(const fs::path& picture, const fs::path& video) {
  const std::string name = picture.stem().string();
  const std::string stem = video.stem().string();
  if (!name.starts_with(stem + '-')) return std::nullopt;
  std::vector<std::string> parts = parted(name.substr(stem.size() + 1), '-');
  if (is_mark(parts.front()) && parts.size() > 3 && is_seconds(parts[3]))
    parts.erase(parts.begin());
  const bool is_one = (parts.size() == 3 || (parts.size() == 4 && is_number(parts[3]))) &&
                      is_number(parts[0]) && parts[0].size() >= 2 && is_number(parts[1]) &&
                      parts[1].size() == 2 && is_seconds(parts[2]);
  if (!is_one) return std::nullopt;
  return std::stod(parts[0]) * 3600 + std::stod(parts[1]) * 60 + std::stod(parts[2]);
}

OwnFrames::OwnFrames(const tiles::TileSet& tiles, const fs::path& target, double span_s,
                     const SelectOptions& select, const match::NearDuplicates& near,
                     std::size_t cells)
    : times_us_(times_of(tiles, target)),
      span_us_(std::llround(std::clamp(span_s, 0.0, kLongestSpan) * 1e6)),
      most_left_out_(most_within(by_picture(times_us_, tiles::pictures_of(tiles)), span_us_)) {
  if (!(span_s > 0 && span_s <= kLongestSpan))
    refuse(fmt::format("{} {} has no meaning", worded("{exclude-near}"), span_s),
           "choose seconds above 0");
  if (select.unique || select.use_all)
    refuse(worded("{exclude-near} contradicts rules that need every tile"),
           worded("leave out {unique} and {use-all}, or {exclude-near}"));
  if (most_left_out_ == 0)
    refuse(
        worded("{exclude-near} has no effect: no tile is a frame of the target"),
        worded(
            "give the target itself to {tiles}, or pictures that `{command splice}` made of it"));
  const std::size_t left = tiles.size() - most_within(times_us_, span_us_);
  if (left == 0)
    refuse(fmt::format("{} {} leaves no tile at times", worded("{exclude-near}"), span_s),
           "take fewer seconds, or more tiles");
  const auto uses = static_cast<std::uint64_t>(select.max_uses.value_or(1));
  const std::size_t different = near.groups(tiles.size());
  const std::size_t certain = different > most_left_out_ ? different - most_left_out_ : 0;
  if (select.max_uses && uses * certain < cells)
    refuse(fmt::format("{} cells cannot be filled with {}{} tiles and {} {}", cells, certain,
                       different < tiles.size() ? " different" : "", worded("{max-uses}"), uses),
           worded("take fewer cells, more tiles or uses, or fewer seconds for {exclude-near}"));
  if (static_cast<std::size_t>(select.best_k) > left)
    refuse(fmt::format("each cell cannot choose from {} tiles: at times there are {}",
                       select.best_k, left),
           worded("take a smaller {best-k}, or fewer seconds for {exclude-near}"));
}

match::TileFilter OwnFrames::at(double seconds) const {
  const std::int64_t now = std::llround(seconds * 1e6);
  return [this, now](match::TileNumber tile) {
    const std::int64_t time = times_us_[static_cast<std::size_t>(tile)];
    return time == kNone || std::abs(time - now) > span_us_;
  };
}

}  // namespace smalti
