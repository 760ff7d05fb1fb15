#pragma once

#include "media/handles.h"
#include "smalti/animation_writer.h"
#include "smalti/picture.h"

/// The colours of animations that have few: libavfilter's palettegen and paletteuse.
namespace smalti::media {

/// Finds the colours that suit a row of frames best. Stateful.
class PaletteMaker {
 public:
  PaletteMaker(Size size, int colors);
  void add(const Picture& rgb);
  /// No more frames. The palette is a frame of 16 x 16 pixels.
  UniqueFrame finish();

 private:
  UniqueGraph graph_;
  AVFilterContext* source_ = nullptr;  // these two belong to graph_
  AVFilterContext* sink_ = nullptr;
};

/// Paints frames in the colours of a palette. Stateful, in frame order.
class Painter {
 public:
  /// Shares in the palette's samples.
  Painter(Size size, AVFrame& palette, Dither dither);
  void push(const Picture& rgb, std::int64_t number);
  void close();
  /// The next frame (AV_PIX_FMT_PAL8; its pts is its number), or null when there is none yet or no
  /// more.
  UniqueFrame pull();

 private:
  UniqueGraph graph_;
  AVFilterContext* source_ = nullptr;  // these two belong to graph_
  AVFilterContext* sink_ = nullptr;
};

}  // namespace smalti::media
