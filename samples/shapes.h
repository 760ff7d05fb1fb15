// Shapes as signed distance functions (negative inside), and a painter that fills them.
//
// Tile space: the origin is the middle of the tile, y points down, and 1 is the tile's height, so
// x runs from -0.375 to 0.375 and y from -0.5 to 0.5.
#pragma once

#include <type_traits>

#include "lab.h"

namespace samples {

inline constexpr int kTileWidth = 192;
inline constexpr int kTileHeight = 256;
inline constexpr float kTilePixel = 1.0F / kTileHeight;

inline Point direction(float angle) { return {std::cos(angle), std::sin(angle)}; }

// The point as seen from a frame turned by `angle`.
inline Point turned(Point p, float angle) {
  const Point x = direction(angle);
  return {p.dot(x), p.y * x.x - p.x * x.y};
}

inline float circle(Point p, Point middle, float radius) { return length(p - middle) - radius; }

// Not the exact distance, but close enough to the outline for soft edges.
inline float ellipse(Point p, Point middle, float half_width, float half_height) {
  const Point d = p - middle;
  const float k = length({d.x / half_width, d.y / half_height});
  return (k - 1.0F) * std::min(half_width, half_height);
}

inline float box(Point p, Point middle, float half_width, float half_height,
                 float rounding = 0.0F) {
  const float dx = std::abs(p.x - middle.x) - half_width + rounding;
  const float dy = std::abs(p.y - middle.y) - half_height + rounding;
  const float outside = length({std::max(dx, 0.0F), std::max(dy, 0.0F)});
  return outside + std::min(std::max(dx, dy), 0.0F) - rounding;
}

// A line from a to b whose half thickness goes from `start` to `end`.
inline float stroke(Point p, Point a, Point b, float start, float end) {
  const Point along = b - a;
  const float t = clamp01((p - a).dot(along) / along.dot(along));
  return length(p - a - along * t) - mix(start, end, t);
}

// Triangle with a level base below its tip.
inline float spike(Point p, Point tip, float half_base, float height) {
  const Point d = p - tip;
  const float side = (std::abs(d.x) * height - d.y * half_base) / std::hypot(height, half_base);
  return std::max(side, d.y - height);
}

// A canvas in Lab: blending there is even to the eye, and a tile's mean colour can be shifted as a
// whole afterwards.
class TilePainter {
 public:
  TilePainter() : image_(kTileHeight, kTileWidth, Lab(50.0F, 0.0F, 0.0F)) {}

  const cv::Mat_<Lab>& image() const { return image_; }

  // Fills the whole tile; `paint` maps a point to a colour.
  template <typename Paint>
  void fill(Paint paint) {
    for (int row = 0; row < kTileHeight; ++row) {
      for (int column = 0; column < kTileWidth; ++column)
        image_(row, column) = paint(point(row, column));
    }
  }

  // Fills where `shape` is negative; `paint` is a colour or maps a point to one. Edges are `soft`
  // wide on both sides.
  template <typename Shape, typename Paint>
  void draw(Shape shape, const Paint& paint, float opacity = 1.0F,
            float soft = 0.75F * kTilePixel) {
    for (int row = 0; row < kTileHeight; ++row) {
      for (int column = 0; column < kTileWidth; ++column) {
        const Point p = point(row, column);
        const float distance = shape(p);
        if (distance >= soft) continue;
        Lab color;
        if constexpr (std::is_invocable_v<Paint, Point>) {
          color = paint(p);
        } else {
          color = paint;
        }
        Lab& pixel = image_(row, column);
        pixel = mix(pixel, color, opacity * smooth(soft, -soft, distance));
      }
    }
  }

 private:
  static Point point(int row, int column) {
    return {(static_cast<float>(column) + 0.5F - 0.5F * kTileWidth) * kTilePixel,
            (static_cast<float>(row) + 0.5F - 0.5F * kTileHeight) * kTilePixel};
  }

  cv::Mat_<Lab> image_;
};

}  // namespace samples
