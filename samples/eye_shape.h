// The outline of the painted eye: lids, crease and lashes.
//
// Eye space: the origin is the middle of the eyeball, x to the right, y down, and 1 is half the
// height of the picture at zoom 1.
#pragma once

#include <vector>

#include "paint.h"

namespace samples {

// What the eye does at one moment.
struct EyePose {
  float open = 1.0F;       // 0 closed, 1 open
  Point gaze{0.0F, 0.0F};  // where the iris sits, in eye space
  float pupil = 0.36F;     // radius as part of the iris radius
  float zoom = 1.0F;
  Point focus{0.0F, 0.0F};  // eye-space point in the middle of the picture
};

inline constexpr float kInnerCorner = -1.46F;
inline constexpr float kOuterCorner = 1.38F;
inline constexpr float kIrisRadius = 0.53F;

// Heights of the facial curves above one x.
struct LidColumn {
  float upper;        // edge of the upper lid
  float lower;        // edge of the lower lid
  float crease;       // fold above the upper lid
  float fold;         // soft fold below the lower lid
  float upper_slant;  // turns a vertical distance from the edge into a true one
  float lower_slant;
};

LidColumn lid_column(const EyePose& pose, float x);

// Draws lashes as a coverage mask of the picture's size.
cv::Mat_<std::uint8_t> draw_lashes(const EyePose& pose, cv::Size size);

}  // namespace samples
