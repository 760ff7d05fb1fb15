#include "cli/flags/value.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <system_error>

#include "base/names.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

// What is written in decimal, without spaces, plus or leading zeros.
template <typename Number>
std::optional<Number> read_number(const std::string& text) {
  Number value{};
  const char* end = text.data() + text.size();
  const std::size_t digits = text.starts_with('-') ? 1 : 0;
  if (std::is_integral_v<Number> && text.size() > digits + 1 && text[digits] == '0')
    return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// What is said of all that is no such number names the range.
template <typename Number, typename IsIn>
Form<Number> number_form_of(const std::string& range, IsIn is_in) {
  const char* kind = std::is_integral_v<Number> ? "whole number" : "number";
  return {.read = [](const std::string&,
                     const std::string& word) { return read_number<Number>(word).value(); },
          .write = [](const Number& value) { return fmt::format("{}", value); },
          .complaint = [=](const std::string& word) -> std::string {
            const auto value = read_number<Number>(word);
            if (value && is_in(*value)) return {};
            return fmt::format("'{}' is no {} {}", word, kind, range);
          }};
}

template <typename Number>
Form<Number> number_from_to(Number least, Number most) {
  return number_form_of<Number>(fmt::format("from {} to {}", least, most),
                                [=](Number value) { return value >= least && value <= most; });
}

constexpr double kMega = 1e6;

}  // namespace

std::string not_among(const std::string& word, const Words& names) {
  const std::string lower = lower_case(word);
  for (const std::string& name : names)
    if (lower_case(name) == lower) return {};
  Words sorted = names;
  std::sort(sorted.begin(), sorted.end());
  return fmt::format("{} not in {{{}}}", word, fmt::join(sorted, ","));
}

std::size_t place_of(const std::string& word, const Words& names) {
  const std::string lower = lower_case(word);
  const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return lower_case(name) == lower;
  });
  return static_cast<std::size_t>(found - names.begin());
}

Form<int> whole_form(int least, int most) { return number_from_to(least, most); }

Form<std::uint64_t> seed_form() {
  return number_from_to(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max());
}

Form<double> number_form(double least, double most) { return number_from_to(least, most); }

Form<double> share_form() {
  return number_form_of<double>("from 0 to below 1",
                                [](double value) { return value >= 0 && value < 1; });
}

Form<double> time_form(double least) {
  return {.read = [=](const std::string& option,
                      const std::string& word) { return parse_time(option, word, least); },
          .write = [](double seconds) { return fmt::format("{}", seconds); }};
}

Form<std::int64_t> megapixels_form() {
  const Form<double> form = number_from_to(0.000001, 1e6);
  return {.read =
              [=](const std::string& option, const std::string& word) {
                return std::llround(form.read(option, word) * kMega);
              },
          .write =
              [](std::int64_t pixels) {
                return fmt::format("{}", static_cast<double>(pixels) / kMega);
              },
          .complaint = form.complaint};
}

Form<std::int64_t> whole_megapixels_form() {
  Form<std::int64_t> form = megapixels_form();
  form.complaint = number_from_to(1, 1'000'000).complaint;
  return form;
}

Form<std::uint64_t> bytes_form(std::uint64_t least) {
  return {.read = [=](const std::string& option,
                      const std::string& word) { return parse_bytes(option, word, least); },
          .write = [](std::uint64_t bytes) { return fmt::format("{}", bytes); }};
}

Form<Size> size_form() {
  return {.read = parse_size,
          .write = [](Size size) { return fmt::format("{}x{}", size.width, size.height); }};
}

Form<Aspect> aspect_form() {
  return {.read = parse_aspect,
          .write = [](Aspect aspect) { return fmt::format("{}:{}", aspect.width, aspect.height); }};
}

Form<Rational> rate_form() {
  return {.read = parse_rate,
          .write = [](Rational rate) { return fmt::format("{}/{}", rate.num, rate.den); }};
}

Form<std::filesystem::path> path_form() {
  return {.read = [](const std::string&,
                     const std::string& word) { return std::filesystem::path(word); },
          .write = [](const std::filesystem::path& path) { return path.string(); }};
}

Form<std::string> text_form() {
  return {.read = [](const std::string&, const std::string& word) { return word; },
          .write = [](const std::string& text) { return text; }};
}

Form<std::pair<std::string, std::string>> setting_form() {
  return {.read = [](const std::string& option,
                     const std::string& word) -> std::pair<std::string, std::string> {
            const std::size_t at = word.find('=');
            if (at == std::string::npos || at == 0)
              throw Error(ErrorKind::kUsage, fmt::format("{} does not take '{}'", option, word),
                          "write KEY=VALUE, such as tune=film");
            return {word.substr(0, at), word.substr(at + 1)};
          },
          .write = [](const auto& setting) { return setting.first + "=" + setting.second; }};
}

}  // namespace smalti::cli
