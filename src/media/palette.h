#pragma once

#include "base/picture.h"
#include "color/color_histogram.h"
#include "media/handles.h"
#include "smalti/animation.h"

/// The colours of animations that have few: libavfilter's palettegen and paletteuse.
namespace smalti::media {

/// Whether a palette of so many colours has all that were counted: nothing is to be dithered then.
bool has_all(const color::ColorHistogram& counted, int colors);

/// At most so many colours, those that suit what was counted best, or all: a frame of 16 x 16
/// pixels.
UniqueFrame find_palette(const color::ColorHistogram& counted, int colors);

/// Paints frames in the colours of a palette. Stateful, in frame order.
class Painter {
 public:
  /// Shares in the palette's samples; several may do so at a time.
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
