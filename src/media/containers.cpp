#include "media/containers.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/names.h"

namespace smalti::media {
namespace {

constexpr Container kContainers[] = {
    {".mp4", "mp4", "libx264"},      {".m4v", "mp4", "libx264"},      {".mov", "mov", "libx264"},
    {".mkv", "matroska", "libx264"}, {".webm", "webm", "libvpx-vp9"}, {".avi", "avi", "libx264"},
    {".ts", "mpegts", "libx264"},    {".m2ts", "mpegts", "libx264"},  {".mts", "mpegts", "libx264"},
    {".flv", "flv", "libx264"},      {".nut", "nut", "libx264"},      {".ogv", "ogv", "libtheora"},
    {".mpg", "mpeg", "mpeg2video"},  {".mpeg", "mpeg", "mpeg2video"},
};

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// libav writes anything into these two, but only this much is understood by readers.
bool transport_stream_takes(AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_MPEG4:
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
    case AV_CODEC_ID_AAC:
    case AV_CODEC_ID_AAC_LATM:
    case AV_CODEC_ID_AC3:
    case AV_CODEC_ID_EAC3:
    case AV_CODEC_ID_DTS:
    case AV_CODEC_ID_OPUS:
    case AV_CODEC_ID_DVB_SUBTITLE:
    case AV_CODEC_ID_DVB_TELETEXT:
      return true;
    default:
      return false;
  }
}

bool program_stream_takes(AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
    case AV_CODEC_ID_AC3:
    case AV_CODEC_ID_DTS:
      return true;
    default:
      return false;
  }
}

// A device or FIFO, which needs no extension, but a container that never goes back in it.
bool is_special(const std::filesystem::path& path) {
  using std::filesystem::file_type;
  std::error_code error;
  switch (std::filesystem::status(path, error).type()) {
    case file_type::block:
    case file_type::character:
    case file_type::fifo:
    case file_type::socket:
      return true;
    default:
      return false;
  }
}

}  // namespace

const Container* find_container(const std::filesystem::path& output) {
  const std::string extension = lower_extension(output);
  const auto* found = std::find_if(std::begin(kContainers), std::end(kContainers),
                                   [&](const Container& c) { return c.extension == extension; });
  return found != std::end(kContainers) ? found : nullptr;
}

const Container& container_for(const std::filesystem::path& output) {
  if (const Container* container = find_container(output)) return *container;
  if (is_special(output)) return *find_container("any.mkv");
  throw Error(ErrorKind::kUsage,
              fmt::format("no video container is known by the extension of {}", quoted(output)),
              "use .mp4, .mkv, .mov, .webm, .avi or .ts");
}

const AVOutputFormat& find_muxer(const std::string& name) {
  if (const AVOutputFormat* muxer = av_guess_format(name.c_str(), nullptr, nullptr)) return *muxer;
  throw Error(ErrorKind::kUsage, fmt::format("this FFmpeg writes no '{}' files", name));
}

bool takes(const AVOutputFormat& muxer, AVCodecID codec) {
  const std::string_view name = muxer.name;
  if (name == "mpegts") return transport_stream_takes(codec);
  if (name == "mpeg") return program_stream_takes(codec);
  if (name != "matroska") return avformat_query_codec(&muxer, codec, FF_COMPLIANCE_NORMAL) == 1;
  // What has no Matroska name goes by its AVI or WAV tag.
  return avformat_query_codec(&muxer, codec, FF_COMPLIANCE_UNOFFICIAL) == 1;
}

bool takes_attachments(const AVOutputFormat& muxer) { return is_one_of(muxer.name, {"matroska"}); }

// libav's AVFMT_VARIABLE_FPS does not tell: its mp4 muxer has times for every frame but not the
// flag.
bool counts_frames(const AVOutputFormat& muxer) {
  return is_one_of(muxer.name, {"avi", "ogv", "mpeg"});
}

bool needs_seeking(const AVOutputFormat& muxer) {
  return !is_one_of(muxer.name, {"matroska", "webm", "mpegts", "mpeg", "nut", "ogv"});
}

}  // namespace smalti::media
