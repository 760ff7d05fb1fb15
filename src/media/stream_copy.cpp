#include "media/stream_copy.h"

extern "C" {
#include <libavutil/mem.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/names.h"
#include "media/containers.h"
#include "media/log.h"

namespace smalti::media {
namespace {

// What describes the source file itself and would be wrong, or is written anew, in another.
bool is_technical(std::string_view key) {
  constexpr std::string_view kTechnical[] = {
      "major_brand", "minor_version",    "compatible_brands", "encoder",
      "vendor_id",   "rotate",           "duration",          "bps",
      "encoding",    "number_of_frames", "number_of_bytes"};
  const std::string lower = lower_case(std::string(key));
  return lower.starts_with("_statistics_") ||
         std::any_of(std::begin(kTechnical), std::end(kTechnical), [&](std::string_view name) {
           // Matroska writes statistics once a language: BPS-eng.
           return lower == name || (lower.starts_with(name) && lower.size() > name.size() &&
                                    lower[name.size()] == '-');
         });
}

void copy_metadata(AVDictionary** to, const AVDictionary* from) {
  const AVDictionaryEntry* entry = nullptr;
  while ((entry = av_dict_get(from, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
    if (is_technical(entry->key)) continue;
    if (av_dict_set(to, entry->key, entry->value, 0) < 0) throw std::bad_alloc();
  }
}

void copy_side_data([[maybe_unused]] AVStream& to, [[maybe_unused]] const AVStream& from) {
#if LIBAVFORMAT_VERSION_INT < AV_VERSION_INT(60, 15, 100)  // later it is part of codecpar
  for (int i = 0; i < from.nb_side_data; ++i) {
    const AVPacketSideData& data = from.side_data[i];
    if (data.type == AV_PKT_DATA_DISPLAYMATRIX) continue;
    std::memcpy(allocated(av_stream_new_side_data(&to, data.type, data.size)), data.data,
                data.size);
  }
#endif
}

// The source container's tag is kept only where it means the same to the new one.
std::uint32_t codec_tag_in(const AVOutputFormat& muxer, const AVCodecParameters& parameters) {
  if (muxer.codec_tag == nullptr) return parameters.codec_tag;
  const bool same = av_codec_get_id(muxer.codec_tag, parameters.codec_tag) == parameters.codec_id;
  return same ? parameters.codec_tag : 0;
}

void add_copied_stream(AVFormatContext& output, const AVStream& from) {
  AVStream& stream = *allocated(avformat_new_stream(&output, nullptr));
  check(avcodec_parameters_copy(stream.codecpar, from.codecpar), "cannot copy a stream");
  stream.codecpar->codec_tag = codec_tag_in(*output.oformat, *from.codecpar);
  stream.time_base = from.time_base;
  stream.disposition = from.disposition;
  copy_metadata(&stream.metadata, from.metadata);
  copy_side_data(stream, from);
}

void add_video_stream(AVFormatContext& output, const AVCodecContext& encoder,
                      const AVStream& from) {
  AVStream& stream = *allocated(avformat_new_stream(&output, nullptr));
  check(avcodec_parameters_from_context(stream.codecpar, &encoder), "cannot set up the video");
  stream.time_base = encoder.time_base;
  stream.avg_frame_rate = encoder.framerate;
  stream.sample_aspect_ratio = encoder.sample_aspect_ratio;
  stream.disposition = from.disposition & AV_DISPOSITION_DEFAULT;
  copy_metadata(&stream.metadata, from.metadata);
}

bool has_parameters(const AVCodecParameters& parameters) {
  if (parameters.codec_type == AVMEDIA_TYPE_ATTACHMENT) return parameters.extradata_size > 0;
  if (parameters.codec_id == AV_CODEC_ID_NONE) return false;
  return parameters.codec_type != AVMEDIA_TYPE_AUDIO || parameters.sample_rate > 0;
}

bool is_copied_kind(AVMediaType type) {
  return type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE ||
         type == AVMEDIA_TYPE_ATTACHMENT;
}

bool fits(const AVOutputFormat& muxer, const AVCodecParameters& parameters) {
  return parameters.codec_type == AVMEDIA_TYPE_ATTACHMENT ? takes_attachments(muxer)
                                                          : takes(muxer, parameters.codec_id);
}

// Null when the header was written, else why not.
std::optional<std::string> try_header(const AVOutputFormat& muxer, const AVCodecContext& encoder,
                                      const InputStreams& input, const std::vector<int>& copied) {
  AVIOContext* io = nullptr;
  check(avio_open_dyn_buf(&io), "cannot try the container");
  const UniqueDynamicIo owner(io);
  const UniqueOutput output = make_output(muxer, "", encoder, input, copied);
  output->pb = io;
  forget_error_line();
  const int result = avformat_write_header(output.get(), nullptr);
  if (result >= 0) return std::nullopt;
  const std::string line = last_error_line();
  return line.empty() ? error_text(result) : line;
}

std::string describe_stream(const AVStream& stream) {
  const AVCodecParameters& parameters = *stream.codecpar;
  const char* kind = av_get_media_type_string(parameters.codec_type);
  std::string text = fmt::format("{} stream #{} ({}", kind != nullptr ? kind : "unknown",
                                 stream.index, avcodec_get_name(parameters.codec_id));
  const AVDictionaryEntry* language = av_dict_get(stream.metadata, "language", nullptr, 0);
  if (language != nullptr) text += fmt::format(", {}", language->value);
  return text + ")";
}

// Null when it can be copied behind those already chosen, else why not.
std::optional<std::string> why_left_out(const AVStream& stream, const InputStreams& input,
                                        const AVOutputFormat& muxer, const AVCodecContext& encoder,
                                        const std::vector<int>& chosen) {
  if (!has_parameters(*stream.codecpar)) return "the file does not say how to decode it";
  const std::string advice =
      std::string_view(muxer.name) == "matroska" ? "" : "; an .mkv output would keep it";
  if (!fits(muxer, *stream.codecpar)) {
    return fmt::format("{} files cannot hold it{}", muxer.name, advice);
  }
  std::vector<int> with_it = chosen;
  with_it.push_back(stream.index);
  if (const auto refusal = try_header(muxer, encoder, input, with_it)) {
    return fmt::format("{} files cannot hold it ({}){}", muxer.name, *refusal, advice);
  }
  return std::nullopt;
}

}  // namespace

std::vector<StreamFate> decide_streams(const InputStreams& input, const AVOutputFormat& muxer,
                                       const AVCodecContext& encoder) {
  std::vector<StreamFate> fates;
  std::vector<int> chosen;
  for (unsigned i = 0; i < input.format->nb_streams; ++i) {
    const AVStream& stream = *input.format->streams[i];
    const AVMediaType type = stream.codecpar->codec_type;
    StreamFate fate{stream.index, false, false, describe_stream(stream)};
    if (stream.index == input.video) {
      fate.line += " becomes the mosaic";
    } else if (type == AVMEDIA_TYPE_VIDEO) {
      const bool cover = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
      fate.missed = true;
      fate.line += cover ? " is left out: it is a cover picture"
                         : " is left out: the mosaic is made of one video stream";
    } else if (!is_copied_kind(type)) {
      fate.line += " is left out: it is neither seen nor heard";
    } else if (const auto reason = why_left_out(stream, input, muxer, encoder, chosen)) {
      fate.missed = true;
      fate.line += " is left out: " + *reason;
    } else {
      fate.copied = true;
      fate.line += " is copied";
      chosen.push_back(stream.index);
    }
    fates.push_back(std::move(fate));
  }
  return fates;
}

bool takes_all_streams(const InputStreams& input, const AVOutputFormat& muxer) {
  for (unsigned i = 0; i < input.format->nb_streams; ++i) {
    const AVCodecParameters& parameters = *input.format->streams[i]->codecpar;
    if (is_copied_kind(parameters.codec_type) && has_parameters(parameters) &&
        !fits(muxer, parameters)) {
      return false;
    }
  }
  return true;
}

UniqueOutput make_output(const AVOutputFormat& muxer, const std::string& url,
                         const AVCodecContext& encoder, const InputStreams& input,
                         const std::vector<int>& copied) {
  AVFormatContext* raw = nullptr;
  check(avformat_alloc_output_context2(&raw, &muxer, nullptr, url.c_str()),
        "cannot set up the container");
  UniqueOutput output(raw);
  add_video_stream(*output, encoder, *input.format->streams[input.video]);
  for (const int index : copied) add_copied_stream(*output, *input.format->streams[index]);
  copy_metadata(&output->metadata, input.format->metadata);
  return output;
}

void copy_chapters(AVFormatContext& output, const InputStreams& input, Nanoseconds origin) {
  const unsigned count = input.format->nb_chapters;
  if (count == 0) return;
  output.chapters = static_cast<AVChapter**>(allocated(av_calloc(count, sizeof(AVChapter*))));
  for (unsigned i = 0; i < count; ++i) {
    const AVChapter& from = *input.format->chapters[i];
    const Nanoseconds start = std::max(to_ns(from.start, from.time_base), origin);
    const Nanoseconds end = std::min(to_ns(from.end, from.time_base), input.end);
    if (start >= end) continue;
    auto* chapter = static_cast<AVChapter*>(allocated(av_mallocz(sizeof(AVChapter))));
    output.chapters[output.nb_chapters++] = chapter;
    chapter->id = from.id;
    chapter->time_base = from.time_base;
    chapter->start = from_ns(start - origin, from.time_base);
    chapter->end = from_ns(end - origin, from.time_base);
    copy_metadata(&chapter->metadata, from.metadata);
  }
}

}  // namespace smalti::media
