#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "smalti/animation.h"
#include "smalti/events.h"
#include "smalti/image_limits.h"
#include "smalti/skipped_file.h"

namespace smalti {

enum class PictureOrder {
  kAscending,   ///< by name, numbers by their value: 2 before 10
  kDescending,  ///< the other way round
  kDate,        ///< by when the file was last written, the oldest first
};

/// The longer edge of an animation's frames unless the user says otherwise, if it would be larger.
inline constexpr int kDefaultAnimationSide = 800;

struct AnimateOptions {
  std::vector<std::filesystem::path> pictures;  ///< files, and folders without the folders in them
  std::optional<std::filesystem::path> output;  ///< NAME.gif in the current folder, by the first
  PictureOrder order = PictureOrder::kAscending;
  std::optional<Size> size;      ///< of the frames
  std::optional<int> long_edge;  ///< of the frames, which then have the first picture's shape
  std::uint64_t memory_bytes = 800'000'000;  ///< for pictures on their way
  ImageLimits limits;
  bool strict = false;  ///< a picture that cannot be used is an error
  int threads = 0;      ///< 0: as many as processors
  AnimationOptions animation;
};

struct AnimateSummary {
  std::filesystem::path output;
  bool stopped = false;  ///< events.stop became true: nothing was left at `output`
  AnimationSummary animation;
  std::vector<SkippedFile> skipped;
  std::size_t fitted = 0;  ///< pictures of another shape than the first: they have borders
  double wall_s = 0;
};

/// Whether a name comes before another: digits in a row count by their value.
bool comes_before(const std::string& name, const std::string& other);

/// Makes an animation of pictures, upright, each fitted into the first one's shape, with plain
/// white around and beneath it. What cannot be read is left out with a warning; in folders, what is
/// no picture in silence. Throws Error: kMissingInput for a source that is not there, kBadInput
/// when no picture is left, and as AnimationWriter does.
AnimateSummary animate_pictures(const AnimateOptions& options, const Events& events);

}  // namespace smalti
