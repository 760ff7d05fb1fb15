#include "products/still/still_match.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "mosaic/selector.h"
#include "products/run/job.h"

namespace smalti {
namespace {

// The cells of which half is opaque, at least; empty when all are.
std::vector<bool> filled_cells(const Picture& target, const Cells& cells) {
  constexpr int kHalfOpaque = 128;  // of 255
  std::vector<bool> filled;
  if (!target.format.alpha) return filled;
  for (const std::uint8_t covered : match::coverage(target, cells))
    filled.push_back(covered >= kHalfOpaque);
  return filled;
}

}  // namespace

StillChoice still_choice(const MosaicOptions& options, const tiles::TileSet& tiles,
                         const match::TileIndex& index, const match::NearDuplicates& near,
                         const std::optional<OwnFrames>& own, double time_s, const Events& events) {
  return {index, options.match, affordable(options.select, choosable(tiles, near, own), events),
          near, own ? own->at(time_s) : match::TileFilter{}};
}

StillMatch match_still(const Picture& target, const Cells& cells, match::FrameMatcher& matcher,
                       const StillChoice& choice, StageClock& clock) {
  StillMatch matched;
  match::DescriptorTable other_view;
  {
    const auto timed = clock.measure(Stage::kDescribe);
    matched.cells = match::describe(target, cells);
    if (!choice.match.plain()) other_view = match::describe(target, cells, choice.match);
  }
  if (choice.made_good > 0)
    other_view = match::less_of_mean(other_view.empty() ? matched.cells : std::move(other_view),
                                     choice.made_good);
  const match::DescriptorTable& view = other_view.empty() ? matched.cells : other_view;
  const auto timed = clock.measure(Stage::kMatch);
  const std::vector<bool> filled = filled_cells(target, cells);
  matched.placement = matcher.nearest(view, choice.allowed);
  for (std::size_t i = 0; i < filled.size(); ++i) {
    if (filled[i]) continue;
    matched.placement[i] = {};
    ++matched.empty;
  }
  if (choice.select.plain()) return matched;
  const mosaic::Selector selector(choice.index, cells, choice.select, choice.near, filled);
  matched.placement = selector.select(view, matched.placement, {}, {.allowed = choice.allowed});
  return matched;
}

StillMatch replay_still(const Picture& target, const Cells& cells, PlacementsReader& placements,
                        StageClock& clock) {
  StillMatch matched;
  const auto timed = clock.measure(Stage::kDescribe);
  matched.cells = match::describe(target, cells);
  matched.placement = placements.at(0).placement;
  matched.empty =
      static_cast<std::size_t>(std::count_if(matched.placement.begin(), matched.placement.end(),
                                             [](const match::Candidate& c) { return c.tile < 0; }));
  return matched;
}

}  // namespace smalti
