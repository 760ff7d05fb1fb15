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
namespace smalti::media {

using Nanoseconds = std::int64_t;

inline constexpr AVRational kNanosecond{1, 1'000'000'000};

inline Nanoseconds to_ns(std::int64_t timestamp, AVRational time_base) {
  return av_rescale_q(timestamp, time_base, kNanosecond);
}

inline std::int64_t from_ns(Nanoseconds time, AVRational time_base) {
  return av_rescale_q(time, kNanosecond, time_base);
}

/// Beyond thirty years either way, thirty years.
inline Nanoseconds seconds_to_ns(double seconds) {
  return std::llround(std::clamp(seconds, -1e9, 1e9) * 1e9);
}

inline double ns_to_seconds(Nanoseconds time) { return static_cast<double>(time) / 1e9; }

}  // namespace smalti::media
