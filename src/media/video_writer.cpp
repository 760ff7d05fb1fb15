#include "media/video_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "base/output_file.h"
#include "media/containers.h"
#include "media/encoder.h"
#include "media/input_streams.h"
#include "media/muxer.h"
#include "media/packet.h"
#include "media/stream_copy.h"

namespace smalti::media {
namespace {

constexpr int kVideoStream = 0;

// Times before zero are priming that players do not show: a time line that has its zero inside
// keeps it there.
Nanoseconds time_line_origin(const InputStreams& input, const std::vector<int>& copied) {
  if (input.starts_later) return input.first_frame;
  Nanoseconds origin = input.first_frame;
  for (const int index : copied) {
    const AVStream& stream = *input.format->streams[index];
    if (stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO && stream.start_time != AV_NOPTS_VALUE) {
      origin = std::min(origin, to_ns(stream.start_time, stream.time_base));
    }
  }
  return origin < 0 && input.first_frame >= 0 ? 0 : origin;
}

void check_in_place(const OutputFile& file, const AVOutputFormat& muxer) {
  if (!file.in_place() || !needs_seeking(muxer)) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("cannot write {} to {}: it is no regular file, and this container goes "
                          "back to complete what it wrote",
                          muxer.name, quoted(file.final_path())),
              "use a name that ends in .mkv");
}

// A subtitle may reach over the ends of what is written.
void clip_subtitle(AVPacket& packet, AVRational time_base, Nanoseconds begin, Nanoseconds end) {
  if (packet.pts == AV_NOPTS_VALUE) return;
  const std::int64_t first = from_ns(begin, time_base);
  std::int64_t shown_until = packet.pts + packet.duration;
  if (end != INT64_MAX) shown_until = std::min(shown_until, from_ns(end, time_base));
  packet.pts = std::max(packet.pts, first);
  packet.dts = packet.pts;
  packet.duration = std::max<std::int64_t>(shown_until - packet.pts, 0);
}

}  // namespace

struct VideoWriter::State {
  State(const std::filesystem::path& path, bool overwrite, const EncoderPlan& plan,
        const EncodeOptions& options, Size canvas, VideoReader& target, const Events& events);

  std::vector<int> decide_copies(const AVOutputFormat& format, const Events& events);
  void write_encoded();
  void write_copied(const std::vector<std::shared_ptr<Packet>>& packets);

  OutputFile file;
  const InputStreams& input;
  AVRational time_base;  // of SourceFrame::pts
  Encoder encoder;
  std::vector<std::string> stream_lines;
  std::map<int, int> output_of;  // by input stream
  Nanoseconds origin = 0;
  std::optional<Muxer> muxer;
  UniquePacket packet = make_packet();
  std::uint64_t frames = 0;
  Nanoseconds end = 0;
};

VideoWriter::State::State(const std::filesystem::path& path, bool overwrite,
                          const EncoderPlan& plan, const EncodeOptions& options, Size canvas,
                          VideoReader& target, const Events& events)
    : file(path, overwrite),
      input(target.streams()),
      time_base{target.info().time_base.num, target.info().time_base.den},
      encoder(plan, options,
              {.size = canvas,
               .time_base = time_base,
               .fps = {target.info().fps.num, target.info().fps.den}}) {
  const AVOutputFormat& format = find_muxer(plan.container);
  check_in_place(file, format);

  const std::vector<int> copied = decide_copies(format, events);
  target.copy_streams(copied);
  int output_stream = kVideoStream;
  for (const int index : copied) output_of[index] = ++output_stream;

  origin = time_line_origin(input, copied);
  UniqueOutput output =
      make_output(format, file_url(file.path()), encoder.context(), input, copied);
  copy_chapters(*output, input, origin);
  muxer.emplace(std::move(output), file.path(), file.final_path(), origin, events);
}

std::vector<int> VideoWriter::State::decide_copies(const AVOutputFormat& format,
                                                   const Events& events) {
  std::vector<int> copied;
  for (const StreamFate& fate : decide_streams(input, format, encoder.context())) {
    if (fate.copied) copied.push_back(fate.index);
    fate.missed ? events.warning(fate.line) : events.detail(fate.line);
    stream_lines.push_back(fate.line);
  }
  return copied;
}

void VideoWriter::State::write_encoded() {
  while (encoder.receive(*packet)) {
    muxer->write(*packet, kVideoStream, encoder.context().time_base, input.pts_zero);
  }
}

void VideoWriter::State::write_copied(const std::vector<std::shared_ptr<Packet>>& packets) {
  for (const auto& copied : packets) {
    const int stream = copied->input_stream();
    const auto output = output_of.find(stream);
    if (output == output_of.end()) continue;
    check(av_packet_ref(packet.get(), &copied->get()), "cannot pass on a packet");
    const AVCodecParameters& parameters = *input.format->streams[stream]->codecpar;
    if (parameters.codec_type == AVMEDIA_TYPE_SUBTITLE && input.starts_later) {
      clip_subtitle(*packet, copied->time_base(), origin, input.end);
    }
    muxer->write(*packet, output->second, copied->time_base());
  }
}

VideoWriter::VideoWriter(const std::filesystem::path& output, bool overwrite,
                         const EncoderPlan& plan, const EncodeOptions& options, Size canvas,
                         VideoReader& target, const Events& events)
    : state_(std::make_unique<State>(output, overwrite, plan, options, canvas, target, events)) {}

VideoWriter::~VideoWriter() = default;

const std::vector<std::string>& VideoWriter::stream_lines() const { return state_->stream_lines; }

void VideoWriter::write(const SourceFrame& frame, const Picture& mosaic) {
  State& state = *state_;
  state.write_copied(frame.packets);
  state.encoder.send(mosaic, frame.pts, frame.duration);
  state.write_encoded();
  ++state.frames;
  state.end = state.input.pts_zero + to_ns(frame.pts + frame.duration, state.time_base);
}

OutputSummary VideoWriter::finish(const std::vector<std::shared_ptr<Packet>>& remaining,
                                  const std::optional<std::filesystem::path>& other) {
  State& state = *state_;
  // The pictures first: the sound that is left then finds them to be interleaved with.
  state.encoder.finish();
  state.write_encoded();
  state.write_copied(remaining);

  OutputSummary summary;
  summary.bytes = state.muxer->finish();
  state.file.commit(other);
  summary.frames = state.frames;
  summary.duration_s = ns_to_seconds(state.end - state.origin);
  return summary;
}

std::string default_extension(const InputStreams& streams) {
  const Container* own = find_container(streams.path);
  if (own != nullptr && std::string_view(own->encoder) == "libx264" &&
      std::string_view(own->muxer) != "avi") {
    return own->extension;
  }
  return takes_all_streams(streams, find_muxer("mp4")) ? ".mp4" : ".mkv";
}

}  // namespace smalti::media
