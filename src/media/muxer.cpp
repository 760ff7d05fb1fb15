#include "media/muxer.h"

#include <string_view>
#include <utility>

#include "media/containers.h"
#include "media/log.h"

namespace smalti::media {
namespace {

// Matroska's reader takes the codec delay off each time again, but FFmpeg 5's writer never put it
// on.
Nanoseconds missing_codec_delay([[maybe_unused]] const AVFormatContext& output,
                                [[maybe_unused]] const AVStream& stream) {
#if LIBAVFORMAT_VERSION_MAJOR < 60
  const std::string_view container = output.oformat->name;
  if ((container == "matroska" || container == "webm") &&
      stream.codecpar->codec_id == AV_CODEC_ID_OPUS) {
    return to_ns(stream.codecpar->initial_padding, {1, 48'000});
  }
#endif
  return 0;
}

}  // namespace

UniqueOutput open_container(const std::string& muxer, const OutputFile& file,
                            const AVCodecContext& codec) {
  AVFormatContext* raw = nullptr;
  check(avformat_alloc_output_context2(&raw, &find_muxer(muxer), nullptr,
                                       file_url(file.path()).c_str()),
        "cannot set up the container");
  UniqueOutput output(raw);
  output->flags |= AVFMT_FLAG_BITEXACT;
  AVStream& stream = *allocated(avformat_new_stream(output.get(), nullptr));
  stream.time_base = codec.time_base;
  check(avcodec_parameters_from_context(stream.codecpar, &codec), "cannot set up the container");
  return output;
}

Muxer::Muxer(UniqueOutput output, const std::filesystem::path& path,
             const std::filesystem::path& name, Nanoseconds origin, const Events& events)
    : name_(name),
      origin_(origin),
      io_({path, quoted(name)}, FileIo::Mode::kWrite, events),
      output_(std::move(output)),
      last_(output_->nb_streams) {
  forget_error_line();
  output_->pb = io_.get();
  output_->flags |= AVFMT_FLAG_CUSTOM_IO;

  Dictionary options;
  const std::string_view container = output_->oformat->name;
  if (container == "mp4" || container == "mov") {
    options.set("movflags", "+faststart");
    options.set("movie_timescale", "90000");  // of edit lists, which milliseconds would coarsen
  }
  const int result = options.lend(
      [&](AVDictionary** dictionary) { return avformat_write_header(output_.get(), dictionary); });
  check_io(io_->error, "cannot write");
  check(result, "cannot begin", name_, ErrorKind::kUsage, "try another container, such as .mkv");
}

void Muxer::check_io(int result, const char* action) const {
  if (result >= 0) return;
  check(result, action, name_, ErrorKind::kInputOutput,
        result == AVERROR(ENOSPC) ? "make room on the disk, or write elsewhere" : "");
}

void Muxer::mend_times(AVPacket& packet, int stream) {
  LastTime& last = last_[static_cast<std::size_t>(stream)];
  if (packet.dts == AV_NOPTS_VALUE) packet.dts = packet.pts;
  if (packet.dts == AV_NOPTS_VALUE) packet.dts = last.end;
  if (last.dts != AV_NOPTS_VALUE) {
    const bool may_repeat = (output_->oformat->flags & AVFMT_TS_NONSTRICT) != 0;
    packet.dts = std::max(packet.dts, last.dts + (may_repeat ? 0 : 1));
  }
  if (packet.pts == AV_NOPTS_VALUE || packet.pts < packet.dts) packet.pts = packet.dts;
  last = {.dts = packet.dts, .end = packet.dts + packet.duration};
}

void Muxer::write(AVPacket& packet, int output_stream, AVRational time_base, Nanoseconds zero) {
  const AVStream& stream = *output_->streams[output_stream];
  const AVRational to = stream.time_base;
  const Nanoseconds shift = zero - origin_ + missing_codec_delay(*output_, stream);
  const auto moved = [&](std::int64_t timestamp) {
    if (timestamp == AV_NOPTS_VALUE) return timestamp;
    return from_ns(to_ns(timestamp, time_base) + shift, to);
  };
  packet.pts = moved(packet.pts);
  packet.dts = moved(packet.dts);
  packet.duration = av_rescale_q(packet.duration, time_base, to);
  packet.stream_index = output_stream;
  packet.pos = -1;
  mend_times(packet, output_stream);

  forget_error_line();
  const int result = av_interleaved_write_frame(output_.get(), &packet);
  check_io(output_->pb->error, "cannot write");
  check_io(result, "cannot write");
}

std::uint64_t Muxer::finish() {
  forget_error_line();
  const int result = av_write_trailer(output_.get());
  check_io(output_->pb->error, "cannot complete");
  check_io(result, "cannot complete");
  avio_flush(output_->pb);
  check_io(output_->pb->error, "cannot complete");
  const std::int64_t size = avio_size(output_->pb);
  const std::int64_t bytes = size >= 0 ? size : avio_tell(output_->pb);
  output_->pb = nullptr;
  check_io(io_.close(), "cannot complete");
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace smalti::media
