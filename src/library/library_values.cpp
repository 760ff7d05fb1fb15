#include "library/library_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "images/codecs.h"
#include "images/orientation.h"
#include "library/source_file.h"
#include "match/descriptor.h"

namespace smalti::library {
namespace {

using sqlite::Statement;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMostPixelsAcross = std::numeric_limits<int>::max();
constexpr std::int64_t kHashBytes = 16;

// A thumbnail that cannot be compressed at all takes 64 kB and its headers.
constexpr std::size_t kLargestThumbnail = 256 * 1024;

// Of all colours of sRGB in all spaces, as descriptors have them, with some room: lightness (red)
// lies from 0 to 1600, what comes after it within +-1728. Two colours are then less than 2^12.5
// apart, and the distance of two descriptors of any width stays below 2^31.
constexpr int kDarkest = -16;
constexpr int kLightest = 1616;
constexpr int kMostChroma = 1740;
static_assert((kLightest - kDarkest) * (kLightest - kDarkest) +
                  2 * (2 * kMostChroma) * (2 * kMostChroma) <=
              1 << 25);

/// A row's columns one after another.
class Columns {
 public:
  explicit Columns(const Statement& row) : row_(row) {}

  bool number(std::int64_t least, std::int64_t most) {
    const std::int64_t value = row_.integer(next_);
    return row_.type(next_++) == SQLITE_INTEGER && value >= least && value <= most;
  }
  bool any_number() { return row_.type(next_++) == SQLITE_INTEGER; }
  bool content_hash() {
    return row_.type(next_) == SQLITE_BLOB && row_.bytes(next_++).size() == kHashBytes;
  }
  /// Bytes that go to the system as a path, which ends at the first NUL.
  bool path() {
    const std::string_view path = row_.bytes(next_);
    return row_.type(next_++) == SQLITE_BLOB && !path.empty() &&
           path.find('\0') == std::string_view::npos;
  }
  std::optional<std::string_view> text() {
    if (row_.type(next_) != SQLITE_TEXT) return std::nullopt;
    return row_.bytes(next_++);
  }
  std::optional<std::string_view> blob() {
    if (row_.type(next_) != SQLITE_BLOB) return std::nullopt;
    return row_.bytes(next_++);
  }

 private:
  const Statement& row_;
  int next_ = 0;
};

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_date(std::string_view text) {
  return text.empty() || images::checked_exif_date(text) == text;
}

bool is_possible_source(Columns c) {
  if (!c.any_number() || !c.path() || !c.number(0, kMost)) return false;          // id, path, size
  if (!c.any_number() || !c.any_number() || !c.any_number()) return false;        // times, inode
  if (!c.number(0, kMost) || !c.content_hash() || !c.number(0, 3)) return false;  // scanned, kind
  const auto format = c.text();
  if (!format || has_controls(*format)) return false;
  if (!c.number(0, kMostPixelsAcross) || !c.number(0, kMostPixelsAcross)) return false;
  if (!c.number(1, 8)) return false;  // orientation
  const auto taken = c.text();
  if (!taken || !is_date(*taken)) return false;
  if (!c.number(0, kMost) || !c.number(0, kMost) || !c.number(0, 4)) return false;  // to the state
  const auto remark = c.text();
  return remark && remark->find('\0') == std::string_view::npos;
}

bool is_possible_picture(Columns c) {
  return c.any_number() && c.content_hash() && c.number(0, kMost) &&
         c.number(1, images::kThumbnailEdge) && c.number(1, images::kThumbnailEdge) &&
         c.any_number() && c.any_number() && c.number(0, kMost);
}

bool is_possible_thumbnail(Columns c) {
  if (!c.any_number()) return false;
  const auto data = c.blob();
  return data && data->size() <= kLargestThumbnail &&
         images::thumbnail_size(
             {reinterpret_cast<const std::uint8_t*>(data->data()), data->size()});
}

bool is_possible_description(const char* description, std::size_t bytes) {
  std::int16_t transparent = 0;
  std::memcpy(&transparent, description + kFlagAt, sizeof(transparent));
  if (transparent != 0 && transparent != 1) return false;
  std::array<std::int16_t, 3> color{};
  for (std::size_t at = kColorsAt; at < bytes; at += sizeof(color)) {
    std::memcpy(color.data(), description + at, sizeof(color));
    const auto [first, second, third] = color;
    if (first < kDarkest || first > kLightest || second < -kMostChroma || second > kMostChroma ||
        third < -kMostChroma || third > kMostChroma)
      return false;
  }
  return true;
}

constexpr std::array kSizes = {1, 2, 4, 6, 8};
constexpr std::array kSpaces = {ColorSpace::kLab, ColorSpace::kOklab, ColorSpace::kRgb,
                                ColorSpace::kLinear};
constexpr std::array kFeatures = {Feature::kPatch, Feature::kMean, Feature::kDominant,
                                  Feature::kPalette};

/// Of one description by the name of its configuration; 0 for a name that smalti does not give.
std::size_t description_bytes(std::string_view configuration) {
  if (configuration.find(" feature=") == std::string_view::npos)
    return library::description_bytes(MatchOptions{});
  for (const int size : kSizes) {
    for (const ColorSpace space : kSpaces) {
      for (const Feature feature : kFeatures) {
        const MatchOptions match{size, space, feature};
        const std::string name = name_in_configuration(match);
        if (!name.empty() && configuration.ends_with(name))
          return library::description_bytes(match);
      }
    }
  }
  return 0;
}

bool is_possible_block(Columns c) {
  if (!c.any_number()) return false;
  const auto configuration = c.text();
  const auto data = c.blob();
  if (!configuration || !data || has_controls(*configuration)) return false;
  const std::size_t each = description_bytes(*configuration);
  if (each == 0 || data->size() % each != 0) return false;
  for (std::size_t at = 0; at < data->size(); at += each)
    if (!is_possible_description(data->data() + at, each)) return false;
  return true;
}

}  // namespace

bool has_possible_values(Table table, const Statement& row) {
  Columns columns(row);
  switch (table) {
    case Table::kRoot:
      return columns.any_number() && columns.path();
    case Table::kSource:
      return is_possible_source(columns);
    case Table::kPicture:
      return is_possible_picture(columns);
    case Table::kThumbnail:
      return is_possible_thumbnail(columns);
    case Table::kDescription:
      return is_possible_block(columns);
  }
  return false;
}

std::string name_in_configuration(const MatchOptions& match) {
  if (match.plain()) return {};
  return fmt::format(" feature={} size={} space={}", static_cast<int>(match.feature),
                     match.blocks_per_side(), static_cast<int>(match.space));
}

std::size_t description_bytes(const MatchOptions& match) {
  return kColorsAt +
         (match::kDescriptorSize + tiles::other_view_size(match)) * sizeof(std::int16_t);
}

}  // namespace smalti::library
