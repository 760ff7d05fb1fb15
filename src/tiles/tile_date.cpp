#include "tiles/tile_date.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdint>
#include <ctime>

#include "images/image_loader.h"
#include "smalti/error.h"

namespace smalti::tiles {
namespace {

// EXIF's date, whatever the format; nothing for what can no longer be decoded.
std::string taken_on(const std::filesystem::path& picture) {
  try {
    return images::decode_image(images::read_file(picture), picture.string(), 1, {}).taken;
  } catch (const Error&) {
    return {};
  }
}

// "2024:07:31 18:05:00" as "2024-07-31 18:05".
std::string without_seconds(std::string exif) {
  exif[4] = exif[7] = '-';
  return exif.substr(0, 16);
}

std::string position_text(std::int64_t timestamp_us) {
  const std::int64_t ms = timestamp_us / 1000;
  return fmt::format("{}:{:02}.{:03}", ms / 60'000, ms / 1000 % 60, ms % 1000);
}

}  // namespace

std::string tile_date(const Tile& tile) {
  struct stat status {};
  if (tile.source.empty() || ::stat(tile.source.c_str(), &status) != 0) return {};
  std::tm local{};
  ::localtime_r(&status.st_mtime, &local);
  const std::string file = fmt::format("file of {:%Y-%m-%d %H:%M}", local);
  if (tile.is_video_frame)
    return fmt::format("at {} of a {}", position_text(tile.id.timestamp_us), file);
  const std::string taken = taken_on(tile.source);
  return taken.empty() ? file : "taken " + without_seconds(taken);
}

}  // namespace smalti::tiles
