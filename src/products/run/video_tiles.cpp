#include "products/run/video_tiles.h"

#include <optional>
#include <string>
#include <utility>

#include "media/scaler.h"
#include "media/video_reader.h"
#include "smalti/error.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;

constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};

class FramesOfVideo : public media::VideoFrames {
 public:
  // Twice the edge: what reduces it to the small copy averages exactly, and takes little time.
  FramesOfVideo(const fs::path& path, std::int64_t interval_us, int long_edge, const Events& events)
      : events_(events),
        reader_(path, as_it(), only_stop(events)),
        scaler_(kRgb, {}, fit_long_edge(reader_.info().size, 2 * long_edge)),
        interval_us_(interval_us) {}

  std::optional<media::VideoFrame> next() override {
    while (const std::optional<media::SourceFrame> frame = reader_.read()) {
      const std::int64_t time_us = time_of(*frame);
      if (frame->damaged || time_us < due_us_) continue;
      due_us_ = (time_us / interval_us_ + 1) * interval_us_;
      return media::VideoFrame{scaler_.scaled(frame->picture), time_us};
    }
    if (events_.stop_requested()) throw Error(ErrorKind::kFailure, "stopped");
    return std::nullopt;
  }

  Size size() const override { return reader_.info().size; }
  std::uint64_t damaged() const override { return reader_.damaged(); }

 private:
  // What becomes of a file is told as "'beach.mp4': why".
  static media::ReadOptions as_it() {
    media::ReadOptions options;
    options.name = "it";
    return options;
  }

  static Events only_stop(const Events& events) {
    Events quiet;
    quiet.stop = events.stop;
    return quiet;
  }

  // From the first frame on.
  std::int64_t time_of(const media::SourceFrame& frame) {
    if (!first_pts_) first_pts_ = frame.pts;
    const Rational base = reader_.info().time_base;
    const double seconds = static_cast<double>(frame.pts - *first_pts_) * base.num / base.den;
    return static_cast<std::int64_t>(seconds * 1e6 + 0.5);
  }

  const Events& events_;
  media::VideoReader reader_;
  media::Scaler scaler_;
  const std::int64_t interval_us_;
  std::int64_t due_us_ = 0;
  std::optional<std::int64_t> first_pts_;
};

}  // namespace

media::VideoOpener video_opener(const Events& events) {
  return [&events](const fs::path& path, std::int64_t interval_us, int long_edge) {
    return std::make_unique<FramesOfVideo>(path, interval_us, long_edge, events);
  };
}

}  // namespace smalti
