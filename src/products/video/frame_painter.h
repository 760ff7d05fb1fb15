#pragma once

#include "media/scaler.h"
#include "media/video_writer.h"
#include "mosaic/layout.h"
#include "mosaic/tint.h"
#include "pipeline/frame_job.h"
#include "smalti/mosaic_job.h"
#include "tiles/atlas.h"

namespace smalti {

/// Paints the frames of a mosaic video as the encoder wants them. Any thread.
class FramePainter {
 public:
  /// Takes from the options what is shown of the target. Atlas and tinter must outlive the
  /// painter.
  FramePainter(tiles::Atlas& atlas, const mosaic::Tinter& tinter, const media::EncoderPlan& encoder,
               const mosaic::Layout& layout, const MosaicOptions& options);

  /// Of the whole frame.
  Size size() const;
  /// Whether paint() needs the job's picture.
  bool shows_target() const { return side_by_side_ || opacity_ < 1; }

  Picture paint(const pipeline::FrameJob& job);

 private:
  tiles::Atlas& atlas_;
  const mosaic::Tinter& tinter_;
  PixelFormat format_;
  ColorTags color_;
  Size padded_;
  Rect place_;  // of the canvas in it
  double opacity_;
  bool side_by_side_;
  media::Scaler scaler_;
};

}  // namespace smalti
