#include "products/still/still_painter.h"

#include <algorithm>
#include <cstring>

#include "mosaic/compositor.h"
#include "products/still/over_white.h"

namespace smalti {
namespace {

constexpr std::uint8_t kWhite = 255;

void fill(const Plane& plane, const Rect& part, std::uint8_t value) {
  for (int y = part.y; y < part.y + part.height; ++y)
    std::memset(plane.row<std::uint8_t>(y) + part.x, value, static_cast<std::size_t>(part.width));
}

Rect whole(const Picture& picture) { return {0, 0, picture.width, picture.height}; }

}  // namespace

StillPainter::StillPainter(const match::Placement& placement, const Cells& cells,
                           tiles::Atlas& atlas, const std::vector<mosaic::Shift>& shifts,
                           const Look& look, const Picture& target)
    : placement_(placement), cells_(cells), atlas_(atlas), shifts_(shifts), look_(look) {
  if (look.opacity < 1 || look.side_by_side) target_.emplace(target, cells.canvas());
}

Size StillPainter::size() const {
  const Size canvas = cells_.canvas();
  return {canvas.width * (look_.side_by_side ? 2 : 1), canvas.height};
}

Picture StillPainter::paint(const Rect& part) const {
  const PixelFormat format{ColorModel::kRgb, 8, 0, 0, look_.alpha};
  Picture out = Picture::allocate(format, {part.width, part.height}, {});
  const int border = look_.side_by_side ? cells_.canvas().width : 0;
  const int split = std::clamp(border - part.x, 0, part.width);  // columns of the target
  if (split > 0) {
    Picture left = part_of(out, {0, 0, split, part.height});
    paint_target({part.x, part.y}, left);
  }
  if (split < part.width) {
    Picture right = part_of(out, {split, 0, part.width - split, part.height});
    paint_mosaic({part.x + split - border, part.y}, right);
  }
  return out;
}

void StillPainter::paint_target(mosaic::Point origin, Picture& out) const {
  if (out.format.alpha) return target_->fill(origin.x, origin.y, out);
  fill_over_white(*target_, origin, out);
}

void StillPainter::paint_mosaic(mosaic::Point origin, Picture& out) const {
  for (int c = 0; c < out.format.components(); ++c)
    fill(out.planes[static_cast<std::size_t>(c)], whole(out), out.format.alpha ? 0 : kWhite);
  mosaic::compose(
      placement_, cells_,
      [this](match::TileNumber tile, Size size) { return atlas_.get(tile, size); }, out, origin,
      shifts_);
  if (look_.opacity < 1) {
    Picture target = Picture::allocate(out.format, out.size(), {});
    paint_target(origin, target);
    mosaic::blend(target, look_.opacity, out);
  }
}

}  // namespace smalti
