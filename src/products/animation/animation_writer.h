#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/picture.h"
#include "products/animation/animation_format.h"
#include "smalti/animation.h"
#include "smalti/events.h"

namespace smalti {

/// Writes pictures of one size as an animation that loops for ever (GIF, APNG, WebP) or a video
/// without sound. Frame i is shown from i / fps on, to the nearest hundredth of a second in GIF and
/// thousandth in WebP, so that delays may differ by one unit and their sum does not drift.
///
/// Frames are kept in a file without a name in the folder for temporary files until the end, which
/// needs several passes; in memory there are a few. The same frames and options give the same
/// bytes, for video with the same number of threads. The file appears whole or not at all
/// (OutputFile). One thread at a time; after an Error, only destruction.
class AnimationWriter {
 public:
  /// Throws Error as check_animation does, kInputOutput when there is no room for the frames.
  AnimationWriter(const std::filesystem::path& path, Size size, const AnimationOptions& options);
  /// Without finish(), leaves nothing behind.
  ~AnimationWriter();

  /// The next frame: RGB of depth 8 without alpha. Throws Error (kInputOutput).
  void write(const Picture& frame);
  /// Shows a frame that was written, by its number, once more.
  void repeat(std::uint64_t number);

  /// There must be a frame. Encodes and puts the file in place. Returns nothing when events.stop
  /// became true; then nothing is left. Throws Error: as OutputFile does, kInputOutput when writing
  /// fails, kUsage when max_bytes is too little for any size.
  std::optional<AnimationSummary> finish(const Events& events);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti
