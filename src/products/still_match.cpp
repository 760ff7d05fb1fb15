#include "products/still_match.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "products/job.h"

namespace smalti {
namespace {

constexpr int kHalfOpaque = 128;  // of 255

}  // namespace

StillChoice still_choice(const MosaicOptions& options, const TileIndex& index,
                         const std::optional<OwnFrames>& own, double time_s, const Events& events) {
  const std::size_t tiles = index.size() - (own ? own->most_left_out() : 0);
  return {index, options.match, affordable(options.select, tiles, events),
          own ? own->at(time_s) : TileFilter{}};
}

StillMatch match_still(const Picture& target, const Grid& grid, FrameMatcher& matcher,
                       const StillChoice& choice, StageClock& clock) {
  StillMatch matched;
  DescriptorTable other_view;
  {
    const auto timed = clock.measure(Stage::kDescribe);
    matched.cells = describe(target, grid);
    if (!choice.match.plain()) other_view = describe(target, grid, choice.match);
  }
  const DescriptorTable& cells = choice.match.plain() ? matched.cells : other_view;
  const auto timed = clock.measure(Stage::kMatch);
  matched.placement = matcher.nearest(cells, choice.allowed);
  if (!choice.select.plain()) {
    const Selector selector(choice.index, grid.columns(), grid.rows(), choice.select);
    matched.placement = selector.select(cells, matched.placement, {}, {.allowed = choice.allowed});
  }
  if (!target.format.alpha) return matched;
  const std::vector<std::uint8_t> covered = coverage(target, grid);
  for (std::size_t i = 0; i < covered.size(); ++i) {
    if (covered[i] >= kHalfOpaque) continue;
    matched.placement[i] = {};
    ++matched.empty;
  }
  return matched;
}

StillMatch replay_still(const Picture& target, const Grid& grid, PlacementsReader& placements,
                        StageClock& clock) {
  StillMatch matched;
  const auto timed = clock.measure(Stage::kDescribe);
  matched.cells = describe(target, grid);
  matched.placement = placements.at(0).placement;
  matched.empty =
      static_cast<std::size_t>(std::count_if(matched.placement.begin(), matched.placement.end(),
                                             [](const Candidate& c) { return c.tile < 0; }));
  return matched;
}

std::size_t count_used(const Placement& placement, std::size_t tiles) {
  std::vector<bool> used(tiles);
  for (const Candidate& c : placement)
    if (c.tile >= 0) used[static_cast<std::size_t>(c.tile)] = true;
  return static_cast<std::size_t>(std::count(used.begin(), used.end(), true));
}

}  // namespace smalti
