#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "base/picture.h"

namespace smalti::media {

/// A frame of a video that becomes a tile.
struct VideoFrame {
  Picture picture;  ///< upright, square pixels, 8-bit RGB without alpha, interleaved
  std::int64_t timestamp_us = 0;
};

/// Frames of a video, one for each stretch of time, in their order. Stateful; one thread at a time.
class VideoFrames {
 public:
  virtual ~VideoFrames() = default;

  /// The next frame, or nothing at the end. Throws Error as media::VideoReader does.
  virtual std::optional<VideoFrame> next() = 0;

  virtual Size size() const = 0;  ///< of the video, upright, square pixels

  /// What could not be decoded; after the last frame.
  virtual std::uint64_t damaged() const = 0;
};

/// Opens a video for its frames every `interval_us`, no smaller than `long_edge` unless the video
/// is. Throws Error when it is none that can be read. Any thread.
using VideoOpener = std::function<std::unique_ptr<VideoFrames>(
    const std::filesystem::path& path, std::int64_t interval_us, int long_edge)>;

}  // namespace smalti::media
