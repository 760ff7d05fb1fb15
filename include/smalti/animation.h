#pragma once

#include <cstdint>
#include <optional>

#include "smalti/sizes.h"

namespace smalti {

/// What a row of pictures can be written as.
enum class AnimationFormat { kGif, kApng, kWebp, kVideo };

/// How colours that the palette lacks are made of those that it has.
enum class Dither {
  kNone,       ///< not at all: the nearest colour
  kBayer,      ///< by a fixed pattern
  kDiffusion,  ///< by passing the error on to the neighbours
};

struct AnimationOptions {
  bool overwrite = false;
  Rational fps{7, 1};
  /// 2 to 256, of a palette for all frames together; of GIF and APNG. GIF has 256 by default.
  std::optional<int> colors;
  std::optional<Dither> dither;  ///< where there is a palette; kBayer
  /// The file must not become larger: colours are lowered first (quality, where a format has that
  /// instead), then the size of the frames.
  std::optional<std::uint64_t> max_bytes;
  int threads = 0;  ///< of an encoder of video; 0: as many as processors
};

/// A GIF that would become larger than this has fewer colours, down to kFewestDefaultColors, unless
/// the user says otherwise.
inline constexpr std::uint64_t kComfortableGifBytes = 8'000'000;
inline constexpr int kFewestDefaultColors = 128;

struct AnimationSummary {
  AnimationFormat format = AnimationFormat::kGif;
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
  double duration_s = 0;
  Size size;                  ///< of the frames, as they were written
  std::optional<int> colors;  ///< of the palette, where there is one
  bool fewer_colors = false;  ///< or less quality, to fit; than it had been by itself
  bool smaller = false;       ///< the frames, to fit
};

}  // namespace smalti
