// The coloured part of the eye, unrolled: columns go round the iris, rows from pupil to limbus.
#pragma once

#include "paint.h"

namespace samples {

Canvas make_iris_texture();

// Looks up the unrolled iris; `turn` in [0, 1] goes round it, `depth` runs from 0 at the pupil's
// edge to 1 at the limbus.
Color iris_color(const Canvas& texture, float turn, float depth);

}  // namespace samples
