#include "support/clips.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "media/handles.h"

namespace smalti::clips {
namespace fs = std::filesystem;
using media::UniqueCodec;
using media::UniqueFrame;
using media::UniqueInput;
using media::UniqueIo;
using media::UniqueOutput;
using media::UniquePacket;

namespace {

constexpr AVRational kMilliseconds{1, 1000};
constexpr AVRational kTick{1, 25};  // how long a frame is shown when nothing else says it
constexpr int kSampleRate = 48000;

int must(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + media::error_text(result));
  return result;
}

struct Track {
  AVStream* stream = nullptr;
  UniqueCodec codec;
};

class ClipMaker {
 public:
  ClipMaker(const fs::path& path, const ClipOptions& options) : options_(options) {
    AVFormatContext* raw = nullptr;
    must(avformat_alloc_output_context2(&raw, nullptr, nullptr, path.c_str()), "container");
    output_.reset(raw);
    if (options.audio_first) add_audio();
    if (options.picture) add_video();
    if (!options.audio_first) add_audio();
    if (!options.subtitles.empty()) add_subtitles();
    if (options.attachment) add_attachment();
    add_chapters();
    av_dict_set(&output_->metadata, "title", "made for a test", 0);
    AVIOContext* io = nullptr;
    must(avio_open(&io, ("file:" + path.string()).c_str(), AVIO_FLAG_WRITE), "file");
    io_.reset(io);
    output_->pb = io;
    must(avformat_write_header(raw, nullptr), "header");
  }

  void make() {
    if (options_.audio_first) {
      write_audio();
      av_write_frame(output_.get(), nullptr);
      write_video();
    } else {
      write_video();
      write_audio();
    }
    write_subtitles();
    must(av_write_trailer(output_.get()), "trailer");
  }

 private:
  void open(Track& track, const AVCodec* encoder) {
    if (output_->oformat->flags & AVFMT_GLOBALHEADER) {
      track.codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    must(avcodec_open2(track.codec.get(), encoder, nullptr), "encoder");
    track.stream = avformat_new_stream(output_.get(), nullptr);
    must(avcodec_parameters_from_context(track.stream->codecpar, track.codec.get()), "stream");
    track.stream->time_base = track.codec->time_base;
  }

  void add_video() {
    const AVCodec* encoder = avcodec_find_encoder_by_name(options_.encoder.c_str());
    if (encoder == nullptr) throw std::runtime_error("no encoder " + options_.encoder);
    video_.codec.reset(avcodec_alloc_context3(encoder));
    AVCodecContext& codec = *video_.codec;
    codec.width = options_.size.width;
    codec.height = options_.size.height;
    codec.pix_fmt = av_get_pix_fmt(options_.pixel_format.c_str());
    codec.time_base = options_.pts_ms.empty() ? AVRational{1, options_.fps} : kMilliseconds;
    codec.framerate = {options_.fps, 1};
    codec.gop_size = options_.key_interval;
    codec.max_b_frames = options_.b_frames;
    codec.sample_aspect_ratio = {options_.sample_aspect.first, options_.sample_aspect.second};
    codec.color_range = options_.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    codec.thread_count = 1;
    open(video_, encoder);
    video_.stream->sample_aspect_ratio = codec.sample_aspect_ratio;
    if (options_.matrix) add_matrix(*options_.matrix);
  }

  void add_matrix(const std::array<int, 4>& m) {
    constexpr std::int32_t kOne = 1 << 16;
    const std::array<std::int32_t, 9> matrix{m[0] * kOne, m[1] * kOne, 0, m[2] * kOne, m[3] * kOne,
                                             0,           0,           0, 1 << 30};
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    AVPacketSideData* data = av_packet_side_data_new(&video_.stream->codecpar->coded_side_data,
                                                     &video_.stream->codecpar->nb_coded_side_data,
                                                     AV_PKT_DATA_DISPLAYMATRIX, sizeof(matrix), 0);
    std::memcpy(data->data, matrix.data(), sizeof(matrix));
#else
    std::memcpy(av_stream_new_side_data(video_.stream, AV_PKT_DATA_DISPLAYMATRIX, sizeof(matrix)),
                matrix.data(), sizeof(matrix));
#endif
  }

  void add_audio() {
    for (const AudioTrack& wanted : options_.audio) {
      const AVCodec* encoder = avcodec_find_encoder_by_name("aac");
      Track& track = audio_.emplace_back();
      track.codec.reset(avcodec_alloc_context3(encoder));
      track.codec->sample_rate = kSampleRate;
      track.codec->sample_fmt = AV_SAMPLE_FMT_FLTP;
      track.codec->time_base = {1, kSampleRate};
      av_channel_layout_default(&track.codec->ch_layout, 1);
      open(track, encoder);
      av_dict_set(&track.stream->metadata, "language", wanted.language.c_str(), 0);
      if (audio_.size() == 1) track.stream->disposition = AV_DISPOSITION_DEFAULT;
    }
  }

  void add_subtitles() {
    subtitles_ = avformat_new_stream(output_.get(), nullptr);
    subtitles_->codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
    subtitles_->codecpar->codec_id = AV_CODEC_ID_SUBRIP;
    subtitles_->time_base = kMilliseconds;
    av_dict_set(&subtitles_->metadata, "language", "fra", 0);
  }

  void add_attachment() {
    AVStream* stream = avformat_new_stream(output_.get(), nullptr);
    stream->codecpar->codec_type = AVMEDIA_TYPE_ATTACHMENT;
    stream->codecpar->codec_id = AV_CODEC_ID_TTF;
    constexpr char kBytes[] = "not really a font";
    stream->codecpar->extradata =
        static_cast<std::uint8_t*>(av_mallocz(sizeof(kBytes) + AV_INPUT_BUFFER_PADDING_SIZE));
    std::memcpy(stream->codecpar->extradata, kBytes, sizeof(kBytes));
    stream->codecpar->extradata_size = sizeof(kBytes);
    av_dict_set(&stream->metadata, "filename", "letters.ttf", 0);
    av_dict_set(&stream->metadata, "mimetype", "application/x-truetype-font", 0);
  }

  void add_chapters() {
    if (options_.chapters.empty()) return;
    output_->chapters =
        static_cast<AVChapter**>(av_calloc(options_.chapters.size(), sizeof(AVChapter*)));
    for (const Chapter& wanted : options_.chapters) {
      auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
      chapter->id = output_->nb_chapters;
      chapter->time_base = kMilliseconds;
      chapter->start = std::lround(wanted.start_s * 1000);
      chapter->end = std::lround(wanted.end_s * 1000);
      av_dict_set(&chapter->metadata, "title", wanted.title.c_str(), 0);
      output_->chapters[output_->nb_chapters++] = chapter;
    }
  }

  void encode(Track& track, const AVFrame* frame) {
    must(avcodec_send_frame(track.codec.get(), frame), "encoding");
    const UniquePacket packet = media::make_packet();
    while (avcodec_receive_packet(track.codec.get(), packet.get()) >= 0) {
      if (packet->duration == 0) packet->duration = av_rescale_q(1, kTick, track.codec->time_base);
      av_packet_rescale_ts(packet.get(), track.codec->time_base, track.stream->time_base);
      packet->stream_index = track.stream->index;
      must(av_interleaved_write_frame(output_.get(), packet.get()), "writing");
    }
  }

  UniqueFrame picture(int number) const {
    UniqueFrame frame = media::make_frame();
    frame->format = video_.codec->pix_fmt;
    frame->width = options_.size.width;
    frame->height = options_.size.height;
    must(av_frame_get_buffer(frame.get(), 0), "frame");
    const AVPixFmtDescriptor& desc = *av_pix_fmt_desc_get(video_.codec->pix_fmt);
    const bool rgb = (desc.flags & AV_PIX_FMT_FLAG_RGB) != 0;
    for (int c = 0; c < desc.nb_components; ++c) {
      const bool chroma = !rgb && (c == 1 || c == 2);
      const int width = chroma ? -(-frame->width >> desc.log2_chroma_w) : frame->width;
      const int height = chroma ? -(-frame->height >> desc.log2_chroma_h) : frame->height;
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const auto quadrant =
              static_cast<std::size_t>((y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0));
          const int grey = chroma ? 128 : kQuadrants[quadrant] + number % 40;
          set_sample(*frame, desc.comp[c], x, y, grey);
        }
      }
    }
    return frame;
  }

  static void set_sample(AVFrame& frame, const AVComponentDescriptor& component, int x, int y,
                         int grey) {
    std::uint8_t* at = frame.data[component.plane] +
                       std::ptrdiff_t{y} * frame.linesize[component.plane] +
                       std::ptrdiff_t{x} * component.step + component.offset;
    const int value = grey << (component.depth - 8) << component.shift;
    if (component.depth > 8) {
      const auto sample = static_cast<std::uint16_t>(value);
      std::memcpy(at, &sample, sizeof(sample));
    } else {
      *at = static_cast<std::uint8_t>(value);
    }
  }

  void write_video() {
    if (!options_.picture) return;
    const AVRational time_base = video_.codec->time_base;
    const std::int64_t start = std::llround(options_.start_s * time_base.den / time_base.num);
    const int frames =
        options_.pts_ms.empty() ? options_.frames : static_cast<int>(options_.pts_ms.size());
    for (int i = 0; i < frames; ++i) {
      const UniqueFrame frame = picture(i);
      frame->pts =
          start + (options_.pts_ms.empty() ? i : options_.pts_ms[static_cast<std::size_t>(i)]);
      encode(video_, frame.get());
    }
    encode(video_, nullptr);
  }

  void write_audio() {
    for (std::size_t i = 0; i < audio_.size(); ++i) {
      Track& track = audio_[i];
      const int block = track.codec->frame_size;
      const std::int64_t start = std::llround(options_.audio[i].start_s * kSampleRate);
      const std::int64_t samples = std::llround(options_.audio[i].length_s * kSampleRate);
      for (std::int64_t done = 0; done + block <= samples; done += block) {
        const UniqueFrame frame = media::make_frame();
        frame->format = track.codec->sample_fmt;
        frame->nb_samples = block;
        frame->sample_rate = kSampleRate;
        av_channel_layout_copy(&frame->ch_layout, &track.codec->ch_layout);
        must(av_frame_get_buffer(frame.get(), 0), "samples");
        auto* sample = reinterpret_cast<float*>(frame->data[0]);
        for (int s = 0; s < block; ++s) {
          sample[s] = 0.3F * static_cast<float>(std::sin(0.05 * static_cast<double>(done + s)));
        }
        frame->pts = start + done;
        encode(track, frame.get());
      }
      encode(track, nullptr);
    }
  }

  void write_subtitles() {
    for (std::size_t i = 0; i < options_.subtitles.size(); ++i) {
      const std::string& text = options_.subtitles[i];
      const UniquePacket packet = media::make_packet();
      must(av_new_packet(packet.get(), static_cast<int>(text.size())), "subtitle");
      std::memcpy(packet->data, text.data(), text.size());
      packet->pts = packet->dts = static_cast<std::int64_t>(i) * 1000;
      packet->duration = 1000;
      packet->stream_index = subtitles_->index;
      av_packet_rescale_ts(packet.get(), kMilliseconds, subtitles_->time_base);
      must(av_interleaved_write_frame(output_.get(), packet.get()), "subtitle");
    }
  }

  const ClipOptions& options_;
  UniqueIo io_;
  UniqueOutput output_;
  Track video_;
  std::vector<Track> audio_;
  AVStream* subtitles_ = nullptr;
};

std::uint64_t hash_of(const AVPacket& packet) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (int i = 0; i < packet.size; ++i) hash = (hash ^ packet.data[i]) * 0x100000001b3;
  return hash;
}

std::map<std::string, std::string> as_map(const AVDictionary* dictionary) {
  std::map<std::string, std::string> map;
  const AVDictionaryEntry* entry = nullptr;
  while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
    map[entry->key] = entry->value;
  }
  return map;
}

int mean_luma(const AVFrame& frame) {
  const AVPixFmtDescriptor& desc = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const AVComponentDescriptor& luma = desc.comp[0];
  std::uint64_t sum = 0;
  for (int y = 0; y < frame.height; ++y) {
    const std::uint8_t* row =
        frame.data[luma.plane] + std::ptrdiff_t{y} * frame.linesize[luma.plane];
    for (int x = 0; x < frame.width; ++x) {
      const std::uint8_t* at = row + std::ptrdiff_t{x} * luma.step + luma.offset;
      sum += luma.depth > 8 ? (at[0] | at[1] << 8) >> (luma.depth - 8) : at[0];
    }
  }
  const auto pixels = static_cast<std::uint64_t>(frame.width) * frame.height;
  return static_cast<int>((sum + pixels / 2) / pixels);
}

void decode(Probed& probed, AVCodecContext& codec, AVRational time_base, const AVPacket* packet) {
  avcodec_send_packet(&codec, packet);
  const UniqueFrame frame = media::make_frame();
  for (;;) {
    const int result = avcodec_receive_frame(&codec, frame.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
    if (result < 0) continue;
    const std::int64_t pts = frame->best_effort_timestamp != AV_NOPTS_VALUE
                                 ? frame->best_effort_timestamp
                                 : frame->pkt_dts;
    probed.frame_times_s.push_back(static_cast<double>(pts) * av_q2d(time_base));
    probed.frame_greys.push_back(mean_luma(*frame));
  }
}

bool has_display_matrix(const AVStream& stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  return av_packet_side_data_get(stream.codecpar->coded_side_data,
                                 stream.codecpar->nb_coded_side_data,
                                 AV_PKT_DATA_DISPLAYMATRIX) != nullptr;
#else
  return av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr) != nullptr;
#endif
}

void describe_streams(Probed& probed, const AVFormatContext& input) {
  for (unsigned i = 0; i < input.nb_streams; ++i) {
    const AVStream& stream = *input.streams[i];
    ProbedStream& described = probed.streams.emplace_back();
    const char* kind = av_get_media_type_string(stream.codecpar->codec_type);
    described.kind = kind != nullptr ? kind : "";
    described.codec = avcodec_get_name(stream.codecpar->codec_id);
    described.metadata = as_map(stream.metadata);
    described.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
  }
  for (unsigned i = 0; i < input.nb_chapters; ++i) {
    const AVChapter& chapter = *input.chapters[i];
    const double unit = av_q2d(chapter.time_base);
    probed.chapters.push_back({static_cast<double>(chapter.start) * unit,
                               static_cast<double>(chapter.end) * unit,
                               as_map(chapter.metadata)["title"]});
  }
}

}  // namespace

void make_clip(const fs::path& path, const ClipOptions& options) {
  ClipMaker(path, options).make();
}

const ProbedStream& Probed::stream(const std::string& kind, int number) const {
  for (const ProbedStream& stream : streams) {
    if (stream.kind == kind && number-- == 0) return stream;
  }
  throw std::runtime_error("no such stream: " + kind);
}

int Probed::count(const std::string& kind) const {
  return static_cast<int>(std::count_if(streams.begin(), streams.end(),
                                        [&](const auto& stream) { return stream.kind == kind; }));
}

Probed probe(const fs::path& path) {
  AVFormatContext* raw = nullptr;
  must(avformat_open_input(&raw, ("file:" + path.string()).c_str(), nullptr, nullptr), "open");
  const UniqueInput input(raw);
  must(avformat_find_stream_info(raw, nullptr), "streams");

  Probed probed;
  probed.metadata = as_map(raw->metadata);
  probed.duration_s = static_cast<double>(raw->duration) / AV_TIME_BASE;
  describe_streams(probed, *raw);

  UniqueCodec codec;
  const int video = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (video >= 0) {
    const AVCodecParameters& parameters = *raw->streams[video]->codecpar;
    const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
    codec.reset(avcodec_alloc_context3(decoder));
    must(avcodec_parameters_to_context(codec.get(), &parameters), "decoder");
    codec->pkt_timebase = raw->streams[video]->time_base;
    must(avcodec_open2(codec.get(), decoder, nullptr), "decoder");
    probed.size = {parameters.width, parameters.height};
    probed.color_matrix = parameters.color_space;
    probed.has_display_matrix = has_display_matrix(*raw->streams[video]);
  }
  const UniquePacket packet = media::make_packet();
  while (av_read_frame(raw, packet.get()) >= 0) {
    const AVStream& stream = *raw->streams[packet->stream_index];
    const double unit = av_q2d(stream.time_base);
    probed.streams[static_cast<std::size_t>(packet->stream_index)].packets.push_back(
        {static_cast<double>(packet->pts) * unit, static_cast<double>(packet->duration) * unit,
         hash_of(*packet)});
    if (packet->stream_index == video) decode(probed, *codec, stream.time_base, packet.get());
    av_packet_unref(packet.get());
  }
  if (video >= 0) decode(probed, *codec, raw->streams[video]->time_base, nullptr);
  return probed;
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace smalti::clips
