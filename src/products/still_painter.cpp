#include "products/still_painter.h"

#include <algorithm>
#include <cstring>

#include "smalti/compositor.h"

namespace smalti {
namespace {

constexpr std::uint8_t kOpaque = 255;
constexpr std::uint8_t kWhite = 255;

void fill(const Plane& plane, const Rect& part, std::uint8_t value) {
  for (int y = part.y; y < part.y + part.height; ++y)
    std::memset(plane.row<std::uint8_t>(y) + part.x, value, static_cast<std::size_t>(part.width));
}

Rect whole(const Picture& picture) { return {0, 0, picture.width, picture.height}; }

// RGB with alpha laid over white: RGB.
void flatten_over_white(const Picture& rgba, Picture& rgb) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (int y = 0; y < rgb.height; ++y) {
      const auto* from = rgba.planes[c].row<const std::uint8_t>(y);
      const auto* alpha = rgba.alpha().row<const std::uint8_t>(y);
      auto* to = rgb.planes[c].row<std::uint8_t>(y);
      for (int x = 0; x < rgb.width; ++x)
        to[x] = static_cast<std::uint8_t>(
            (from[x] * alpha[x] + kWhite * (kOpaque - alpha[x]) + kOpaque / 2) / kOpaque);
    }
  }
}

// The part of it from `origin` on that there is room for.
void fill_over_white(const Resampler& target, Point origin, Picture& rgb) {
  if (!target.format().alpha) return target.fill(origin.x, origin.y, rgb);
  Picture seen = Picture::allocate(target.format(), rgb.size(), {});
  target.fill(origin.x, origin.y, seen);
  flatten_over_white(seen, rgb);
}

}  // namespace

Picture seen_over_white(const Picture& rgb, Size size) {
  Picture out = Picture::allocate(StillPainter::kFormat, size, {});
  fill_over_white(Resampler(rgb, size), {}, out);
  return out;
}

StillPainter::StillPainter(const Placement& placement, const Grid& grid, Atlas& atlas,
                           const std::vector<Shift>& shifts, const Look& look,
                           const Picture& target)
    : placement_(placement), grid_(grid), atlas_(atlas), shifts_(shifts), look_(look) {
  if (look.opacity < 1 || look.side_by_side) target_.emplace(target, grid.canvas());
}

Size StillPainter::size() const {
  const Size canvas = grid_.canvas();
  return {canvas.width * (look_.side_by_side ? 2 : 1), canvas.height};
}

Picture StillPainter::paint(const Rect& part) const {
  const PixelFormat format{ColorModel::kRgb, 8, 0, 0, look_.alpha};
  Picture out = Picture::allocate(format, {part.width, part.height}, {});
  const int border = look_.side_by_side ? grid_.canvas().width : 0;
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

void StillPainter::paint_target(Point origin, Picture& out) const {
  if (out.format.alpha) return target_->fill(origin.x, origin.y, out);
  fill_over_white(*target_, origin, out);
}

void StillPainter::paint_mosaic(Point origin, Picture& out) const {
  for (int c = 0; c < out.format.components(); ++c)
    fill(out.planes[static_cast<std::size_t>(c)], whole(out), out.format.alpha ? 0 : kWhite);
  compose(
      placement_, grid_, [this](TileNumber tile, Size size) { return atlas_.get(tile, size); }, out,
      origin, shifts_);
  if (look_.opacity < 1) {
    Picture target = Picture::allocate(out.format, out.size(), {});
    paint_target(origin, target);
    blend(target, look_.opacity, out);
  }
}

}  // namespace smalti
