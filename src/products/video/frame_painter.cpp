#include "products/video/frame_painter.h"

#include <cstring>

#include "mosaic/compositor.h"

namespace smalti {
namespace {

void copy(const Picture& from, Picture to) {
  for (std::size_t c = 0; c < static_cast<std::size_t>(from.format.components()); ++c) {
    const std::size_t row_bytes = static_cast<std::size_t>(from.planes[c].width) *
                                  static_cast<std::size_t>(from.format.bytes_per_sample());
    for (int y = 0; y < from.planes[c].height; ++y)
      std::memcpy(to.planes[c].row<std::byte>(y), from.planes[c].row<std::byte>(y), row_bytes);
  }
}

}  // namespace

FramePainter::FramePainter(tiles::Atlas& atlas, const mosaic::Tinter& tinter,
                           const media::EncoderPlan& encoder, const mosaic::Layout& layout,
                           const MosaicOptions& options)
    : atlas_(atlas),
      tinter_(tinter),
      format_(encoder.format),
      color_(encoder.color),
      padded_(layout.picture),
      place_(layout.place),
      opacity_(options.opacity),
      side_by_side_(options.side_by_side),
      scaler_(encoder.format, encoder.color, layout.cells.canvas()) {}

Size FramePainter::size() const {
  return {padded_.width * (side_by_side_ ? 2 : 1), padded_.height};
}

Picture FramePainter::paint(const pipeline::FrameJob& job) {
  const Picture frame = Picture::allocate(format_, size(), color_);
  if (Size{place_.width, place_.height} != padded_) fill_black(frame);
  const Picture target = shows_target() ? scaler_.scaled(job.picture) : Picture{};
  Rect place = place_;
  if (side_by_side_) {
    copy(target, part_of(frame, place));
    place.x += padded_.width;
  }
  Picture mosaic = part_of(frame, place);
  mosaic::compose(
      job.placement, *job.cells,
      [this](match::TileNumber tile, Size size) { return atlas_.get(tile, size); }, mosaic, {},
      tinter_.shifts(job.descriptors, job.placement));
  if (opacity_ < 1) mosaic::blend(target, opacity_, mosaic);
  return frame;
}

}  // namespace smalti
