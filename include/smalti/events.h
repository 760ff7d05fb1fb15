#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace smalti {

/// How far a long piece of work is.
struct Progress {
  enum class Phase { kTiles, kFrames, kRows, kPages, kScales, kMosaics, kWriting };

  Phase phase = Phase::kFrames;
  std::uint64_t done =
      0;  ///< pictures, frames made, rows of pixels, pages, scales, mosaics or frames written
  std::optional<std::uint64_t>
      total;  ///< absent when unknown; `done` may pass it when it is a guess
};

/// How the library speaks to whoever called it: it never prints and never exits by itself.
///
/// Each callback may be empty. `progress` is called often (once a picture or frame) and must be
/// cheap; all of them are called from any thread, one call at a time per kind.
struct Events {
  std::function<void(const Progress&)> progress;
  std::function<void(const std::string&)> warn;  ///< one line the user should read
  std::function<void(const std::string&)> note;  ///< one line for the curious

  /// When it becomes true, work ends soon and cleanly: no further input is read. Not owned.
  const std::atomic<bool>* stop = nullptr;

  bool stop_requested() const { return stop != nullptr && stop->load(std::memory_order_relaxed); }
  void report(const Progress& p) const {
    if (progress) progress(p);
  }
  void warning(const std::string& line) const {
    if (warn) warn(line);
  }
  void detail(const std::string& line) const {
    if (note) note(line);
  }
};

}  // namespace smalti
