#include "cli/text/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/flags/notation.h"

namespace smalti::cli {
namespace {

// Speeds measured over less say nothing yet.
constexpr double kLeastSeconds = 0.25;

const char* unit_of(Progress::Phase phase) {
  switch (phase) {
    case Progress::Phase::kTiles:
      return "tiles";
    case Progress::Phase::kFrames:
      return "frames";
    case Progress::Phase::kRows:
      return "rows";
    case Progress::Phase::kPages:
      return "pages";
    case Progress::Phase::kScales:
      return "scales";
    case Progress::Phase::kMosaics:
      return "mosaics";
    case Progress::Phase::kWriting:
      return "frames written";
  }
  return "";
}

}  // namespace

bool ProgressMeter::update(const Progress& progress, Clock::time_point now) {
  const bool anew = progress.done == 0 && progress_.done > 0;  // the same once more
  const bool new_phase = !started_ || progress.phase != progress_.phase || anew;
  if (new_phase) start_ = now;
  started_ = true;
  progress_ = progress;
  now_ = now;
  return new_phase;
}

// A header may promise fewer frames than come: then it is not believed any more.
bool ProgressMeter::total_is_known() const {
  return progress_.total && progress_.done <= *progress_.total;
}

std::optional<double> ProgressMeter::per_second() const {
  const double seconds = std::chrono::duration<double>(now_ - start_).count();
  if (seconds < kLeastSeconds || progress_.done == 0) return std::nullopt;
  return static_cast<double>(progress_.done) / seconds;
}

std::optional<double> ProgressMeter::eta_s() const {
  const auto speed = per_second();
  if (!speed || !total_is_known()) return std::nullopt;
  return static_cast<double>(*progress_.total - progress_.done) / *speed;
}

std::string ProgressMeter::plain() const {
  const char* unit = unit_of(progress_.phase);
  std::string text = total_is_known() ? fmt::format("{} of {} {}", grouped(progress_.done),
                                                    grouped(*progress_.total), unit)
                                      : fmt::format("{} {}", grouped(progress_.done), unit);
  if (const auto speed = per_second()) text += fmt::format(", {:.1f} {}/s", *speed, unit);
  if (const auto eta = eta_s()) text += fmt::format(", ETA {}", clock_text(*eta));
  return text;
}

std::string ProgressMeter::bar(int width) const {
  constexpr int kBarWidth = 24;
  std::string text = plain();
  if (total_is_known() && width >= static_cast<int>(text.size()) + kBarWidth + 3) {
    const double share = *progress_.total == 0 ? 1
                                               : static_cast<double>(progress_.done) /
                                                     static_cast<double>(*progress_.total);
    const int full = static_cast<int>(std::lround(share * kBarWidth));
    text = fmt::format("[{}{}] {}", std::string(static_cast<std::size_t>(full), '#'),
                       std::string(static_cast<std::size_t>(kBarWidth - full), '.'), text);
  }
  return text.substr(0, static_cast<std::size_t>(std::max(width, 0)));
}

TerminalText ProgressMeter::json() const {
  Json line = {
      {"event", "progress"}, {"phase", unit_of(progress_.phase)}, {"done", progress_.done}};
  if (total_is_known()) line["total"] = *progress_.total;
  if (const auto speed = per_second()) line["per_second"] = std::round(*speed * 10) / 10;
  if (const auto eta = eta_s()) line["eta_s"] = std::round(*eta * 10) / 10;
  return shown_json(line);
}

}  // namespace smalti::cli
