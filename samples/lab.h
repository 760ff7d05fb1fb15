// CIELAB (D65 white), in which tiles are painted and measured.
#pragma once

#include <vector>

#include "paint.h"

namespace samples {

using Lab = cv::Vec3f;  // L*, a*, b*

Color lab_to_linear(const Lab& lab);  // may leave [0, 1] for colours no screen can show
Lab linear_to_lab(const Color& linear);
cv::Vec3b linear_to_bgr(const Color& linear);  // clips

bool in_gamut(const Lab& lab);

// Points of a cubic lattice that sRGB can show, in a fixed order.
std::vector<Lab> gamut_lattice(float spacing);

}  // namespace samples
