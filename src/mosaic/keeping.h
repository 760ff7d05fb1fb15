#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "match/tile_index.h"
#include "smalti/stabilizer_options.h"

namespace smalti::mosaic {

/// When a cell keeps its tile, whatever way tiles are chosen in: selectors ask, rules answer.
///
/// Costs are the selector's: squared distances, and the price of repeating a tile. They are
/// compared as integers, so that no float decides. One thread at a time.
class KeepingRule {
 public:
  /// Limits are in 2^-kLimitBits of a cost.
  static constexpr int kLimitBits = 16;

  virtual ~KeepingRule() = default;
  /// What another tile must cost less than to take the place of the one that stands in the cell,
  /// which costs `now` in this frame and cost `before` in the frame before. 0: it stays.
  virtual std::int64_t limit(std::size_t cell, std::int64_t now, std::int64_t before) const = 0;
  /// What was decided: the placement of the frame before, empty where a shot begins, and this one.
  virtual void decided(const match::Placement& /*before*/, const match::Placement& /*now*/) {}

  /// The most that another tile may cost.
  std::int64_t bound(std::size_t cell, std::int64_t now, std::int64_t before) const {
    constexpr std::int64_t kOne = std::int64_t{1} << kLimitBits;
    return ((limit(cell, now, before) + kOne - 1) >> kLimitBits) - 1;
  }
};

/// A tile is replaced when another one costs less than this share of what it costs now: 1, whenever
/// another is better; 0, never. Throws Error (kUsage) outside of that.
class Hysteresis : public KeepingRule {
 public:
  explicit Hysteresis(double threshold);
  std::int64_t limit(std::size_t /*cell*/, std::int64_t now,
                     std::int64_t /*before*/) const override {
    return threshold_ * now;
  }

 private:
  std::int64_t threshold_;
};

/// Whatever is better now replaces what stands there.
const KeepingRule& best_wins();

/// The rule of that name; `strict`: an equal tile does not replace one where there is no rule.
/// Throws Error (kUsage) for a threshold outside of 0 to 1.
std::unique_ptr<KeepingRule> make_keeping_rule(StabilizerKind kind, double threshold, bool strict);

}  // namespace smalti::mosaic
