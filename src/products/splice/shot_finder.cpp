#include "products/splice/shot_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "measure/sharpness.h"
#include "media/video_reader.h"
#include "mosaic/shots.h"
#include "pipeline/belt.h"
#include "products/run/run.h"

namespace smalti {
namespace {

using media::Nanoseconds;

struct ShotFrame : media::SourceFrame, mosaic::SeenFrame {
  explicit ShotFrame(media::SourceFrame frame) : SourceFrame(std::move(frame)) {}
  std::int64_t sharpness = 0;
};

// The grid that a mosaic of this size would have: what the rule for cuts was measured with.
Grid cut_grid(Size size) {
  constexpr int kColumns = 80;
  const double rows = kColumns * 0.75 * size.height / std::max(size.width, 1);
  const int whole_rows = std::clamp(static_cast<int>(rows), 1, 4 * kColumns);
  return Grid::even({kColumns, whole_rows}, kColumns, whole_rows, {1, 1});
}

// The frames of the shot that is under way, as they come.
class OpenShot {
 public:
  bool empty() const { return frames_.empty(); }

  void add(Nanoseconds time, Nanoseconds end, std::int64_t sharpness) {
    frames_.push_back({time, sharpness});
    end_ = end;
  }

  Nanoseconds end() const { return end_; }

  Shot close(Nanoseconds end) {
    constexpr Nanoseconds kBorder = 200'000'000;
    const Nanoseconds start = frames_.front().time;
    const Nanoseconds border = std::min(kBorder, (end - start) / 4);
    const Frame* best = nullptr;
    for (const Frame& frame : frames_) {
      if (frame.time < start + border || frame.time > end - border) continue;
      if (best == nullptr || frame.sharpness > best->sharpness) best = &frame;
    }
    const Shot shot{start, (best != nullptr ? *best : frames_[frames_.size() / 2]).time, end};
    frames_.clear();
    return shot;
  }

 private:
  struct Frame {
    Nanoseconds time;
    std::int64_t sharpness;
  };
  std::vector<Frame> frames_;
  Nanoseconds end_ = 0;
};

}  // namespace

bool find_shots(const ShotSearch& search, const Events& events,
                const std::function<void(const Shot&)>& found,
                const std::function<void()>& looked) {
  media::ReadOptions options;
  options.start_s = media::ns_to_seconds(search.from);
  options.threads = search.threads;
  options.name = fmt::format("the video '{}'", search.video.string());
  media::VideoReader reader(search.video, options, events);
  reader.copy_streams({});
  const media::TargetInfo& info = reader.info();
  const AVRational time_base{info.time_base.num, info.time_base.den};
  const auto time_of = [&](std::int64_t pts) {
    return media::to_ns(pts, time_base) - info.begin_ns;
  };
  const auto cells = std::make_shared<const Cells>(cut_grid(info.size));
  mosaic::ShotMarker cuts;
  OpenShot shot;

  pipeline::Belt<ShotFrame> belt;
  belt.take = [&]() -> std::shared_ptr<ShotFrame> {
    std::optional<media::SourceFrame> frame;
    if (!events.stop_requested()) frame = reader.read();
    return frame ? std::make_shared<ShotFrame>(std::move(*frame)) : nullptr;
  };
  belt.prepare = [&](ShotFrame& frame) {
    frame.cells = cells;
    frame.descriptors = match::describe(frame.picture, *cells);
    frame.sharpness = measure::sharpness(frame.picture);
    frame.picture = {};
  };
  belt.decide = [&](ShotFrame& frame) {
    const Nanoseconds time = time_of(frame.pts);
    cuts.mark(frame, frame.pts);
    if (frame.starts_shot && !shot.empty()) found(shot.close(time));
    shot.add(time, time_of(frame.pts + frame.duration), frame.sharpness);
    looked();
  };
  belt.make = [](ShotFrame&) {};
  belt.put = [](ShotFrame&) {};
  pipeline::run_belt(belt, thread_count(search.threads) + 2);

  if (events.stop_requested()) return false;
  if (!shot.empty()) found(shot.close(shot.end()));
  return true;
}

}  // namespace smalti
