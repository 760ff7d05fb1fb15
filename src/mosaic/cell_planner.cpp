#include "mosaic/cell_planner.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

// The layout of Sullivan and Baker's quadtree coding (1994: "Efficient quadtree coding of images
// and video"): with a price a leaf, the best tree is found exactly from the bottom up, as a node is
// either one cell or the best of its four quarters. The number of cells never rises with the price,
// so that halving finds the price for a wanted number.
//
// What a cell costs is the target's alone. The error of the nearest tile was tried and is worse: 4
// x 4 blocks do not see the detail inside of blocks. The variance is worse too: it spends all cells
// on edges. So the root of it, times the area.
//
// For n blocks of colours x the deviation times n is the root of n * sum |x|^2 - |sum x|^2, which
// is an integer under the root.

namespace smalti::mosaic {
namespace {

constexpr int kCostBits = 8;  // behind the point

using ColorSum = std::array<std::int64_t, 3>;

void add_to(std::int64_t& sum, std::int64_t part) { sum += part; }
void add_to(ColorSum& sum, const ColorSum& part) {
  for (std::size_t c = 0; c < 3; ++c) sum[c] += part[c];
}

std::int64_t squared_length(const ColorSum& v) { return v[0] * v[0] + v[1] * v[1] + v[2] * v[2]; }

std::int64_t root(std::int64_t v) {
  auto r = static_cast<std::int64_t>(std::sqrt(static_cast<double>(v)));
  while (r * r > v) --r;
  while ((r + 1) * (r + 1) <= v) ++r;
  return r;
}

// Only those that lie wholly within the fields.
Size cells_of(Size fields, std::size_t level) {
  return {fields.width >> level, fields.height >> level};
}

std::size_t at(int x, int y, Size cells) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(cells.width) +
         static_cast<std::size_t>(x);
}

// What four cells have together, for all cells of the next size.
template <typename Value>
std::vector<Value> quarters_added(const std::vector<Value>& quarters, Size fields,
                                  std::size_t level) {
  const Size small = cells_of(fields, level - 1);
  const Size large = cells_of(fields, level);
  std::vector<Value> sums(static_cast<std::size_t>(large.width) *
                          static_cast<std::size_t>(large.height));
  for (int y = 0; y < 2 * large.height; ++y) {
    for (int x = 0; x < 2 * large.width; ++x)
      add_to(sums[at(x / 2, y / 2, large)], quarters[at(x, y, small)]);
  }
  return sums;
}

// The cheapest cells at a price, for all places of each size.
class Merging {
 public:
  Merging(Size fields, const std::vector<std::vector<std::int64_t>>& costs, std::int64_t price)
      : fields_(fields), merged_(costs.size()) {
    std::vector<std::int64_t> best;
    std::vector<std::int64_t> counts;
    for (std::size_t level = 0; level < costs.size(); ++level) {
      const std::size_t cells = costs[level].size();
      std::vector<std::int64_t> parts = std::move(best);
      std::vector<std::int64_t> parts_counts = std::move(counts);
      if (level > 0) {
        count_roots(parts_counts, level - 1);
        parts = quarters_added(parts, fields, level);
        parts_counts = quarters_added(parts_counts, fields, level);
      }
      best.resize(cells);
      counts.resize(cells);
      merged_[level].resize(cells);
      for (std::size_t i = 0; i < cells; ++i) {
        const std::int64_t whole = costs[level][i] + price;
        merged_[level][i] = level == 0 || whole <= parts[i];
        best[i] = merged_[level][i] ? whole : parts[i];
        counts[i] = merged_[level][i] ? 1 : parts_counts[i];
      }
    }
    count_roots(counts, costs.size() - 1);
  }

  std::size_t count() const { return count_; }

  std::vector<Rect> cells() const {
    std::vector<Rect> found;
    for (std::size_t level = 0; level < merged_.size(); ++level)
      for_roots(level, [&](int x, int y) { collect(level, x, y, found); });
    std::sort(found.begin(), found.end(), [](const Rect& a, const Rect& b) {
      return std::pair(a.y, a.x) < std::pair(b.y, b.x);
    });
    return found;
  }

 private:
  // Calls with the places of this size that are part of no larger one.
  template <typename Call>
  void for_roots(std::size_t level, const Call& call) const {
    const Size cells = cells_of(fields_, level);
    const Size next = level + 1 < merged_.size() ? cells_of(fields_, level + 1) : Size{0, 0};
    for (int y = 0; y < cells.height; ++y) {
      for (int x = y < 2 * next.height ? 2 * next.width : 0; x < cells.width; ++x) call(x, y);
    }
  }

  void count_roots(const std::vector<std::int64_t>& counts, std::size_t level) {
    const Size cells = cells_of(fields_, level);
    for_roots(level,
              [&](int x, int y) { count_ += static_cast<std::size_t>(counts[at(x, y, cells)]); });
  }

  void collect(std::size_t level, int x, int y, std::vector<Rect>& found) const {
    if (merged_[level][at(x, y, cells_of(fields_, level))]) {
      found.push_back({x << level, y << level, 1 << level, 1 << level});
      return;
    }
    for (const int part : {0, 1, 2, 3})
      collect(level - 1, 2 * x + part % 2, 2 * y + part / 2, found);
  }

  Size fields_;
  std::vector<std::vector<bool>> merged_;  // by level and place: is it one cell?
  std::size_t count_ = 0;
};

}  // namespace

CellPlanner::CellPlanner(Size fields)
    : fields_(fields),
      seen_(static_cast<std::size_t>(fields.width) * static_cast<std::size_t>(fields.height)) {
  for (std::size_t level = 0; 1 << level <= kLargestCell; ++level) {
    const Size cells = cells_of(fields, level);
    squared_sums_.emplace_back(static_cast<std::size_t>(cells.width) *
                               static_cast<std::size_t>(cells.height));
  }
}

void CellPlanner::add(const match::DescriptorTable& fields) {
  assert(fields.size() == seen_.size() && fields.width() == match::kDescriptorSize);
  std::vector<ColorSum> sums(seen_.size());
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const match::Descriptor d = fields[i];
    for (std::size_t k = 0; k < d.size(); ++k) {
      sums[i][k % 3] += d[k];
      seen_[i].squares += std::int64_t{d[k]} * d[k];
    }
    add_to(seen_[i].sum, sums[i]);
    seen_[i].squared_sums += squared_length(sums[i]);
  }
  for (std::size_t level = 0; level < squared_sums_.size(); ++level) {
    if (level > 0) sums = quarters_added(sums, fields_, level);
    for (std::size_t i = 0; i < sums.size(); ++i)
      squared_sums_[level][i] += squared_length(sums[i]);
  }
  ++frames_;
}

// What each cell of each size would cost, without the price.
std::vector<std::vector<std::int64_t>> CellPlanner::costs(
    std::span<const std::uint16_t> importance) const {
  const auto frames = static_cast<std::int64_t>(frames_);
  std::vector<std::int64_t> squares, changes, weights;
  for (const Field& f : seen_) {
    squares.push_back(f.squares);
    changes.push_back((frames * f.squared_sums - squared_length(f.sum)) / (frames * frames));
  }
  weights.assign(importance.begin(), importance.end());
  weights.resize(seen_.size(), kOrdinary);

  std::vector<std::vector<std::int64_t>> all;
  for (std::size_t level = 0; level < squared_sums_.size(); ++level) {
    if (level > 0) {
      squares = quarters_added(squares, fields_, level);
      changes = quarters_added(changes, fields_, level);
      weights = quarters_added(weights, fields_, level);
    }
    const std::int64_t fields = std::int64_t{1} << (2 * level);
    const std::int64_t blocks = fields * match::kBlocks;
    std::vector<std::int64_t>& costs = all.emplace_back();
    for (std::size_t i = 0; i < squares.size(); ++i) {
      const std::int64_t in_space = (blocks * squares[i] - squared_sums_[level][i]) / frames;
      const std::int64_t in_time = level > 0 ? fields * changes[i] / 2 : 0;
      costs.push_back(root((in_space + in_time) << (2 * kCostBits)) * weights[i] /
                      (fields * kOrdinary));
    }
  }
  return all;
}

std::vector<Rect> CellPlanner::plan(std::size_t cells,
                                    std::span<const std::uint16_t> importance) const {
  assert(frames_ > 0 && (importance.empty() || importance.size() == seen_.size()));
  const std::vector<std::vector<std::int64_t>> all = costs(importance);
  const auto merged = [&](std::int64_t price) { return Merging(fields_, all, price); };
  // The lowest price that gives few enough; at the highest everything merges that can.
  std::int64_t low = 0;
  std::int64_t high = 1;
  for (const auto& level : all)
    for (const std::int64_t cost : level) high = std::max(high, cost);
  while (low < high) {
    const std::int64_t price = low + (high - low) / 2;
    if (merged(price).count() <= cells) {
      high = price;
    } else {
      low = price + 1;
    }
  }
  return merged(low).cells();
}

}  // namespace smalti::mosaic
