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
  const Size canvas = cells.canvas();
  if (look_.padded == Size{}) {
    look_.padded = canvas;
    look_.place = {0, 0, canvas.width, canvas.height};
  }
  if (look.opacity < 1 || look.side_by_side) target_.emplace(target, cells.canvas());
}

Size StillPainter::size() const {
  return {look_.padded.width * (look_.side_by_side ? 2 : 1), look_.padded.height};
}

Picture StillPainter::paint(const Rect& part) const {
  const PixelFormat format{ColorModel::kRgb, 8, 0, 0, look_.alpha};
  Picture out = Picture::allocate(format, {part.width, part.height}, {});
  if (look_.padded != cells_.canvas()) fill_black(out);
  Rect place = look_.place;
  if (look_.side_by_side) {
    paint_at(place, part, out, &StillPainter::paint_target);
    place.x += look_.padded.width;
  }
  paint_at(place, part, out, &StillPainter::paint_mosaic);
  return out;
}

// Paints as much of what stands in a place as the part of the picture shows.
void StillPainter::paint_at(const Rect& place, const Rect& part, const Picture& out,
                            void (StillPainter::*work)(mosaic::Point, Picture&) const) const {
  const int left = std::max(place.x, part.x);
  const int top = std::max(place.y, part.y);
  const int width = std::min(place.x + place.width, part.x + part.width) - left;
  const int height = std::min(place.y + place.height, part.y + part.height) - top;
  if (width <= 0 || height <= 0) return;
  Picture view = part_of(out, {left - part.x, top - part.y, width, height});
  (this->*work)({left - place.x, top - place.y}, view);
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
