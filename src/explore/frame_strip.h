#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "base/picture.h"
#include "media/video_reader.h"

namespace smalti::explore {

/// A picture to make mosaics of: a frame of a video, or the only one there is.
struct TargetFrame {
  std::int64_t number = 0;  ///< counted from the one that was opened at
  double time_s = 0;        ///< from the beginning of the file
  Picture picture;          ///< as the decoder left it
  Picture rgb;
};

/// The frames of a video around one of them, those near the last one wanted ready at once. Any
/// thread; one that is being read is waited for.
class FrameStrip {
 public:
  /// A single picture.
  explicit FrameStrip(const Picture& picture);
  /// Frame 0 is the first that begins at `at_s` or later. Throws Error as VideoReader does.
  FrameStrip(std::filesystem::path video, double at_s, int threads);

  /// That frame; the first or last one where there are not so many. Throws Error as VideoReader.
  std::shared_ptr<const TargetFrame> get(std::int64_t number);

 private:
  using Frame = std::shared_ptr<const TargetFrame>;

  void open(double start_s, std::int64_t number);
  Frame read_next();
  Frame read_on(std::int64_t number);
  void look_before();
  void keep(const Frame& frame);

  std::filesystem::path path_;
  int threads_ = 0;
  std::mutex mutex_;
  std::map<std::int64_t, Frame> kept_;
  std::map<std::int64_t, double> times_;  ///< of all frames seen
  std::unique_ptr<media::VideoReader> reader_;
  std::int64_t next_ = 0;             ///< the number of the frame that the reader gives next
  bool at_beginning_ = false;         ///< the first of times_ is the first there is
  std::optional<std::int64_t> last_;  ///< of all, once known
};

}  // namespace smalti::explore
