#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/output_file.h"
#include "color/color_histogram.h"
#include "images/frame_sink.h"
#include "smalti/animation.h"
#include "smalti/events.h"

/// Animations that libav writes.
namespace smalti::media {

struct AnimationSetup {
  Size size;
  Rational fps;
  std::uint64_t frames = 0;   ///< that will come
  std::optional<int> colors;  ///< of a palette; GIF needs one
  /// Of all frames; needed for a palette, and then while the sink is being made.
  const color::ColorHistogram* counted = nullptr;
  Dither dither = Dither::kBayer;
  std::optional<double> crf;  ///< of video
  int threads = 0;
};

/// Throws Error (kInputOutput), kUsage when an encoder refuses size or rate. `file` and `events`
/// must outlive the sink.
std::unique_ptr<images::FrameSink> make_gif(const OutputFile& file, const AnimationSetup& setup,
                                            const Events& events);
std::unique_ptr<images::FrameSink> make_apng(const OutputFile& file, const AnimationSetup& setup,
                                             const Events& events);
/// Container and encoder go by the final name's extension.
std::unique_ptr<images::FrameSink> make_video(const OutputFile& file, const AnimationSetup& setup,
                                              const Events& events);

/// Whether the extension is one of a video container.
bool names_video(const std::filesystem::path& path);
/// The steps of the pixel format that make_video encodes in. Throws Error (kUsage).
Size video_step(const std::filesystem::path& path);
/// Whether make_video goes back in the file to complete it. Throws Error (kUsage).
bool video_needs_seeking(const std::filesystem::path& path);

}  // namespace smalti::media
