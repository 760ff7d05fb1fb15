#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/picture.h"
#include "media/time_line.h"
#include "smalti/events.h"

namespace smalti::media {

/// One frame of a video, upright.
struct SampledFrame {
  Nanoseconds time = 0;  ///< when it begins to be shown, from the beginning of the file
  Picture picture;
  Size size;  ///< in square pixels; the picture's samples may be longer one way
};

/// Gives the frames that a video shows at certain times, decoding as little as it can: it jumps to
/// key frames, and passes over frames that no other refers to. Neither changes which frame comes.
/// Stateful; one thread at a time.
class FrameSampler {
 public:
  /// `decode_all`: reads every frame from the beginning on, which is what the shorter ways are held
  /// against. Throws Error as VideoReader does when the file is no video smalti reads,
  /// but the message calls the file "it".
  FrameSampler(const std::filesystem::path& path, int threads, bool decode_all,
               const Events& events);
  ~FrameSampler();

  /// The frame shown at `time` after the beginning of the file: the last that begins by then, or
  /// the first of all where none does. Nothing when the last one is no longer shown, or when
  /// events.stop became true. `time` must not decrease from call to call.
  /// Throws Error: kInputOutput when reading fails, kBadInput when nothing in the file can be
  /// decoded.
  std::optional<SampledFrame> shown_at(Nanoseconds time);

  /// Packets that could not be decoded, and frames that came out damaged, of those looked at.
  std::uint64_t damaged() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What a file says of its video, as far as it can be believed.
struct VideoFacts {
  std::optional<std::uint64_t> frames;
  std::optional<double> length_s;
};

/// Opens a video without decoding. Throws Error as FrameSampler does.
VideoFacts look_at_video(const std::filesystem::path& path, const Events& events);

}  // namespace smalti::media
