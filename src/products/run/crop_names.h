#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "smalti/crop_options.h"

namespace smalti {

/// What users and files call the ways to crop.
inline constexpr std::array<std::pair<std::string_view, CropKind>, 3> kCropNames = {
    {{"centre", CropKind::kCentre}, {"attention", CropKind::kAttention}, {"fit", CropKind::kFit}}};

inline std::string_view crop_name(CropKind kind) {
  return std::find_if(kCropNames.begin(), kCropNames.end(),
                      [&](const auto& name) { return name.second == kind; })
      ->first;
}

}  // namespace smalti
