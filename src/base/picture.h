#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "smalti/sizes.h"

namespace smalti {

/// What a picture's components are. Components come in this order, alpha (if any) last:
/// gray: Y; yuv: Y, Cb, Cr; rgb: R, G, B.
enum class ColorModel : std::uint8_t { kGray, kYuv, kRgb };

/// How samples are to be read as colours: the code points of ITU-T H.273 (2 = unspecified), which
/// are also the values of libav's AVCOL_PRI_, AVCOL_TRC_ and AVCOL_SPC_ constants.
struct ColorTags {
  std::uint8_t primaries = 2;
  std::uint8_t transfer = 2;
  std::uint8_t matrix = 2;
  bool full_range = false;  ///< gray and yuv only; rgb is always full range
  bool operator==(const ColorTags&) const = default;
};

struct PixelFormat {
  ColorModel model = ColorModel::kYuv;
  int depth = 8;               ///< bits a sample, 8 to 16; above 8 a sample is a native uint16_t
  int log2_chroma_width = 0;   ///< Cb and Cr have one sample for 2^this columns of Y
  int log2_chroma_height = 0;  ///< and for 2^this rows
  bool alpha = false;

  int color_components() const { return model == ColorModel::kGray ? 1 : 3; }
  int components() const { return color_components() + (alpha ? 1 : 0); }
  int bytes_per_sample() const { return depth > 8 ? 2 : 1; }
  /// The smallest width and height, in pixels, that covers whole samples of every component.
  Size chroma_step() const { return {1 << log2_chroma_width, 1 << log2_chroma_height}; }
  bool operator==(const PixelFormat&) const = default;
};

/// One component of a picture: `height` rows of `width` samples, row r at data + r * stride, its
/// samples `step` samples apart (1 in planar pictures, 3 or 4 in packed ones, 2 in NV12's chroma).
struct Plane {
  std::byte* data = nullptr;
  std::ptrdiff_t stride = 0;  ///< bytes; may be negative
  int step = 1;               ///< samples
  int width = 0;
  int height = 0;

  template <typename Sample>
  Sample* row(int y) const {
    return reinterpret_cast<Sample*>(data + y * stride);
  }
};

/// A picture in memory, of whatever layout its maker had: planar or packed, 8 to 16 bits.
///
/// Copying a Picture copies the view, not the samples; `owner` keeps them alive. Who makes a
/// picture may write its samples until it hands the picture on; from then on it is read by any
/// thread.
struct Picture {
  PixelFormat format;
  int width = 0;
  int height = 0;
  ColorTags color;
  std::array<Plane, 4> planes{};
  std::shared_ptr<const void> owner;

  bool empty() const { return width == 0 || height == 0; }
  Size size() const { return {width, height}; }
  /// The plane of alpha; only when format.alpha.
  const Plane& alpha() const {
    assert(format.alpha);
    return planes[static_cast<std::size_t>(format.color_components())];
  }

  /// A planar picture with samples of its own, not initialised, rows aligned to 64 bytes.
  /// Chroma planes of odd sizes are rounded up. Throws std::bad_alloc.
  static Picture allocate(const PixelFormat& format, Size size, const ColorTags& color);
};

/// A view of a rectangle of the picture, which must lie within it and, unless it ends at the
/// picture's edge, on whole chroma samples.
Picture part_of(const Picture& picture, const Rect& part);

/// Makes all of a planar picture black, and opaque.
void fill_black(const Picture& picture);

/// Bytes that the samples of such a planar picture take.
std::size_t picture_bytes(const PixelFormat& format, Size size);

}  // namespace smalti
