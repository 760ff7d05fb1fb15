#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "smalti/layout_options.h"

namespace smalti {

/// What users and files call the ways to fit a target into another shape.
inline constexpr std::array<std::pair<std::string_view, FitMode>, 3> kFitNames = {
    {{"crop", FitMode::kCrop}, {"pad", FitMode::kPad}, {"stretch", FitMode::kStretch}}};

inline std::string_view fit_name(FitMode mode) {
  return std::find_if(kFitNames.begin(), kFitNames.end(),
                      [&](const auto& name) { return name.second == mode; })
      ->first;
}

}  // namespace smalti
