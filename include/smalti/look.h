#pragma once

#include <array>

#include "smalti/mosaic_job.h"

namespace smalti {

/// A way to choose and colour tiles that has a name.
struct Look {
  const char* name;
  int spacing;
  double color_adjust;

  void apply(MosaicOptions& options) const {
    options.select.spacing = spacing;
    options.color_adjust = color_adjust;
  }
};

/// The first is the one that is taken unless the user says otherwise.
inline constexpr std::array kLooks = {
    Look{"natural", 4, 0.5},
    Look{"exact", 0, 0},
    Look{"painterly", 2, 0.85},
    Look{"collage", 8, 0},
};

}  // namespace smalti
