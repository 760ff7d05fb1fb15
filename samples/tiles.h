// About two thousand small pictures whose mean colours are spread evenly over what a screen shows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lab.h"

namespace samples {

struct Scene;

// One tile to make; a tile depends on nothing but its plan.
struct TilePlan {
  const Scene* scene;
  Lab target;        // mean colour to reach
  float contrast;    // standard deviation of L to aim for
  float light_from;  // angle of the bright end
  std::uint32_t seed;

  std::string name(int number) const;  // such as "hills-0123.jpg"
};

std::vector<TilePlan> plan_tiles();

// Whether a file of that name can only be a tile of ours, of this version or an older one.
bool is_tile_name(std::string_view name);

// Paints the tile, 8-bit BGR.
cv::Mat_<cv::Vec3b> paint_tile(const TilePlan& plan);

}  // namespace samples
