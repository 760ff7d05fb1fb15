#include "base/picture.h"

#include <algorithm>
#include <memory>
#include <new>

namespace smalti {
namespace {

constexpr std::size_t kRowAlignment = 64;

bool is_chroma(const PixelFormat& format, int component) {
  return format.model == ColorModel::kYuv && (component == 1 || component == 2);
}

constexpr int ceil_shift(int value, int shift) { return (value + (1 << shift) - 1) >> shift; }

struct PlaneShape {
  int width;
  int height;
  std::size_t stride;
  std::size_t bytes() const { return stride * static_cast<std::size_t>(height); }
};

PlaneShape plane_shape(const PixelFormat& format, Size size, int component) {
  const bool chroma = is_chroma(format, component);
  const int width = chroma ? ceil_shift(size.width, format.log2_chroma_width) : size.width;
  const int height = chroma ? ceil_shift(size.height, format.log2_chroma_height) : size.height;
  const std::size_t row = static_cast<std::size_t>(width) * format.bytes_per_sample();
  return {width, height, (row + kRowAlignment - 1) / kRowAlignment * kRowAlignment};
}

}  // namespace

std::size_t picture_bytes(const PixelFormat& format, Size size) {
  std::size_t bytes = 0;
  for (int c = 0; c < format.components(); ++c) bytes += plane_shape(format, size, c).bytes();
  return bytes;
}

Picture Picture::allocate(const PixelFormat& format, Size size, const ColorTags& color) {
  // Aligned by hand: glibc before 2.38 never reuses the place of an aligned block for another of
  // its size, and the heap grows with every picture that small blocks were allocated after.
  std::size_t room = picture_bytes(format, size) + kRowAlignment;
  void* block = ::operator new(room);
  Picture picture;
  picture.owner = std::shared_ptr<const void>(
      block, [](const void* p) { ::operator delete(const_cast<void*>(p)); });
  auto* samples =
      static_cast<std::byte*>(std::align(kRowAlignment, room - kRowAlignment, block, room));
  picture.format = format;
  picture.width = size.width;
  picture.height = size.height;
  picture.color = color;
  for (int c = 0; c < format.components(); ++c) {
    const PlaneShape shape = plane_shape(format, size, c);
    picture.planes[static_cast<std::size_t>(c)] = {
        samples, static_cast<std::ptrdiff_t>(shape.stride), 1, shape.width, shape.height};
    samples += shape.bytes();
  }
  return picture;
}

Picture part_of(const Picture& picture, const Rect& part) {
  assert(part.x >= 0 && part.y >= 0 && part.x + part.width <= picture.width &&
         part.y + part.height <= picture.height);
  Picture view = picture;
  view.width = part.width;
  view.height = part.height;
  for (int c = 0; c < picture.format.components(); ++c) {
    Plane& plane = view.planes[static_cast<std::size_t>(c)];
    const bool chroma = is_chroma(picture.format, c);
    const int log2_width = chroma ? picture.format.log2_chroma_width : 0;
    const int log2_height = chroma ? picture.format.log2_chroma_height : 0;
    plane.data += (part.y >> log2_height) * plane.stride + std::ptrdiff_t{part.x >> log2_width} *
                                                               plane.step *
                                                               picture.format.bytes_per_sample();
    plane.width = ceil_shift(part.width, log2_width);
    plane.height = ceil_shift(part.height, log2_height);
  }
  return view;
}

void fill_black(const Picture& picture) {
  const PixelFormat& format = picture.format;
  const bool is_limited = format.model != ColorModel::kRgb && !picture.color.full_range;
  for (int c = 0; c < format.components(); ++c) {
    int sample = is_limited ? 16 << (format.depth - 8) : 0;
    if (format.model == ColorModel::kYuv && c > 0) sample = 1 << (format.depth - 1);
    if (c == format.color_components()) sample = (1 << format.depth) - 1;
    const Plane& plane = picture.planes[static_cast<std::size_t>(c)];
    for (int y = 0; y < plane.height; ++y) {
      if (format.depth > 8)
        std::fill_n(plane.row<std::uint16_t>(y), plane.width, static_cast<std::uint16_t>(sample));
      else
        std::fill_n(plane.row<std::uint8_t>(y), plane.width, static_cast<std::uint8_t>(sample));
    }
  }
}

}  // namespace smalti
