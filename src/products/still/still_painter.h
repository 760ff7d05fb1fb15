#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/cells.h"
#include "base/picture.h"
#include "images/resampler.h"
#include "match/tile_index.h"
#include "mosaic/compositor.h"
#include "tiles/atlas.h"

namespace smalti {

/// Paints any part of a still mosaic: the same pixels, however it is cut into parts. Immutable; any
/// thread.
class StillPainter {
 public:
  /// Of the tiles that the atlas has to give.
  static constexpr PixelFormat kFormat{ColorModel::kRgb, 8, 0, 0, false};

  struct Look {
    double opacity = 1;
    bool side_by_side = false;  ///< the target to the left, as large as the mosaic
    bool alpha = false;         ///< empty cells are transparent; otherwise white
    /// Of the mosaic with black around it, and where in it the canvas lies; by default it is all.
    Size padded = {};
    Rect place = {};
  };

  /// `target` is 8-bit RGB, with alpha if the look has; needed for an opacity below 1 and for
  /// side_by_side. What is referred to must outlive the painter.
  StillPainter(const match::Placement& placement, const Cells& cells, tiles::Atlas& atlas,
               const std::vector<mosaic::Shift>& shifts, const Look& look, const Picture& target);

  /// Of the whole picture, the target beside the mosaic included.
  Size size() const;

  /// Planar 8-bit RGB, with alpha if the look has.
  Picture paint(const Rect& part) const;

 private:
  void paint_at(const Rect& place, const Rect& part, const Picture& out,
                void (StillPainter::*work)(mosaic::Point, Picture&) const) const;
  void paint_mosaic(mosaic::Point origin, Picture& out) const;
  void paint_target(mosaic::Point origin, Picture& out) const;

  const match::Placement& placement_;
  const Cells& cells_;
  tiles::Atlas& atlas_;
  const std::vector<mosaic::Shift>& shifts_;
  Look look_;
  std::optional<images::Resampler> target_;
};

}  // namespace smalti
