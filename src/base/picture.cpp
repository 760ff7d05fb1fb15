#include "smalti/picture.h"

#include <memory>
#include <new>

namespace smalti {
namespace {

constexpr std::size_t kRowAlignment = 64;

constexpr int ceil_shift(int value, int shift) { return (value + (1 << shift) - 1) >> shift; }

struct PlaneShape {
  int width;
  int height;
  std::size_t stride;
  std::size_t bytes() const { return stride * static_cast<std::size_t>(height); }
};

PlaneShape plane_shape(const PixelFormat& format, Size size, int component) {
  const bool chroma = format.model == ColorModel::kYuv && (component == 1 || component == 2);
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

}  // namespace smalti
