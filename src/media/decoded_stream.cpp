#include "media/decoded_stream.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "media/pictures.h"

namespace smalti::media {
namespace {

std::int64_t first_known(std::initializer_list<std::int64_t> timestamps) {
  for (const std::int64_t timestamp : timestamps) {
    if (timestamp != AV_NOPTS_VALUE) return timestamp;
  }
  return AV_NOPTS_VALUE;
}

bool may_be_copied(const AVStream& stream) {
  const AVMediaType type = stream.codecpar->codec_type;
  return type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE;
}

}  // namespace

DecodedStream::DecodedStream(const NamedFile& file, int threads, const Events& events)
    : file_(file), threads_(threads), events_(events) {
  open();
}

void DecodedStream::open() {
  auto demuxer = std::make_unique<Demuxer>(file_, events_);
  video_ = &demuxer->video_stream();
  decoder_ = std::make_unique<Decoder>(*video_, threads_, file_.name);
  demuxer_ = std::move(demuxer);
  choose_streams();
  restart();
  at_key_ = true;
  sought_ = false;
  packets_read_ = 0;
}

void DecodedStream::choose_streams() {
  AVFormatContext& format = demuxer_->format();
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream& stream = *format.streams[i];
    if (&stream != video_ && (video_alone_ || !may_be_copied(stream)))
      stream.discard = AVDISCARD_ALL;
  }
}

void DecodedStream::drop_other_streams() {
  video_alone_ = true;
  choose_streams();
  packets_.clear();
}

void DecodedStream::restart() {
  decoder_->restart();
  first_.reset();
  last_pts_.reset();
  key_pts_.reset();
  drained_ = false;
  last_skipped_ = INT64_MIN;
  last_dts_ = AV_NOPTS_VALUE;
  last_key_dts_ = AV_NOPTS_VALUE;
  packets_.clear();
}

Nanoseconds DecodedStream::container_start() const {
  const std::int64_t start = demuxer_->format().start_time;
  return is_possible(start, AV_TIME_BASE_Q) ? to_ns(start, AV_TIME_BASE_Q) : 0;
}

UniqueFrame DecodedStream::next() {
  if (first_) return std::move(first_);
  for (;;) {
    if (UniqueFrame frame = decoder_->receive()) {
      frame->pts = settle_pts(*frame);
      settle_matrix(*frame);
      return frame;
    }
    if (!feed()) return nullptr;
  }
}

bool DecodedStream::feed() {
  if (drained_) return false;
  while (demuxer_->read(*packet_)) {
    if (packet_->stream_index != video_->index) {
      const AVStream& stream = *demuxer_->format().streams[packet_->stream_index];
      packets_.push_back(std::make_shared<Packet>(*packet_, stream.time_base));
      continue;
    }
    ++packets_read_;
    const bool is_key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
    const std::int64_t dts = first_known({packet_->dts, packet_->pts});
    if (dts != AV_NOPTS_VALUE) last_dts_ = dts;
    if (is_key) note_key(dts);
    at_key_ = at_key_ || is_key;
    if (at_key_) {
      if (!key_pts_) key_pts_ = first_known({packet_->pts, packet_->dts});
      const bool skip = packet_->pts != AV_NOPTS_VALUE && packet_->pts < skip_before_;
      if (skip) last_skipped_ = std::max(last_skipped_, packet_->pts);
      decoder_->skip_unreferenced(skip);
      decoder_->send(packet_.get());
    }
    av_packet_unref(packet_.get());
    if (at_key_) return true;
  }
  drained_ = true;
  decoder_->send(nullptr);
  return true;
}

void DecodedStream::note_key(std::int64_t dts) {
  if (dts != AV_NOPTS_VALUE && last_key_dts_ != AV_NOPTS_VALUE)
    key_distance_ = std::max(key_distance_, dts - last_key_dts_);
  last_key_dts_ = dts;
}

std::int64_t DecodedStream::settle_pts(const AVFrame& frame) {
  std::int64_t pts = first_known({frame.best_effort_timestamp, frame.pkt_dts});
  if (!is_possible(pts, video_->time_base)) {
    const AVRational fps = video_->avg_frame_rate;
    const std::int64_t frame_time =
        fps.num > 0 && fps.den > 0 ? av_rescale_q(1, av_inv_q(fps), video_->time_base) : 1;
    const std::int64_t step = std::max(stated_duration(frame), frame_time);
    pts = last_pts_ ? std::min(*last_pts_ + std::min(step, kFarthest), kFarthest) : 0;
  }
  if (last_pts_) pts = std::max(pts, *last_pts_ + 1);
  last_pts_ = pts;
  return pts;
}

bool DecodedStream::try_start(std::int64_t seek_pts, std::int64_t wanted_pts) {
  sought_ = true;
  if (!demuxer_->seek(*video_, seek_pts)) return false;
  at_key_ = false;
  first_ = next();
  return first_ && key_pts_ && *key_pts_ != AV_NOPTS_VALUE && *key_pts_ <= wanted_pts &&
         first_->pts <= wanted_pts;
}

// Indexes lie, some count by decoding time, and sound may stand well before its picture in the
// file: so aim too early, look where the seek has led, and go farther back if that is not early
// enough.
void DecodedStream::start_near(std::int64_t pts) {
  constexpr double kSecondsBack[] = {1, 5, 25, 125};
  const std::int64_t begin = from_ns(container_start(), video_->time_base);
  if (!demuxer_->seekable()) return;
  for (const double seconds : kSecondsBack) {
    const std::int64_t target = pts - from_ns(seconds_to_ns(seconds), video_->time_base);
    if (target <= begin) break;
    if (try_start(target, pts)) return;
    open();
  }
}

// Nearer aims than start_near's first: what misses costs one frame decoded in vain, not a new
// start.
void DecodedStream::go_to(std::int64_t pts) {
  constexpr double kSecondsBack[] = {0, 1, 5, 25, 125};
  const std::int64_t begin = from_ns(container_start(), video_->time_base);
  const std::int64_t from = last_dts_;
  for (const double seconds : kSecondsBack) {
    const std::int64_t target = pts - from_ns(seconds_to_ns(seconds), video_->time_base);
    if (!demuxer_->seekable() || target <= begin) break;
    restart();
    if (!try_start(target, pts)) continue;
    // Led back behind where it was: keys lie farther apart than was known.
    if (from != AV_NOPTS_VALUE && *key_pts_ <= from && from < pts)
      key_distance_ = std::max(2 * key_distance_, pts - *key_pts_);
    return;
  }
  open();
}

bool DecodedStream::pays_to_go_to(std::int64_t pts) const {
  constexpr double kWorthwhile_s = 0.5;  // decoders have to fill their threads anew
  if (!demuxer_->seekable() || last_dts_ == AV_NOPTS_VALUE) return false;
  const std::int64_t worthwhile = from_ns(seconds_to_ns(kWorthwhile_s), video_->time_base);
  // Indexes count by decoding time, which comes up to some frames earlier.
  const std::optional<std::int64_t> key = demuxer_->key_before(*video_, pts - worthwhile / 4);
  if (key && *key > last_dts_) return *key - last_dts_ > worthwhile;
  if (demuxer_->index_reaches(*video_, pts)) return false;
  return key_distance_ > 0 && pts - last_dts_ > 2 * key_distance_ + 2 * worthwhile;
}

// Only MP4 and its kin have every packet in the index from the start.
std::uint64_t DecodedStream::missing_packets() const {
  const std::string_view format = demuxer_->format().iformat->name;
  if (sought_ || !format.starts_with("mov,")) return 0;
  const auto promised = static_cast<std::uint64_t>(avformat_index_get_entries_count(video_));
  const std::uint64_t came = packets_read_ + demuxer_->damaged();
  return promised > came ? promised - came : 0;
}

std::optional<DecodedStream::PacketTime> DecodedStream::skip_packet() {
  if (!demuxer_->read(*packet_)) return std::nullopt;
  const PacketTime time{packet_->stream_index, first_known({packet_->pts, packet_->dts})};
  if (packet_->stream_index == video_->index) {
    av_packet_unref(packet_.get());
  } else {
    const AVStream& stream = *demuxer_->format().streams[packet_->stream_index];
    packets_.push_back(std::make_shared<Packet>(*packet_, stream.time_base));
  }
  return time;
}

}  // namespace smalti::media
