#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/output_file.h"
#include "images/frame_sink.h"
#include "smalti/encoding.h"

namespace smalti::images {

struct WebpAnimationSetup {
  Size size;
  Rational fps;
  int quality = 80;                         ///< 1 to 100
  const std::atomic<bool>* stop = nullptr;  ///< ends waiting for the reader of a FIFO
};

/// An animated WebP, lossy, held in memory until its end. `file` must outlive the sink. Throws
/// Error (kInputOutput).
std::unique_ptr<FrameSink> make_webp_animation(const OutputFile& file,
                                               const WebpAnimationSetup& setup);

}  // namespace smalti::images
