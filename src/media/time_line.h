#pragma once

extern "C" {
#include <libavutil/avutil.h>
#include <libavutil/mathematics.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>

/// Times of streams with different time bases are compared and shifted in nanoseconds: fine enough
/// that a time stamp comes back unchanged from there, and good for 292 years.
///
/// Files may say anything. What lies more than 73 years from zero (a clock of 1970 does not yet) is
/// no time at all: three that are possible can be added up without overflow, in nanoseconds and in
/// any time base.
namespace smalti::media {

using Nanoseconds = std::int64_t;

inline constexpr AVRational kNanosecond{1, 1'000'000'000};

inline constexpr std::int64_t kFarthest = std::int64_t{1} << 61;

/// The nearest possible time.
inline Nanoseconds to_ns(std::int64_t timestamp, AVRational time_base) {
  const Nanoseconds time = av_rescale_q(timestamp, time_base, kNanosecond);
  if (time == INT64_MIN) return timestamp < 0 ? -kFarthest : kFarthest;  // too far even for libav
  return std::clamp(time, -kFarthest, kFarthest);
}

inline std::int64_t from_ns(Nanoseconds time, AVRational time_base) {
  const std::int64_t timestamp = av_rescale_q(time, kNanosecond, time_base);
  if (timestamp == INT64_MIN) return time < 0 ? -kFarthest : kFarthest;
  return std::clamp(timestamp, -kFarthest, kFarthest);
}

/// Whether a time stamp can be reckoned with; AV_NOPTS_VALUE, too, can not.
inline bool is_possible(std::int64_t timestamp, AVRational time_base) {
  if (timestamp <= -kFarthest || timestamp >= kFarthest) return false;
  const Nanoseconds time = to_ns(timestamp, time_base);
  return time > -kFarthest && time < kFarthest;
}

/// Beyond thirty years either way, thirty years.
inline Nanoseconds seconds_to_ns(double seconds) {
  return std::llround(std::clamp(seconds, -1e9, 1e9) * 1e9);
}

inline double ns_to_seconds(Nanoseconds time) { return static_cast<double>(time) / 1e9; }

}  // namespace smalti::media
