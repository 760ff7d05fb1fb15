#pragma once

#include "media/mosaic_writer.h"
#include "media/scaler.h"
#include "smalti/atlas.h"
#include "smalti/frame_job.h"

namespace smalti {

/// Paints the frames of a mosaic video as the encoder wants them. Any thread.
class FramePainter {
 public:
  /// With `side_by_side`, the target stands to the left of the mosaic, as large as it. The atlas
  /// must outlive the painter.
  FramePainter(Atlas& atlas, const media::EncoderPlan& encoder, Size canvas, bool side_by_side);

  /// Of the whole frame.
  Size size() const;
  /// Whether paint() needs the job's source.
  bool shows_target() const { return side_by_side_; }

  Picture paint(const FrameJob& job);

 private:
  Atlas& atlas_;
  PixelFormat format_;
  ColorTags color_;
  Size canvas_;
  bool side_by_side_;
  media::Scaler scaler_;
};

}  // namespace smalti
