#include "explore/frame_strip.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>
#include <vector>

#include "products/still/still_target.h"
#include "smalti/error.h"

namespace smalti::explore {
namespace {

constexpr std::size_t kMostKept = 8;

std::shared_ptr<const TargetFrame> make_frame(std::int64_t number, double time_s,
                                              const Picture& picture) {
  return std::make_shared<const TargetFrame>(TargetFrame{number, time_s, picture, as_rgb(picture)});
}

}  // namespace

FrameStrip::FrameStrip(const Picture& picture) : at_beginning_(true), last_(0) {
  times_[0] = 0;
  kept_[0] = make_frame(0, 0, picture);
}

FrameStrip::FrameStrip(std::filesystem::path video, double at_s, int threads)
    : path_(std::move(video)), threads_(threads), at_beginning_(at_s <= 0) {
  open(at_s, 0);
  read_on(0);
}

void FrameStrip::open(double start_s, std::int64_t number) {
  reader_ = std::make_unique<media::VideoReader>(
      path_, media::ReadOptions{std::max(0.0, start_s), {}, {}, threads_}, Events{});
  next_ = number;
}

// Null at the end.
FrameStrip::Frame FrameStrip::read_next() {
  const std::optional<media::SourceFrame> frame = reader_->read();
  if (!frame) return nullptr;
  const media::TargetInfo& info = reader_->info();
  const double time_s = static_cast<double>(frame->pts) * info.time_base.value() -
                        static_cast<double>(info.begin_ns) * 1e-9;
  return make_frame(next_++, time_s, frame->picture);
}

void FrameStrip::keep(const Frame& frame) {
  times_[frame->number] = frame->time_s;
  kept_[frame->number] = frame;
  if (kept_.size() <= kMostKept) return;
  const bool first_is_farther =
      frame->number - kept_.begin()->first > kept_.rbegin()->first - frame->number;
  kept_.erase(first_is_farther ? kept_.begin() : std::prev(kept_.end()));
}

FrameStrip::Frame FrameStrip::read_on(std::int64_t number) {
  while (next_ <= number) {
    const Frame frame = read_next();
    if (!frame) {
      last_ = times_.rbegin()->first;
      return nullptr;
    }
    keep(frame);
  }
  return kept_.at(number);
}

// Finds out which frames stand before the first one seen so far.
void FrameStrip::look_before() {
  const auto [first, first_s] = *times_.begin();
  for (double back_s = 1; !at_beginning_ && times_.begin()->first == first; back_s *= 8) {
    const double start_s = first_s - back_s;
    open(start_s, 0);
    std::vector<double> times;
    std::deque<Frame> nearest;  // the others would take too much memory
    for (Frame frame = read_next(); frame && frame->time_s < first_s - 1e-7; frame = read_next()) {
      times.push_back(frame->time_s);
      nearest.push_back(frame);
      if (nearest.size() > kMostKept / 2) nearest.pop_front();
    }
    at_beginning_ = start_s <= 0;
    const auto count = static_cast<std::int64_t>(times.size());
    for (std::int64_t i = 0; i < count; ++i)
      times_[first - count + i] = times[static_cast<std::size_t>(i)];
    for (auto number = first - static_cast<std::int64_t>(nearest.size());
         const Frame& frame : nearest) {
      auto numbered = std::make_shared<TargetFrame>(*frame);
      numbered->number = number++;
      keep(numbered);
    }
    next_ = first + 1;  // that one has just been read, and is dropped
  }
}

std::shared_ptr<const TargetFrame> FrameStrip::get(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  while (number < times_.begin()->first && !at_beginning_) look_before();
  number = std::max(number, times_.begin()->first);
  if (last_) number = std::min(number, *last_);
  if (const auto found = kept_.find(number); found != kept_.end()) return found->second;
  if (const auto known = times_.find(number); known != times_.end() && next_ > number)
    open(known->second, number);
  if (Frame frame = read_on(number)) return frame;
  const std::int64_t end = last_.value();
  if (const auto found = kept_.find(end); found != kept_.end()) return found->second;
  open(times_.at(end), end);
  return read_on(end);
}

}  // namespace smalti::explore
