#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/content_hash.h"
#include "base/file_state.h"
#include "media/video_frames.h"
#include "smalti/sizes.h"
#include "tiles/description.h"

/// A file and what becomes of it, wherever that is then kept. The numbers of the enumerations are
/// those in libraries.
namespace smalti::library {

enum class SourceKind : int { kNone = 0, kPicture = 1, kVideo = 2, kAnimation = 3 };

enum class SourceState : int {
  kUsable = 0,
  kDamaged = 1,  ///< usable as far as it could be decoded
  kRefused = 2,  ///< meant as a tile by its content, and none
  kForeign = 3,  ///< nothing of ours; of interest only to who meant it as a picture
  kFailed = 4,   ///< could not be read: that may change without the file
};

/// What a file's content says, whatever its name.
struct SourceFacts {
  ContentHash hash{};  ///< zero where the content was not read to its end
  SourceKind kind = SourceKind::kNone;
  std::string format;
  Size size;  ///< upright
  int orientation = 1;
  std::string taken;  ///< EXIF's "2024:07:31 18:05:00", or empty
  /// Between the frames of a video; of an animation 0 for its first picture alone, or
  /// kEveryPicture.
  std::int64_t interval_us = 0;
  std::int64_t pictures = 0;
  SourceState state = SourceState::kForeign;
  std::string remark;  ///< why it is damaged, refused, foreign or failed

  bool is_usable() const { return state <= SourceState::kDamaged; }
  /// Whether an animation has more pictures than were made.
  bool lacks_pictures() const { return kind == SourceKind::kAnimation && interval_us == 0; }
};

struct MadePicture {
  std::int64_t timestamp_us = 0;
  std::vector<std::uint8_t> thumbnail;
  Size size;                  ///< of the thumbnail
  std::int64_t likeness = 0;  ///< a perceptual hash: 64 comparisons of neighbouring brightness
  tiles::Description description;
};

std::int64_t thumbnail_hash(std::span<const std::uint8_t> thumbnail);

struct MadeSource {
  FileState file;
  std::int64_t scanned_ns = 0;  ///< just before it was opened
  SourceFacts facts;
  std::vector<MadePicture> pictures;
  bool decoded = false;  ///< false where the content was known, or nothing to decode
};

/// How sources are made.
struct SourceWishes {
  tiles::DescribeOptions describe;
  /// What is known of a content already; may be empty. Any thread.
  std::function<std::optional<SourceFacts>(const ContentHash&)> known = {};
  media::VideoOpener open_video = {};  ///< without it, videos are foreign
  bool all_frames = false;             ///< of animations, instead of the first picture alone
};

/// Between the frames that a video gives.
inline constexpr std::int64_t kVideoIntervalUs = 1'000'000;
inline constexpr std::int64_t kEveryPicture = 1;

/// Reads a file and makes its pictures. Whatever a single file does wrong stays its own affair: it
/// never throws for it. Any thread.
MadeSource make_source(const std::filesystem::path& path, const SourceWishes& wishes);

/// Of a whole regular file, whatever its size. Throws Error when it cannot be read.
ContentHash hash_file(const std::filesystem::path& path);

/// A file of that name is meant as a picture, whatever is in it.
bool is_named_like_a_picture(const std::filesystem::path& path);

/// Whether a foreign or failed file is to be told of: when its name says so or the user does.
bool is_meant(const std::filesystem::path& path, bool named);

}  // namespace smalti::library
