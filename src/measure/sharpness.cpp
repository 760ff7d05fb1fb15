#include "measure/sharpness.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace smalti::measure {
namespace {

constexpr int kMostColumns = 256;
constexpr int kFraction = 16;  // means keep this part of a grey level

struct Grey {
  int width = 0;
  int height = 0;
  std::vector<std::int32_t> values;  // 0 to 255 * kFraction
  std::int32_t at(int x, int y) const {
    return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
};

// Means of square blocks; what is left over at the right and below is not looked at.
template <typename Sample>
Grey reduced(const Plane& plane, int depth) {
  const int block = (plane.width + kMostColumns - 1) / kMostColumns;
  Grey grey{plane.width / block, plane.height / block, {}};
  const std::int64_t divisor = (std::int64_t{block} * block) << (depth - 8);
  std::vector<std::int64_t> sums(static_cast<std::size_t>(grey.width));
  for (int y = 0; y < grey.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int r = y * block; r < (y + 1) * block; ++r) {
      const Sample* row = plane.row<const Sample>(r);
      for (int x = 0; x < grey.width; ++x) {
        std::int64_t sum = 0;
        for (int c = x * block; c < (x + 1) * block; ++c)
          sum += row[std::ptrdiff_t{c} * plane.step];
        sums[static_cast<std::size_t>(x)] += sum;
      }
    }
    for (const std::int64_t sum : sums)
      grey.values.push_back(static_cast<std::int32_t>(sum * kFraction / divisor));
  }
  return grey;
}

}  // namespace

std::int64_t sharpness(const Picture& picture) {
  const Plane& plane = picture.planes[picture.format.model == ColorModel::kRgb ? 1 : 0];
  const int depth = picture.format.depth;
  const Grey grey =
      depth > 8 ? reduced<std::uint16_t>(plane, depth) : reduced<std::uint8_t>(plane, depth);
  if (grey.width < 3 || grey.height < 3) return 0;

  std::int64_t sum = 0;
  std::int64_t squares = 0;
  for (int y = 1; y < grey.height - 1; ++y) {
    for (int x = 1; x < grey.width - 1; ++x) {
      const std::int64_t laplacian = 4 * grey.at(x, y) - grey.at(x - 1, y) - grey.at(x + 1, y) -
                                     grey.at(x, y - 1) - grey.at(x, y + 1);
      sum += laplacian;
      squares += laplacian * laplacian;
    }
  }
  const std::int64_t count = std::int64_t{grey.width - 2} * (grey.height - 2);
  const std::int64_t mean = sum / count;
  return squares / count - mean * mean;
}

}  // namespace smalti::measure
