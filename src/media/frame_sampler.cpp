#include "media/frame_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "media/decoded_stream.h"
#include "media/filter.h"
#include "media/pictures.h"
#include "media/target_info.h"

// The frame shown at a time is the last one that begins by then. To decode all frames before it
// gives the right answer and takes the time of the whole video; two ways around that change no
// answer:
//
// - Jumping to the last key frame by that time, where that is nearer than going on from here. Only
//   what begins there can be decoded without what was before.
// - Passing over frames that no other refers to, until shortly before the time. What is shown may
//   have begun earlier than that: when the frame found has a passed-over one behind it, the stretch
//   is decoded again with all of them. After three such second looks nothing is passed over any
//   more.

namespace smalti::media {
namespace {

// The frame wanted may begin this long before its time; where it begins earlier, it is looked for
// once more.
constexpr double kUsualFrame_s = 0.5;

// A video whose frames keep being looked for twice has too many long ones.
constexpr int kMostSecondLooks = 3;

// Many videos are sampled in a run: who says which one it was tells the reason behind its name.
NamedFile video_file(const std::filesystem::path& path) { return {path, "it"}; }

}  // namespace

struct FrameSampler::State {
  State(const NamedFile& named, int threads, bool all, const Events& callbacks);

  Nanoseconds time_of(const AVFrame& frame) const {
    return to_ns(frame.pts, stream.video().time_base) - begin;
  }
  std::int64_t last_pts_by(Nanoseconds time) const;
  bool has_passed(Nanoseconds time) const { return ended || (next && time_of(*next) > time); }
  void go_to(std::int64_t pts);
  void read_on(Nanoseconds time);
  void look_again(std::int64_t pts, Nanoseconds time);
  Nanoseconds end_of(const AVFrame& last) const;
  SampledFrame upright(const AVFrame& frame);

  NamedFile file;
  Events events;
  bool decode_all;
  DecodedStream stream;
  Orientation orientation;
  Nanoseconds begin;
  std::optional<Filter> filter;
  UniqueFrame held;  // the last frame that begins by the time asked for
  UniqueFrame next;  // the one after it
  bool ended = false;
  bool anything_decoded = false;
  int second_looks = 0;
  std::uint64_t damaged_frames = 0;
};

FrameSampler::State::State(const NamedFile& named, int threads, bool all, const Events& callbacks)
    : file(named),
      events(callbacks),
      decode_all(all),
      stream(file, threads, callbacks),
      orientation(orientation_of(stream.video())),
      begin(stream.container_start()) {
  stream.drop_other_streams();
}

std::int64_t FrameSampler::State::last_pts_by(Nanoseconds time) const {
  const AVRational time_base = stream.video().time_base;
  const std::int64_t pts = from_ns(begin + time, time_base);
  return to_ns(pts, time_base) > begin + time ? pts - 1 : pts;
}

void FrameSampler::State::go_to(std::int64_t pts) {
  stream.go_to(pts);
  held.reset();
  next.reset();
  ended = false;
}

void FrameSampler::State::read_on(Nanoseconds time) {
  while (!has_passed(time) && !events.stop_requested()) {
    if (next) held = std::move(next);
    next = stream.next();
    ended = next == nullptr;
    if (next && !anything_decoded) warn_of_looks(*next, file.path, events);
    anything_decoded = anything_decoded || next;
  }
}

// Something between the frame found and its time was passed over: it may be what is shown.
void FrameSampler::State::look_again(std::int64_t pts, Nanoseconds time) {
  stream.skip_unreferenced_before(INT64_MIN);
  ++second_looks;
  go_to(pts);
  read_on(time);
}

// Not by the gap to the frame before, which depends on what was passed over.
Nanoseconds FrameSampler::State::end_of(const AVFrame& last) const {
  const AVStream& video = stream.video();
  std::int64_t duration = stated_duration(last);
  if (duration <= 0 || !is_possible(duration, video.time_base)) {
    constexpr AVRational kUnknownFrameTime{1, 25};
    const AVRational rate = frame_rate(video, 0);
    const AVRational frame_time = rate.num > 0 ? av_inv_q(rate) : kUnknownFrameTime;
    duration = std::max<std::int64_t>(av_rescale_q(1, frame_time, video.time_base), 1);
  }
  return time_of(last) + to_ns(duration, video.time_base);
}

SampledFrame FrameSampler::State::upright(const AVFrame& frame) {
  if (is_damaged(frame)) ++damaged_frames;
  const AVRational aspect = av_guess_sample_aspect_ratio(&stream.demuxer().format(),
                                                         const_cast<AVStream*>(&stream.video()),
                                                         const_cast<AVFrame*>(&frame));
  SampledFrame sample;
  sample.time = time_of(frame);
  sample.size = in_square_pixels({frame.width, frame.height}, aspect);
  if (swaps_sides(orientation)) std::swap(sample.size.width, sample.size.height);

  UniqueFrame shown(allocated(av_frame_clone(&frame)));
  if (Filter::needed(frame, orientation, {})) {
    if (!filter || !filter->fits(frame))
      filter.emplace(frame, stream.video().time_base, orientation, std::nullopt);
    filter->push(std::move(shown));
    shown = filter->pull();
    if (!shown) throw Error(ErrorKind::kFailure, "a frame was lost while it was turned upright");
  }
  sample.picture = as_picture(std::move(shown));
  return sample;
}

FrameSampler::FrameSampler(const std::filesystem::path& path, int threads, bool decode_all,
                           const Events& events)
    : state_(std::make_unique<State>(video_file(path), threads, decode_all, events)) {}

FrameSampler::~FrameSampler() = default;

std::optional<SampledFrame> FrameSampler::shown_at(Nanoseconds time) {
  State& s = *state_;
  const std::int64_t pts = s.last_pts_by(time);
  if (!s.decode_all && !s.has_passed(time)) {
    const bool may_skip =
        s.stream.demuxer().seekable() && s.second_looks < kMostSecondLooks;  // or never look again
    s.stream.skip_unreferenced_before(
        may_skip ? pts - from_ns(seconds_to_ns(kUsualFrame_s), s.stream.video().time_base)
                 : INT64_MIN);
    if (s.stream.pays_to_go_to(pts)) s.go_to(pts);
  }
  s.read_on(time);
  if (s.held && s.stream.last_skipped() > s.held->pts) s.look_again(pts, time);
  if (s.events.stop_requested()) return std::nullopt;
  if (!s.anything_decoded)
    throw Error(ErrorKind::kBadInput, fmt::format("nothing in {} could be decoded ({} packets "
                                                  "damaged)",
                                                  s.file.name, s.stream.damaged()));
  if (!s.held) return s.next ? std::optional(s.upright(*s.next)) : std::nullopt;
  if (s.ended && time >= s.end_of(*s.held)) return std::nullopt;
  return s.upright(*s.held);
}

std::uint64_t FrameSampler::damaged() const {
  return state_->stream.damaged() + state_->damaged_frames;
}

VideoFacts look_at_video(const std::filesystem::path& path, const Events& events) {
  Demuxer demuxer(video_file(path), events);
  const AVStream& video = demuxer.video_stream();
  const AVRational rate = frame_rate(video, 0);
  VideoFacts facts;
  facts.frames = estimate_frames(demuxer, video, {}, rate);
  if (facts.frames) facts.length_s = static_cast<double>(*facts.frames) / av_q2d(rate);
  return facts;
}

}  // namespace smalti::media
