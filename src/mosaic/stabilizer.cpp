#include "mosaic/stabilizer.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <cstdint>
#include <utility>

#include "match/near_duplicates.h"
#include "mosaic/selector.h"
#include "smalti/error.h"
#include "smalti/stabilizer_options.h"

namespace smalti {
namespace {

// Thresholds are compared as integers, in 2^-16ths, so that no float decides.
constexpr int kThresholdBits = 16;

std::int64_t fixed_threshold(double threshold) {
  if (!(threshold >= 0 && threshold <= 1))
    throw Error(ErrorKind::kUsage,
                fmt::format("a stabilization threshold of {} has no meaning", threshold),
                "choose it from 0 (tiles stay for a whole shot) to 1 (the best tile wins)");
  return std::llround(std::ldexp(threshold, kThresholdBits));
}

// The stabilizers that decide each frame at once. They keep one candidate a cell: the tile shown
// last, with the distance it had then.
class KeepingStabilizer : public Stabilizer {
 public:
  std::vector<JobPtr> push(JobPtr job) override {
    if (job->starts_shot || kept_.size() != job->nearest.size()) {
      kept_ = job->nearest;
    } else {
      for (std::size_t cell = 0; cell < kept_.size(); ++cell) {
        const bool may_stay = !job->allowed || job->allowed(kept_[cell].tile);
        const Candidate best = job->nearest[cell];
        kept_[cell] = may_stay ? decide(kept_[cell], best, job->view()[cell]) : best;
      }
    }
    job->placement = kept_;
    return {std::move(job)};
  }

  std::vector<JobPtr> flush() override { return {}; }
  std::size_t look_ahead() const override { return 0; }
  Placement save() const override { return kept_; }
  void restore(const Placement& state) override { kept_ = state; }

 protected:
  virtual Candidate decide(Candidate kept, Candidate best, Descriptor cell) const = 0;

 private:
  Placement kept_;
};

class NoStabilizer : public KeepingStabilizer {
  Candidate decide(Candidate /*kept*/, Candidate best, Descriptor /*cell*/) const override {
    return best;
  }
};

class Hysteresis : public KeepingStabilizer {
 public:
  Hysteresis(std::int64_t threshold, const TileIndex& index)
      : threshold_(threshold), index_(index) {}

 private:
  Candidate decide(Candidate kept, Candidate best, Descriptor cell) const override {
    if (kept.tile == best.tile) return best;
    const std::int64_t now = index_.distance(cell, kept.tile);
    const bool replace = (std::int64_t{best.distance} << kThresholdBits) < threshold_ * now;
    return replace ? best : Candidate{kept.tile, static_cast<std::int32_t>(now)};
  }

  std::int64_t threshold_;
  const TileIndex& index_;
};

class PreviousDistance : public KeepingStabilizer {
 public:
  PreviousDistance(std::int64_t threshold, const TileIndex& index)
      : threshold_(threshold), index_(index) {}

 private:
  Candidate decide(Candidate kept, Candidate best, Descriptor cell) const override {
    if ((std::int64_t{best.distance} << kThresholdBits) < threshold_ * kept.distance) return best;
    return {kept.tile, index_.distance(cell, kept.tile)};
  }

  std::int64_t threshold_;
  const TileIndex& index_;
};

// Hysteresis under the artist's controls.
class SelectingStabilizer : public Stabilizer {
 public:
  SelectingStabilizer(double threshold, const TileIndex& index, const SelectOptions& options,
                      const NearDuplicates& near)
      : threshold_(threshold), index_(index), options_(options), near_(near) {}

  std::vector<JobPtr> push(JobPtr job) override {
    const Grid& grid = *job->grid;
    if (!selector_ || grid.columns() != columns_ || grid.cells() != kept_.size()) {
      columns_ = grid.columns();
      selector_.emplace(index_, grid.columns(), grid.rows(), options_, near_);
      kept_.clear();
    }
    if (job->starts_shot) kept_.clear();
    kept_ = selector_->select(job->view(), job->nearest, kept_,
                              {job->shot_pts, threshold_, job->allowed, &memory_});
    job->placement = kept_;
    return {std::move(job)};
  }

  std::vector<JobPtr> flush() override { return {}; }
  std::size_t look_ahead() const override { return 0; }
  Placement save() const override { return kept_; }
  void restore(const Placement& state) override {
    kept_ = state;
    memory_ = {};
  }

 private:
  double threshold_;
  const TileIndex& index_;
  SelectOptions options_;
  NearDuplicates near_;
  std::optional<Selector> selector_;
  int columns_ = 0;
  Placement kept_;
  Selector::Memory memory_;
};

}  // namespace

std::unique_ptr<Stabilizer> make_stabilizer(StabilizerKind kind, double threshold,
                                            const TileIndex& index, const SelectOptions& select,
                                            const NearDuplicates& near) {
  if (!select.plain()) {
    if (kind == StabilizerKind::kPrevious)
      throw Error(ErrorKind::kUsage,
                  "the stabilizer 'previous' knows only the nearest tile, and no spacing, caps, "
                  "penalties or choice among several",
                  "take --look exact, or another --stabilizer");
    static_cast<void>(fixed_threshold(threshold));
    return std::make_unique<SelectingStabilizer>(kind == StabilizerKind::kNone ? 1 : threshold,
                                                 index, select, near);
  }
  switch (kind) {
    case StabilizerKind::kHysteresis:
      return std::make_unique<Hysteresis>(fixed_threshold(threshold), index);
    case StabilizerKind::kPrevious:
      return std::make_unique<PreviousDistance>(fixed_threshold(threshold), index);
    case StabilizerKind::kNone:
      return std::make_unique<NoStabilizer>();
  }
  assert(false);
  return nullptr;
}

}  // namespace smalti
