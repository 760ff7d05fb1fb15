#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "library/ingest.h"
#include "match/near_duplicates.h"
#include "match/tile_index.h"
#include "mosaic/layout.h"
#include "mosaic/tint.h"
#include "products/run/own_frames.h"
#include "products/run/stage_clock.h"
#include "products/run/used_pictures.h"
#include "products/still/still_match.h"
#include "products/still/still_painter.h"
#include "products/still/still_target.h"
#include "smalti/events.h"
#include "smalti/fidelity.h"
#include "smalti/mosaic_job.h"
#include "tiles/atlas.h"

/// Many mosaics of one target, of tiles that are loaded once.
namespace smalti {

/// Loads the tiles, without the target itself. Throws Error as timed_load and leave_out do.
library::IngestResult load_other_tiles(const MosaicOptions& options, const StillTarget& target,
                                       const mosaic::Layout& layout, StageClock& clock,
                                       const Events& events);

class StillMosaics {
 public:
  struct Made {
    StillMatch matched;
    Picture picture;  ///< planar 8-bit RGB
  };

  /// How tiles are chosen and coloured.
  class Way {
   public:
    /// By what options say of that; the mosaics' own say the rest. `events` is told what there are
    /// too few tiles for. The mosaics must outlive it.
    Way(const StillOptions& options, const StillMosaics& mosaics, const Events& events);
    Way(const Way&) = delete;
    Way& operator=(const Way&) = delete;

   private:
    friend class StillMosaics;
    static match::DescriptorTable own_view(const StillOptions& options,
                                           const StillMosaics& mosaics);
    static std::optional<match::TileIndex> own_index(const match::DescriptorTable& view,
                                                     const StillMosaics& mosaics);
    StillChoice choice(const StillOptions& options, const StillMosaics& mosaics,
                       const Events& events) const;

    // The tiles as they are matched, where that is not as in all mosaics.
    const match::DescriptorTable view_;
    const std::optional<match::TileIndex> index_;
    const match::NearDuplicates near_;
    const std::optional<OwnFrames> own_;
    const StillChoice choice_;
    const mosaic::Tinter tinter_;
  };

  /// Loads the tiles, and warns of transparency, which these mosaics have none of. `finest` has the
  /// most cells of all layouts, and the canvas that they are painted on. What is passed must
  /// outlive it. Throws Error as timed_load does.
  StillMosaics(const StillOptions& options, const StillTarget& target, const mosaic::Layout& finest,
               StageClock& clock, const Events& events);

  /// Any thread. The cells are `painted` with the tiles that are chosen for `cells`, which are the
  /// same ones on whatever canvas.
  Made make(const Cells& cells, const Cells& painted, const Way& way);

  /// The target itself, laid over white, on the canvas. Any thread.
  Picture target() const;

  /// How many may be made at a time.
  std::size_t alive() const { return alive_; }
  const tiles::TileSet& tiles() const { return ingested_.tiles; }
  const library::IngestResult& ingested() const { return ingested_; }

  /// What is known after the last mosaic; warns of lost sources.
  void fill_result(MosaicSummary& summary, const Events& events) const;

 private:
  void count(const Cells& cells, const StillMatch& matched, const match::FrameMatcher& matcher,
             const mosaic::Tinter& tinter);

  const StillOptions& options_;
  const StillTarget& target_;
  const mosaic::Layout& finest_;
  StageClock& clock_;
  const library::IngestResult ingested_;
  const match::TileIndex index_;
  const std::size_t alive_;
  tiles::Atlas atlas_;
  StillPainter::Look look_;
  Picture shown_;  // the target as RGB

  std::mutex mutex_;
  UsedPictures used_;
  std::uint64_t searched_ = 0;
  Fidelity fidelity_;
};

}  // namespace smalti
