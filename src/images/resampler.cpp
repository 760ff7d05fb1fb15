#include "images/resampler.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

#include "images/pixels.h"

namespace smalti::images {
namespace {

constexpr int kWeightBits = 8;
constexpr int kWhole = 1 << kWeightBits;

// A place between two samples: (kWhole - weight) of `first` and weight of the next.
struct Place {
  int first;
  int next;
  int weight;
};

// Where sample `at` of `to` lies among `from` samples, centre on centre; edges repeat.
Place place_of(int at, int to, int from) {
  const std::int64_t doubled = (2LL * at + 1) * from * kWhole / to - kWhole;  // twice, in weights
  const std::int64_t position = std::clamp<std::int64_t>(doubled / 2, 0, (from - 1LL) * kWhole);
  const int first = static_cast<int>(position >> kWeightBits);
  return {first, std::min(first + 1, from - 1), static_cast<int>(position & (kWhole - 1))};
}

std::vector<Place> places(int begin, int count, int to, int from) {
  std::vector<Place> all;
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all.push_back(place_of(begin + i, to, from));
  return all;
}

void fill_plane(const Plane& from, const std::vector<Place>& columns,
                const std::vector<Place>& rows, const Plane& to) {
  for (int y = 0; y < to.height; ++y) {
    const Place& row = rows[static_cast<std::size_t>(y)];
    const auto* upper = from.row<const std::uint8_t>(row.first);
    const auto* lower = from.row<const std::uint8_t>(row.next);
    auto* out = to.row<std::uint8_t>(y);
    for (int x = 0; x < to.width; ++x) {
      const Place& c = columns[static_cast<std::size_t>(x)];
      const auto along = [&](const std::uint8_t* samples) {
        return samples[c.first * from.step] * (kWhole - c.weight) +
               samples[c.next * from.step] * c.weight;
      };
      const int sum = along(upper) * (kWhole - row.weight) + along(lower) * row.weight;
      out[x] = static_cast<std::uint8_t>((sum + kWhole * kWhole / 2) >> (2 * kWeightBits));
    }
  }
}

Picture no_larger_than(const Picture& picture, Size size) {
  const Size kept{std::min(picture.width, size.width), std::min(picture.height, size.height)};
  return kept == picture.size() ? picture : to_picture(reduced(to_mat(picture), kept));
}

}  // namespace

Resampler::Resampler(const Picture& rgb, Size size)
    : source_(no_larger_than(rgb, size)), size_(size) {
  assert(rgb.format.model == ColorModel::kRgb && rgb.format.depth == 8);
}

void Resampler::fill(int x, int y, Picture& out) const {
  assert(out.format == source_.format);
  const auto columns = places(x, out.width, size_.width, source_.width);
  const auto rows = places(y, out.height, size_.height, source_.height);
  for (std::size_t c = 0; c < static_cast<std::size_t>(out.format.components()); ++c)
    fill_plane(source_.planes[c], columns, rows, out.planes[c]);
}

}  // namespace smalti::images
