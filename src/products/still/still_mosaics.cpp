#include "products/still/still_mosaics.h"

#include <algorithm>

#include "measure/fidelity.h"
#include "products/run/job.h"
#include "products/still/over_white.h"

namespace smalti {
namespace {

// A quarter of the memory is for mosaics being made, the rest for rendered tiles.
std::size_t most_alive(const StillOptions& options, Size canvas) {
  constexpr std::uint64_t kBytesPerPixel = 16;  // pictures, and the smallest cells' descriptors
  const std::uint64_t frame = kBytesPerPixel * static_cast<std::uint64_t>(canvas.width) *
                              static_cast<std::uint64_t>(canvas.height);
  return std::clamp<std::uint64_t>(options.memory_bytes / 4 / frame, 1,
                                   thread_count(options.threads) + 1);
}

std::size_t atlas_bytes(const StillOptions& options) {
  return static_cast<std::size_t>(options.memory_bytes - options.memory_bytes / 4);
}

}  // namespace

library::IngestResult load_other_tiles(const MosaicOptions& options, const StillTarget& target,
                                       const mosaic::Layout& layout, StageClock& clock,
                                       const Events& events) {
  library::IngestResult tiles = timed_load(options, layout, clock, events);
  if (target.hash) leave_out(*target.hash, tiles, events);
  return tiles;
}

match::DescriptorTable StillMosaics::Way::own_view(const StillOptions& options,
                                                   const StillMosaics& mosaics) {
  const int share = made_good(options, mosaics.finest_);
  return share > 0 ? match::less_of_mean(mosaics.tiles().view(), share) : match::DescriptorTable();
}

std::optional<match::TileIndex> StillMosaics::Way::own_index(const match::DescriptorTable& view,
                                                             const StillMosaics& mosaics) {
  if (view.empty()) return std::nullopt;
  return std::optional<match::TileIndex>(std::in_place, view, mosaics.tiles().alternatives);
}

StillChoice StillMosaics::Way::choice(const StillOptions& options, const StillMosaics& mosaics,
                                      const Events& events) const {
  StillChoice choice = still_choice(options, mosaics.tiles(), index_ ? *index_ : mosaics.index_,
                                    near_, own_, mosaics.target_.time_s, events);
  choice.made_good = made_good(options, mosaics.finest_);
  return choice;
}

StillMosaics::Way::Way(const StillOptions& options, const StillMosaics& mosaics,
                       const Events& events)
    : view_(own_view(options, mosaics)),
      index_(own_index(view_, mosaics)),
      near_(near_duplicates(options, mosaics.tiles())),
      own_(own_frames(options, mosaics.finest_, mosaics.tiles(), near_)),
      choice_(choice(options, mosaics, events)),
      tinter_(mosaics.tiles().descriptors, options.color_adjust, StillPainter::kFormat, {}) {}

StillMosaics::StillMosaics(const StillOptions& options, const StillTarget& target,
                           const mosaic::Layout& finest, StageClock& clock, const Events& events)
    : options_(options),
      target_(target),
      finest_(finest),
      clock_(clock),
      ingested_(load_other_tiles(options, target, finest, clock, events)),
      index_(ingested_.tiles.view(), ingested_.tiles.alternatives),
      alive_(most_alive(options, finest.cells.canvas())),
      atlas_(ingested_.tiles, StillPainter::kFormat, {}, atlas_bytes(options)),
      shown_(as_rgb(target.picture)),
      used_(ingested_.tiles) {
  if (target.picture.format.alpha)
    events.warning("the mosaics have no transparency: the target is laid over white");
  look_.opacity = options.opacity;
  look_.side_by_side = options.side_by_side;
}

StillMosaics::Made StillMosaics::make(const Cells& cells, const Cells& painted, const Way& way) {
  match::FrameMatcher matcher(way.choice_.index);
  Made made;
  made.matched = match_still(target_.picture, cells, matcher, way.choice_, clock_);
  const std::vector<mosaic::Shift> shifts =
      way.tinter_.shifts(made.matched.cells, made.matched.placement);
  count(cells, made.matched, matcher, way.tinter_);
  const auto timed = clock_.measure(Stage::kCompose);
  const StillPainter painter(made.matched.placement, painted, atlas_, shifts, look_, shown_);
  const Size size = painter.size();
  made.picture = painter.paint({0, 0, size.width, size.height});
  return made;
}

Picture StillMosaics::target() const { return seen_over_white(shown_, finest_.cells.canvas()); }

void StillMosaics::count(const Cells& cells, const StillMatch& matched,
                         const match::FrameMatcher& matcher, const mosaic::Tinter& tinter) {
  Fidelity fidelity;
  if (options_.measure_fidelity)
    fidelity = measure::measure_fidelity(cells, matched.cells, ingested_.tiles.descriptors,
                                         matched.placement, &tinter);
  const std::lock_guard lock(mutex_);
  fidelity_ += fidelity;
  searched_ += matcher.searched();
  used_.add(matched.placement);
}

void StillMosaics::fill_result(MosaicSummary& summary, const Events& events) const {
  warn_of_lost_sources(atlas_, events);
  summary.tiles_used = used_.count();
  summary.cells_searched = searched_;
  summary.frames_read = 1;
  if (options_.measure_fidelity) summary.fidelity = fidelity_;
}

}  // namespace smalti
