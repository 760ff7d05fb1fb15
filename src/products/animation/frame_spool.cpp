#include "products/animation/frame_spool.h"

#include <cassert>
#include <memory>
#include <vector>

namespace smalti {
namespace {

constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};

}  // namespace

std::size_t FrameSpool::frame_bytes() const {
  return std::size_t{3} * static_cast<std::size_t>(size_.width) *
         static_cast<std::size_t>(size_.height);
}

void FrameSpool::add(const Picture& frame) {
  assert(frame.size() == size_ && frame.format == kRgb);
  std::vector<std::uint8_t> samples;
  samples.reserve(frame_bytes());
  for (std::size_t c = 0; c < 3; ++c) {
    const Plane& plane = frame.planes[c];
    for (int y = 0; y < frame.height; ++y) {
      const auto* row = plane.row<const std::uint8_t>(y);
      for (int x = 0; x < frame.width; ++x) samples.push_back(row[x * plane.step]);
    }
  }
  file_.write(frames_ * frame_bytes(), samples);
  ++frames_;
}

Picture FrameSpool::get(std::uint64_t number) const {
  const auto samples = std::make_shared<std::vector<std::uint8_t>>(frame_bytes());
  file_.read(number * frame_bytes(), *samples);
  Picture frame{kRgb, size_.width, size_.height, {}, {}, samples};
  for (std::size_t c = 0; c < 3; ++c)
    frame.planes[c] = {reinterpret_cast<std::byte*>(samples->data() + c * frame_bytes() / 3),
                       size_.width, 1, size_.width, size_.height};
  return frame;
}

}  // namespace smalti
