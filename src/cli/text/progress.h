#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/text/terminal_text.h"
#include "smalti/events.h"

namespace smalti::cli {

/// A phase's progress with its speed, in the words that each style of display needs. `now` is given
/// by the caller, so that a test can choose it.
class ProgressMeter {
 public:
  using Clock = std::chrono::steady_clock;

  /// Returns true when a new phase began.
  bool update(const Progress& progress, Clock::time_point now);

  /// "123 of 300 frames, 24.5 frames/s, ETA 0:07"; what is unknown is left out.
  std::string plain() const;
  /// The same behind a bar, at most `width` characters.
  std::string bar(int width) const;
  /// {"event":"progress","phase":"frames","done":123,"total":300,"per_second":24.5,"eta_s":7.2}
  TerminalText json() const;

 private:
  bool total_is_known() const;
  std::optional<double> per_second() const;
  std::optional<double> eta_s() const;

  Progress progress_;
  bool started_ = false;
  Clock::time_point start_;
  Clock::time_point now_;
};

}  // namespace smalti::cli
