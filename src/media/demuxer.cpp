#include "media/demuxer.h"

extern "C" {
#include <libavutil/avstring.h>
}

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "media/log.h"

namespace smalti::media {
namespace {

// Formats that hold everything in the one file, by libav's names.
constexpr const char* kFormats =
    "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,gif,apng,ivf,yuv4mpegpipe,nut,mxf,"
    "h264,hevc,m4v,h263,h261,obu,av1,vc1,dirac,cavsvideo,dv,rm,wtv,gxf,nsv";
constexpr const char* kProtocols = "file,pipe";

constexpr int kFailuresInARow = 100;

// Whether the file says that some packet is larger than the file: no memory for that is damage, and
// no lack of memory.
bool claims_too_much(const AVFormatContext& format) {
  const std::int64_t bytes = avio_size(format.pb);
  if (bytes < 0) return true;  // nobody knows
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const int entries = avformat_index_get_entries_count(format.streams[i]);
    for (int k = 0; k < entries; ++k) {
      const std::int64_t size = avformat_index_get_entry(format.streams[i], k)->size;
      if (size < 0 || size > bytes) return true;  // it has 30 bits there, one of them a sign
    }
  }
  return false;
}

// Before libav sees the name, so that the message says what is wrong with the file itself.
const NamedFile& checked(const NamedFile& file) {
  const auto& [path, name] = file;
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || access(path.c_str(), R_OK) != 0) {
    throw Error(ErrorKind::kMissingInput,
                fmt::format("cannot read {}: {}", name, std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode))
    throw Error(ErrorKind::kBadInput, name + " is a folder", "name one video file");
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
    throw Error(ErrorKind::kBadInput, name + " is neither a file nor a pipe");
  if (S_ISREG(status.st_mode) && status.st_size == 0)
    throw Error(ErrorKind::kBadInput, name + " is empty");
  return file;
}

bool is_playlist(std::string_view format) {
  constexpr std::string_view kPlaylists[] = {"hls", "concat", "dash", "imf", "sdp", "applehttp"};
  return std::find(std::begin(kPlaylists), std::end(kPlaylists), format) != std::end(kPlaylists);
}

std::string why_refused(const AVInputFormat& format) {
  const std::string_view name = format.name;
  if (is_playlist(name)) return "is a playlist, which leads to other files";
  if (name.ends_with("_pipe") || name == "image2") return "is a still picture, not a video";
  return fmt::format("is in the format '{}', in which smalti reads no video",
                     format.long_name != nullptr ? format.long_name : format.name);
}

const AVInputFormat* probe(AVIOContext& io, const std::string& name) {
  const AVInputFormat* format = nullptr;
  // Without the file's name: an extension is no evidence.
  const int result = av_probe_input_buffer2(&io, &format, "", nullptr, 0, 0);
  if (io.error < 0 && io.error != AVERROR_EOF) {
    check(io.error, "cannot read " + name, ErrorKind::kInputOutput);
  }
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (result < 0 || format == nullptr) {
    throw Error(ErrorKind::kBadInput, name + " is no video in any format smalti reads");
  }
  if (av_match_list(format->name, kFormats, ',') == 0) {
    throw Error(ErrorKind::kBadInput, fmt::format("{} {}", name, why_refused(*format)),
                is_playlist(format->name) ? "join it into one file first" : "");
  }
  return format;
}

int refuse_nested_file(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

int stop_requested(void* events) { return static_cast<const Events*>(events)->stop_requested(); }

void settle_times(AVPacket& packet, AVRational time_base) {
  if (!is_possible(packet.pts, time_base)) packet.pts = AV_NOPTS_VALUE;
  if (!is_possible(packet.dts, time_base)) packet.dts = AV_NOPTS_VALUE;
  if (packet.duration < 0 || !is_possible(packet.duration, time_base)) packet.duration = 0;
}

std::string fourcc_text(std::uint32_t tag) {
  std::array<char, AV_FOURCC_MAX_STRING_SIZE> text{};
  return av_fourcc_make_string(text.data(), tag);
}

bool is_moving_picture(const AVStream& stream) {
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
         (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) ==
             0;
}

}  // namespace

Demuxer::Demuxer(const NamedFile& file, const Events& events)
    : name_(checked(file).name),
      events_(std::make_unique<Events>(events)),
      io_(file, FileIo::Mode::kRead, events) {
  forget_error_line();
  const AVInputFormat* input_format = probe(*io_, name_);

  AVFormatContext* format = allocated(avformat_alloc_context());
  format->pb = io_.get();
  format->io_open = refuse_nested_file;
  format->interrupt_callback = {stop_requested, events_.get()};
  Dictionary options;
  options.set("format_whitelist", kFormats);
  options.set("protocol_whitelist", kProtocols);
  // On failure avformat_open_input frees the context itself.
  const int opened = options.lend([&](AVDictionary** dictionary) {
    return avformat_open_input(&format, file_url(file.path).c_str(), input_format, dictionary);
  });
  if (opened < 0) check_reading();
  check(opened, "cannot open " + name_, ErrorKind::kBadInput,
        "the file is damaged or not complete");
  format_.reset(format);
  check(avformat_find_stream_info(format, nullptr), "cannot make out the streams of " + name_,
        ErrorKind::kBadInput);
}

AVStream& Demuxer::video_stream() {
  bool sound = false;
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    AVStream& stream = *format_->streams[i];
    if (is_moving_picture(stream)) {
      if (avcodec_find_decoder(stream.codecpar->codec_id) != nullptr) return stream;
      const AVCodecID codec = stream.codecpar->codec_id;
      throw Error(ErrorKind::kBadInput,
                  fmt::format("cannot decode {}: its codec '{}' is unknown to this FFmpeg", name_,
                              codec != AV_CODEC_ID_NONE ? std::string(avcodec_get_name(codec))
                                                        : fourcc_text(stream.codecpar->codec_tag)),
                  "convert it to H.264 first");
    }
    sound = sound || stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
  }
  throw Error(ErrorKind::kBadInput,
              fmt::format("{} holds {}", name_, sound ? "sound but no video" : "no video"));
}

// What libav itself returns is no evidence: some demuxers say EIO for a file that ends early.
void Demuxer::check_reading() const {
  const int error = io_->error;
  if (error >= 0 || error == AVERROR_EOF || error == AVERROR_EXIT) return;
  check(error, "cannot read on in " + name_, ErrorKind::kInputOutput);
}

bool Demuxer::read(AVPacket& packet) {
  for (int failures = 0; failures < kFailuresInARow; ++failures) {
    forget_error_line();
    const int result = av_read_frame(format_.get(), &packet);
    if (result >= 0) {
      settle_times(packet, format_->streams[packet.stream_index]->time_base);
      return true;
    }
    if (result == AVERROR_EXIT) return false;  // the user's stop
    if (result == AVERROR(ENOMEM) && !claims_too_much(*format_)) throw std::bad_alloc();
    check_reading();
    if (result == AVERROR_EOF) return false;
    // Some demuxers fail at the same place again and again: that is one stretch.
    if (result != AVERROR(EAGAIN) && failures == 0) ++damaged_;
  }
  return false;
}

bool Demuxer::seekable() const {
  return (io_->seekable & AVIO_SEEKABLE_NORMAL) != 0 &&
         (format_->iformat->flags & AVFMT_NOTIMESTAMPS) == 0;
}

bool Demuxer::seek(const AVStream& stream, std::int64_t timestamp) {
  return seekable() &&
         av_seek_frame(format_.get(), stream.index, timestamp, AVSEEK_FLAG_BACKWARD) >= 0;
}

std::optional<std::int64_t> Demuxer::key_before(const AVStream& stream,
                                                std::int64_t timestamp) const {
  AVStream& mutable_stream = *format_->streams[stream.index];
  const AVIndexEntry* entry =
      avformat_index_get_entry_from_timestamp(&mutable_stream, timestamp, AVSEEK_FLAG_BACKWARD);
  if (entry == nullptr) return std::nullopt;
  return entry->timestamp;
}

bool Demuxer::index_reaches(const AVStream& stream, std::int64_t timestamp) const {
  AVStream& mutable_stream = *format_->streams[stream.index];
  const int count = avformat_index_get_entries_count(&mutable_stream);
  return count > 0 && avformat_index_get_entry(&mutable_stream, count - 1)->timestamp >= timestamp;
}

std::int64_t Demuxer::size() const { return std::max<std::int64_t>(avio_size(io_.get()), 0); }

}  // namespace smalti::media
