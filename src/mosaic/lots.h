#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/tile_index.h"
#include "smalti/select_options.h"

namespace smalti::mosaic {

/// A number that looks like chance, always the same for the same one: the finalizer of Steele, Lea
/// and Flood's SplitMix64 (2014).
std::uint64_t mixed(std::uint64_t v);

/// What is left to chance in a shot: a hash of seed, shot and cell, so that it is the same for all
/// frames of the shot and does not depend on where a run began. const, any thread.
class Lots {
 public:
  /// The options must outlive it. `shot` names the shot.
  Lots(const SelectOptions& options, std::int64_t shot);

  /// Whether a cell takes any tile.
  bool takes_any(std::size_t cell) const;
  /// And which of so many.
  std::size_t any_of(std::size_t tiles, std::size_t cell) const;
  /// Which of the best ones a cell takes, the nearer ones more often where the options say so.
  std::size_t one_of(const std::vector<match::Candidate>& best, std::size_t cell) const;

 private:
  std::uint64_t number(std::size_t cell, std::uint64_t purpose) const;

  const SelectOptions& options_;
  std::uint64_t shot_;
};

}  // namespace smalti::mosaic
