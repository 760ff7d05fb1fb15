#pragma once

#include <optional>
#include <vector>

#include "smalti/animation.h"

namespace smalti {

/// One way to encode the frames of an animation; what is absent is the format's own.
struct Attempt {
  std::optional<int> colors;
  std::optional<int> quality;  ///< WebP
  std::optional<double> crf;   ///< video

  bool operator==(const Attempt&) const = default;
};

/// The ways to try until the file is small enough, from the best on: there is at least one. The
/// last one is what smaller frames are tried with. `in_place`: what is written cannot be taken
/// back.
std::vector<Attempt> attempts_for(AnimationFormat format, const AnimationOptions& options,
                                  bool in_place);

}  // namespace smalti
