#pragma once

#include <cstdint>
#include <string>

#include "base/picture.h"
#include "smalti/encoding.h"
#include "smalti/sizes.h"

/// How values are written on the command line and in messages. The parsers throw Error (kUsage)
/// with the flag's name and the form that is expected.
namespace smalti::cli {

/// Of a duration that is to be one: what times in names and messages tell apart.
inline constexpr double kShortest_s = 0.001;
/// With less --memory pictures are made a row at a time.
inline constexpr std::uint64_t kLeastMemory = 1'000'000;
/// Of tiles, cells or frames.
inline constexpr int kMostCounted = 1'000'000'000;
/// Either number of a shape.
inline constexpr int kMostOfAspect = 1'000'000;

/// "1280x720".
Size parse_size(const std::string& flag, const std::string& text);
/// "640": a whole number above 0.
int parse_pixels(const std::string& flag, const std::string& text);
/// "3:4".
Aspect parse_aspect(const std::string& flag, const std::string& text);
/// "90", "1.5", "1:30", "01:02:03.5": seconds, from `least` to 1e9.
double parse_time(const std::string& flag, const std::string& text, double least = 0);
/// "25", "29.97", "30000/1001": above 0; the usual broadcast rates are taken as their fractions.
Rational parse_rate(const std::string& flag, const std::string& text);

/// "500M", "1.5G", "800000000": bytes, in steps of 1000, from `least` to 1000T.
std::uint64_t parse_bytes(const std::string& flag, const std::string& text,
                          std::uint64_t least = 1);

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);
/// "1 file", "1,234 files".
std::string counted(std::uint64_t count, const char* one, const char* many);
/// Seconds as "0:07" or "1:02:03".
std::string clock_text(double seconds);
/// Bytes as "812 B", "3.4 MB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace smalti::cli
