#include "cli/flags/notation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "smalti/error.h"

namespace smalti::cli {
namespace {

[[noreturn]] void refuse(const std::string& flag, const std::string& text,
                         const std::string& form) {
  throw Error(ErrorKind::kUsage, fmt::format("{} does not take '{}'", flag, text),
              fmt::format("write {}", form));
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Pair {
  int first;
  int second;
};

std::optional<Pair> pair_of(std::string_view text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const auto first = number<int>(text.substr(0, at));
  const auto second = number<int>(text.substr(at + 1));
  if (!first || !second || *first < 1 || *second < 1) return std::nullopt;
  return Pair{*first, *second};
}

// 23.976, 29.97 and 59.94 stand for n * 1000 / 1001; other rates are kept to a thousandth.
Rational rational_rate(double rate) {
  const double broadcast = std::round(rate * 1.001);
  if (broadcast >= 1 && std::abs(rate - std::round(rate)) > 1e-9 &&
      std::abs(broadcast / 1.001 - rate) < 0.0051)
    return {static_cast<int>(broadcast) * 1000, 1001};
  return {static_cast<int>(std::lround(rate * 1000)), 1000};
}

}  // namespace

Size parse_size(const std::string& flag, const std::string& text) {
  const auto sides = pair_of(text, 'x');
  if (!sides) refuse(flag, text, "a width and a height in pixels, such as 1280x720");
  return {sides->first, sides->second};
}

int parse_pixels(const std::string& flag, const std::string& text) {
  const auto pixels = number<int>(text);
  if (!pixels || *pixels < 1)
    refuse(flag, text, "a number of pixels or a width and a height, such as 640 or 640x480");
  return *pixels;
}

Aspect parse_aspect(const std::string& flag, const std::string& text) {
  const auto sides = pair_of(text, ':');
  if (!sides || std::max(sides->first, sides->second) > kMostOfAspect)
    refuse(flag, text,
           fmt::format("a width and a height from 1 to {}, such as 3:4", kMostOfAspect));
  return {sides->first, sides->second};
}

double parse_time(const std::string& flag, const std::string& text, double least) {
  constexpr int kMostParts = 3;
  constexpr double kMost = 1e9;
  double seconds = 0;
  std::string_view rest = text;
  for (int part = 0; part < kMostParts; ++part) {
    const std::size_t colon = rest.find(':');
    const auto value = number<double>(rest.substr(0, colon));
    if (!value || !std::isfinite(*value) || *value < 0) break;
    seconds = seconds * 60 + *value;
    if (colon == std::string_view::npos) {
      if (seconds > kMost || seconds < least) break;
      return seconds;
    }
    rest = rest.substr(colon + 1);
  }
  refuse(flag, text,
         fmt::format("seconds or hours:minutes:seconds from {} to {} s, such as 90 or 1:30.5",
                     least, kMost));
}

Rational parse_rate(const std::string& flag, const std::string& text) {
  constexpr double kMost = 1000;
  constexpr double kLeast = 0.001;
  constexpr const char* kForm =
      "frames a second from 0.001 to 1000, such as 25, 29.97 or 30000/1001";
  if (const auto fraction = pair_of(text, '/')) {
    const Rational rate{fraction->first, fraction->second};
    if (rate.value() <= kMost && rate.value() >= kLeast) return rate;
    refuse(flag, text, kForm);
  }
  const auto rate = number<double>(text);
  if (!rate || !(*rate >= kLeast && *rate <= kMost)) refuse(flag, text, kForm);
  return rational_rate(*rate);
}

std::uint64_t parse_bytes(const std::string& flag, const std::string& text, std::uint64_t least) {
  constexpr std::string_view kUnits = "kMGT";
  constexpr double kMost = 1e15;
  std::string_view digits = text;
  double factor = 1;
  if (!digits.empty()) {
    const std::size_t unit = kUnits.find(digits.back());
    if (unit != std::string_view::npos) {
      factor = std::pow(1000.0, static_cast<double>(unit + 1));
      digits.remove_suffix(1);
    }
  }
  const auto value = number<double>(digits);
  const double bytes = value.value_or(0) * factor;
  if (!(bytes >= static_cast<double>(least) && bytes <= kMost))
    refuse(flag, text,
           fmt::format("a number of bytes from {} to 1000T, such as 500M or 1.5G", least));
  return static_cast<std::uint64_t>(bytes);
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

std::string clock_text(double seconds) {
  const auto total = static_cast<std::uint64_t>(std::llround(std::max(seconds, 0.0)));
  if (total >= 3600)
    return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
  return fmt::format("{}:{:02}", total / 60, total % 60);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace smalti::cli
