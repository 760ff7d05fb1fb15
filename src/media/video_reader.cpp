#include "media/video_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "media/cut_short.h"
#include "media/decoded_stream.h"
#include "media/filter.h"
#include "media/input_streams.h"
#include "media/pictures.h"
#include "media/target_info.h"

namespace smalti::media {
namespace {

// A last frame shown for no time at all would be lost to those who read the mosaic.
constexpr AVRational kUnknownFrameTime{1, 25};

void set_duration(AVFrame& frame, std::int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  frame.duration = duration;
#else
  frame.pkt_duration = duration;
#endif
}

// Where the header says that the video, or else the whole file, ends; long ago when it does not.
std::int64_t stated_end(const AVFormatContext& format, const AVStream& video) {
  const auto is_span = [](std::int64_t start, std::int64_t duration, AVRational time_base) {
    return is_possible(start, time_base) && duration > 0 && is_possible(duration, time_base);
  };
  if (is_span(video.start_time, video.duration, video.time_base)) {
    return video.start_time + video.duration;
  }
  if (!is_span(format.start_time, format.duration, AV_TIME_BASE_Q)) return -kFarthest;
  return av_rescale_q(format.start_time + format.duration, AV_TIME_BASE_Q, video.time_base);
}

}  // namespace

// A frame passes: decoded -> trimmed to [start, end) -> held until the next one tells its duration
// -> submitted -> filtered -> ready.
struct VideoReader::State {
  State(const std::filesystem::path& path, const ReadOptions& read_options,
        const Events& callbacks);

  UniqueFrame next_ready();
  void advance();
  UniqueFrame next_in_range();
  void submit(UniqueFrame frame);
  void close_filter(std::int64_t at);
  std::int64_t last_duration(const AVFrame& frame) const;
  void learn_from(const AVFrame& frame);
  void describe_target();
  [[noreturn]] void fail_without_frames() const;
  void read_to_end_of_range();
  std::vector<std::shared_ptr<Packet>> take_copied_packets();
  bool wants(const Packet& packet) const;
  bool read_to_end() const { return ended && !passed_end && !events.stop_requested(); }

  ReadOptions options;
  Events events;
  NamedFile file;
  DecodedStream stream;
  Orientation orientation;
  std::optional<AVRational> fps;
  std::optional<Filter> filter;
  bool filter_closed = false;  // it gets no more frames
  InputStreams streams;
  TargetInfo info;
  std::set<int> copied;

  std::int64_t start_pts = INT64_MIN;
  std::int64_t end_pts = 2 * kFarthest;  // later than any frame
  std::int64_t pts_zero = 0;             // subtracted from pts before the rate filter
  std::int64_t last_seen_pts = AV_NOPTS_VALUE;
  std::int64_t last_gap = 0;
  bool passed_end = false;
  bool ended = false;
  bool anything_decoded = false;
  UniqueFrame held;
  std::int64_t shown_until = 0;  // the last frame that was submitted
  UniqueFrame submitted;         // to be filtered where it needs that
  UniqueFrame ready;             // the first one, read ahead
  std::uint64_t frames_read = 0;
  std::uint64_t damaged_frames = 0;
};

VideoReader::State::State(const std::filesystem::path& path, const ReadOptions& read_options,
                          const Events& callbacks)
    : options(read_options),
      events(callbacks),
      file{path, options.name.empty() ? "the target " + quoted(path) : options.name},
      stream(file, read_options.threads, callbacks),
      orientation(orientation_of(stream.video())) {
  const AVRational time_base = stream.video().time_base;
  const Nanoseconds begin = stream.container_start();
  if (options.fps) {
    fps = AVRational{options.fps->num, options.fps->den};
    pts_zero = from_ns(begin, time_base);
    streams.pts_zero = to_ns(pts_zero, time_base);
  }
  if (options.duration_s) {
    streams.end = begin + seconds_to_ns(options.start_s + *options.duration_s);
    end_pts = from_ns(streams.end, time_base);
  }
  if (options.start_s > 0) {
    start_pts = from_ns(begin + seconds_to_ns(options.start_s), time_base);
    stream.start_near(start_pts);
  }
  streams.format = &stream.demuxer().format();
  streams.video = stream.video().index;
  streams.path = path;
  streams.starts_later = options.start_s > 0;

  ready = next_ready();
  if (!ready) fail_without_frames();
  describe_target();
}

void VideoReader::State::fail_without_frames() const {
  if (events.stop_requested()) throw Error(ErrorKind::kFailure, kStopped);
  if (passed_end) {
    throw Error(ErrorKind::kUsage,
                fmt::format("no frame of {} begins in the asked-for stretch of time", file.name));
  }
  if (anything_decoded) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("the asked-for start, {} s, lies behind the last frame of {}, at {:.3f} s",
                    options.start_s, file.name,
                    ns_to_seconds(to_ns(last_seen_pts, stream.video().time_base) -
                                  stream.container_start())));
  }
  throw Error(ErrorKind::kBadInput,
              fmt::format("nothing in {} could be decoded ({} packets damaged)", file.name,
                          stream.damaged()));
}

void VideoReader::State::describe_target() {
  const AVFrame& first = *ready;
  const AVRational source_time_base = stream.video().time_base;
  const AVRational time_base = fps ? av_inv_q(*fps) : source_time_base;
  info.time_base = {time_base.num, time_base.den};
  info.first_pts = first.pts;
  const std::int64_t end = stated_end(stream.demuxer().format(), stream.video());
  if (end > -kFarthest)
    info.end_pts = av_rescale_q(std::min(end, end_pts) - pts_zero, source_time_base, time_base);
  const AVRational rate = fps ? *fps : frame_rate(stream.video(), stated_duration(first));
  info.fps = {rate.num, rate.den};
  info.begin_ns = stream.container_start();
  info.frames = estimate_frames(stream.demuxer(), stream.video(), options, rate);
  streams.first_frame =
      std::clamp(streams.pts_zero + to_ns(first.pts, time_base), -kFarthest, kFarthest);
}

void VideoReader::State::learn_from(const AVFrame& frame) {
  anything_decoded = true;
  const AVRational aspect = av_guess_sample_aspect_ratio(&stream.demuxer().format(),
                                                         const_cast<AVStream*>(&stream.video()),
                                                         const_cast<AVFrame*>(&frame));
  info.size = in_square_pixels({frame.width, frame.height}, aspect);
  if (swaps_sides(orientation)) std::swap(info.size.width, info.size.height);
  warn_of_looks(frame, streams.path, events);
}

UniqueFrame VideoReader::State::next_in_range() {
  while (!events.stop_requested()) {
    UniqueFrame frame = stream.next();
    if (!frame) return nullptr;
    if (!anything_decoded) learn_from(*frame);
    last_seen_pts = frame->pts;
    if (frame->pts >= end_pts) {
      passed_end = true;
      return nullptr;
    }
    if (frame->pts >= start_pts) return frame;
  }
  return nullptr;
}

std::int64_t VideoReader::State::last_duration(const AVFrame& frame) const {
  if (passed_end) return end_pts - frame.pts;
  const AVStream& video = stream.video();
  std::int64_t duration = stated_duration(frame);
  if (duration <= 0 || !is_possible(duration, video.time_base)) duration = last_gap;
  if (duration <= 0) {
    const AVRational rate = frame_rate(video, 0);
    const AVRational frame_time = rate.num > 0 ? av_inv_q(rate) : kUnknownFrameTime;
    duration = std::max<std::int64_t>(av_rescale_q(1, frame_time, video.time_base), 1);
  }
  // Durations in a header's tables go by decoding order, so the last one shown may have another's.
  const std::int64_t rest = stated_end(stream.demuxer().format(), video) - frame.pts;
  if (rest > 0) duration = std::min(duration, rest);
  return std::min(duration, end_pts - frame.pts);
}

// Pulls no more than is wanted: to keep a rate, a filter makes any number of frames out of one that
// is shown for long.
UniqueFrame VideoReader::State::next_ready() {
  for (;;) {
    if (filter) {
      if (UniqueFrame frame = filter->pull()) return frame;
      if (filter_closed) filter.reset();
    }
    if (submitted) {
      if (!filter && !Filter::needed(*submitted, orientation, fps)) return std::move(submitted);
      if (!filter) {
        filter.emplace(*submitted, stream.video().time_base, orientation, fps);
        filter_closed = false;
      }
      filter->push(std::move(submitted));
    } else if (!ended) {
      advance();
    } else if (filter) {
      close_filter(shown_until - pts_zero);
    } else {
      return nullptr;
    }
  }
}

void VideoReader::State::advance() {
  UniqueFrame next = next_in_range();
  ended = next == nullptr;
  if (held) {
    const std::int64_t duration = next ? next->pts - held->pts : last_duration(*held);
    last_gap = duration;
    set_duration(*held, duration);
    shown_until = held->pts + duration;
    submit(std::move(held));
  }
  held = std::move(next);
}

void VideoReader::State::submit(UniqueFrame frame) {
  frame->pts -= pts_zero;
  if (filter && !filter->fits(*frame)) close_filter(frame->pts);
  submitted = std::move(frame);
}

void VideoReader::State::close_filter(std::int64_t at) {
  filter->close(at);
  filter_closed = true;
}

bool VideoReader::State::wants(const Packet& packet) const {
  if (!copied.contains(packet.input_stream())) return false;
  const AVPacket& raw = packet.get();
  const std::int64_t pts = raw.pts != AV_NOPTS_VALUE ? raw.pts : raw.dts;
  if (pts == AV_NOPTS_VALUE) return true;
  const Nanoseconds begin = to_ns(pts, packet.time_base());
  if (begin >= streams.end) return false;
  const Nanoseconds end = to_ns(pts + std::max<std::int64_t>(raw.duration, 1), packet.time_base());
  return !streams.starts_later || end > streams.first_frame;
}

std::vector<std::shared_ptr<Packet>> VideoReader::State::take_copied_packets() {
  std::vector<std::shared_ptr<Packet>> packets = stream.take_packets();
  std::erase_if(packets, [&](const auto& packet) { return !wants(*packet); });
  return packets;
}

// Sound may stand behind its picture in the file: the last frame is not where its packets end.
void VideoReader::State::read_to_end_of_range() {
  constexpr Nanoseconds kFarthestApart = 5'000'000'000;
  const AVFormatContext& format = stream.demuxer().format();
  std::set<int> open;
  for (const int index : copied) {
    if (format.streams[index]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) open.insert(index);
  }
  while (!open.empty() && !events.stop_requested()) {
    const auto packet = stream.skip_packet();
    if (!packet) return;
    if (packet->pts == AV_NOPTS_VALUE) continue;
    const Nanoseconds time = to_ns(packet->pts, format.streams[packet->stream]->time_base);
    if (time >= streams.end) open.erase(packet->stream);
    if (packet->stream == streams.video && time >= streams.end + kFarthestApart) return;
  }
}

VideoReader::VideoReader(const std::filesystem::path& path, const ReadOptions& options,
                         const Events& events)
    : state_(std::make_unique<State>(path, options, events)) {}

VideoReader::~VideoReader() = default;

const TargetInfo& VideoReader::info() const { return state_->info; }

double VideoReader::seconds(std::int64_t pts) const {
  return static_cast<double>(pts) * info().time_base.value() - ns_to_seconds(info().begin_ns);
}

const InputStreams& VideoReader::streams() const { return state_->streams; }

void VideoReader::copy_streams(const std::vector<int>& stream_indexes) {
  state_->copied.insert(stream_indexes.begin(), stream_indexes.end());
  AVFormatContext& format = state_->stream.demuxer().format();
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const int index = static_cast<int>(i);
    if (index != state_->streams.video && !state_->copied.contains(index)) {
      format.streams[i]->discard = AVDISCARD_ALL;
    }
  }
}

std::optional<SourceFrame> VideoReader::read() {
  State& state = *state_;
  UniqueFrame frame = state.ready ? std::move(state.ready) : state.next_ready();
  if (!frame) return std::nullopt;

  SourceFrame read;
  read.index = state.frames_read++;
  read.pts = frame->pts;
  read.duration = state.fps ? 1 : stated_duration(*frame);
  read.damaged = is_damaged(*frame);
  if (read.damaged) ++state.damaged_frames;
  read.packets = state.take_copied_packets();
  read.picture = as_picture(std::move(frame));
  return read;
}

std::vector<std::shared_ptr<Packet>> VideoReader::take_remaining_packets() {
  if (state_->passed_end) state_->read_to_end_of_range();
  return state_->take_copied_packets();
}

std::uint64_t VideoReader::damaged() const {
  const std::uint64_t missing = state_->read_to_end() ? state_->stream.missing_packets() : 0;
  return state_->stream.damaged() + state_->damaged_frames + missing;
}

std::int64_t VideoReader::missing_bytes() const {
  return state_->read_to_end() ? media::missing_bytes(state_->streams.path) : 0;
}

}  // namespace smalti::media
