#include "media/target_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/decoder.h"

namespace smalti::media {
namespace {

constexpr double kLowestRate = 0.01;
constexpr double kHighestRate = 480;

// A frame that only says "as before" takes some ten bytes in the tightest codecs.
constexpr double kFewestBytesAFrame = 6;

bool is_sensible_rate(AVRational fps) {
  return fps.num > 0 && fps.den > 0 && av_q2d(fps) >= kLowestRate && av_q2d(fps) <= kHighestRate;
}

std::optional<double> duration_s(const AVFormatContext& format, const AVStream& video) {
  if (video.duration != AV_NOPTS_VALUE && video.duration > 0) {
    return static_cast<double>(video.duration) * av_q2d(video.time_base);
  }
  if (format.duration != AV_NOPTS_VALUE && format.duration > 0) {
    return static_cast<double>(format.duration) / AV_TIME_BASE;
  }
  return std::nullopt;
}

bool could_hold(std::int64_t file_bytes, double frames) {
  return frames >= 1 && static_cast<double>(file_bytes) / frames >= kFewestBytesAFrame;
}

}  // namespace

Size in_square_pixels(Size size, AVRational sample_aspect) {
  constexpr std::int64_t kLongest = 32;  // beyond, it is a broken header and no picture's shape
  const std::int64_t num = sample_aspect.num;
  const std::int64_t den = sample_aspect.den;
  if (num <= 0 || den <= 0 || num > kLongest * den || den > kLongest * num) return size;
  if (num > den) {
    size.width = static_cast<int>(av_rescale(size.width, num, den));
  } else {
    size.height = static_cast<int>(av_rescale(size.height, den, num));
  }
  return size;
}

AVRational frame_rate(const AVStream& video, std::int64_t first_duration) {
  if (is_sensible_rate(video.avg_frame_rate)) return video.avg_frame_rate;
  if (first_duration > 0 && first_duration <= INT64_MAX / std::max(video.time_base.num, 1)) {
    AVRational fps{};
    av_reduce(&fps.num, &fps.den, video.time_base.den, video.time_base.num * first_duration,
              1'000'000);
    if (is_sensible_rate(fps)) return fps;
  }
  return is_sensible_rate(video.r_frame_rate) ? video.r_frame_rate : AVRational{0, 1};
}

std::optional<std::uint64_t> estimate_frames(const Demuxer& demuxer, const AVStream& video,
                                             const ReadOptions& options, AVRational fps) {
  const std::optional<double> length_s = duration_s(demuxer.format(), video);
  if (!length_s || !is_sensible_rate(fps)) return std::nullopt;
  const double by_time = *length_s * av_q2d(fps);
  const double all = video.nb_frames > 0 ? static_cast<double>(video.nb_frames) : by_time;
  if (!could_hold(demuxer.size(), std::max(all, by_time))) return std::nullopt;

  const double rest_s = std::max(0.0, *length_s - options.start_s);
  const double wanted_s = options.duration_s ? std::min(*options.duration_s, rest_s) : rest_s;
  const double frames =
      options.fps ? wanted_s * options.fps->num / options.fps->den : all * wanted_s / *length_s;
  return static_cast<std::uint64_t>(std::max(1.0, std::round(frames)));
}

void warn_of_looks(const AVFrame& frame, const std::filesystem::path& path, const Events& events) {
  const std::string name = quoted(path);
  if (is_interlaced(frame)) {
    events.warning(fmt::format("{} is interlaced: its combing is kept for now", name));
  }
  if (frame.color_trc == AVCOL_TRC_SMPTE2084 || frame.color_trc == AVCOL_TRC_ARIB_STD_B67) {
    events.warning(fmt::format(
        "{} is HDR ({}): its colours are read as if they were of standard range for now", name,
        frame.color_trc == AVCOL_TRC_SMPTE2084 ? "PQ" : "HLG"));
  }
}

}  // namespace smalti::media
