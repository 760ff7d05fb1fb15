#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/picture.h"
#include "match/descriptor.h"
#include "match/tile_index.h"

namespace smalti::color {
class LabEncoder;
}

namespace smalti::mosaic {

/// What is added to a tile's samples where it stands: codes of the picture's components.
using Shift = std::array<std::int16_t, 3>;

/// Shifts tiles towards the colours of their cells: the difference of the mean CIELAB colours,
/// times a strength, each of L*, a* and b* bounded by kMostShift. const, any thread.
class Tinter {
 public:
  static constexpr double kMostShift = 25;

  /// `strength`: 0 (tiles as they are) to 1 (cells get their mean colour, within the bound). For
  /// pictures of that format.
  Tinter(const match::DescriptorTable& tiles, double strength, const PixelFormat& format,
         const ColorTags& color);
  ~Tinter();

  bool active() const { return strength_ > 0; }

  /// In L*, a*, b* scaled by kLabScale.
  std::array<double, 3> lab_shift(match::Descriptor cell, match::TileNumber tile) const;

  /// One a cell; empty when not active.
  std::vector<Shift> shifts(const match::DescriptorTable& cells,
                            const match::Placement& placement) const;

 private:
  std::unique_ptr<const color::LabEncoder> encoder_;
  std::vector<std::array<double, 3>> means_;       // of the tiles, in CIELAB
  std::vector<std::array<double, 3>> components_;  // and in the picture's components
  double strength_;
};

}  // namespace smalti::mosaic
