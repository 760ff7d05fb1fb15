#include "match/block_means.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>

// A grid is laid over a picture of any size and pixel shape, and its borders fall anywhere: a block
// takes its share of the samples that they cut. So anamorphic clips, pictures of another size after
// a change in mid-stream and pictures smaller than their grid need no scaling first, which would
// round. Sums are exact integers: every machine finds the same numbers, in any order of adding.
//
// A block's sum is made in two steps: the rows of a stretch are added up column by column (long
// runs of additions that the compiler turns into wide instructions), then a running sum over that
// one row answers every column stretch by a subtraction (summed areas: Crow 1984).

namespace smalti::match {
namespace {

using Sum = std::uint64_t;

// Calls add(row, weight) for every row of the stretch; weight is the row's share in kSubsample-ths.
template <typename Add>
void for_rows(const Stretch& rows, Add add) {
  const Position first = rows.begin >> kSubsampleBits;
  const Position last = (rows.end - 1) >> kSubsampleBits;
  for (Position y = first; y <= last; ++y) {
    const Position begin = std::max(rows.begin, y << kSubsampleBits);
    const Position end = std::min(rows.end, (y + 1) << kSubsampleBits);
    add(static_cast<int>(y), static_cast<std::uint32_t>(end - begin));
  }
}

// The sums of a stretch of rows, column by column, each row weighed by its share. Whole rows are
// added up in the narrowest integers that hold them, which is where the time goes.
//
// A plane of 8-bit samples needs 32 bits for up to kMostRows32 rows, everything else 64.
template <typename Sample, int kStep, typename ColumnSum>
class ColumnSums {
 public:
  explicit ColumnSums(const Plane& plane) : plane_(plane), whole_(width()), sums_(width()) {}

  const std::vector<ColumnSum>& of(const Stretch& rows) {
    std::fill(sums_.begin(), sums_.end(), 0);
    int pending = 0;
    for_rows(rows, [&](int y, std::uint32_t weight) {
      if (weight != kSubsample) return add_share(y, weight);
      add_whole(y);
      if (++pending == kMostWholeRows) flush(pending);
    });
    flush(pending);
    return sums_;
  }

 private:
  using WholeSum = std::conditional_t<sizeof(Sample) == 1, std::uint16_t, std::uint32_t>;
  static constexpr int kMostWholeRows = 256;  // of full samples, in a WholeSum

  std::size_t width() const { return static_cast<std::size_t>(plane_.width); }
  const Sample* row(int y) const { return plane_.row<const Sample>(y); }
  std::size_t step() const { return kStep != 0 ? kStep : static_cast<std::size_t>(plane_.step); }

  void add_whole(int y) {
    const Sample* samples = row(y);
    WholeSum* whole = whole_.data();
    const std::size_t step = this->step();
    for (std::size_t x = 0, n = width(); x < n; ++x)
      whole[x] = static_cast<WholeSum>(whole[x] + samples[x * step]);
  }

  void add_share(int y, std::uint32_t weight) {
    const Sample* samples = row(y);
    ColumnSum* sums = sums_.data();
    const std::size_t step = this->step();
    for (std::size_t x = 0, n = width(); x < n; ++x)
      sums[x] += ColumnSum{samples[x * step]} * weight;
  }

  void flush(int& pending) {
    if (pending == 0) return;
    WholeSum* whole = whole_.data();
    ColumnSum* sums = sums_.data();
    for (std::size_t x = 0, n = width(); x < n; ++x) {
      sums[x] += ColumnSum{whole[x]} << kSubsampleBits;
      whole[x] = 0;
    }
    pending = 0;
  }

  const Plane& plane_;
  std::vector<WholeSum> whole_;
  std::vector<ColumnSum> sums_;
};

// Rows of 8-bit samples times kSubsample that fit 32 bits.
constexpr Position kMostRows32 = 4096;

// Sums over stretches of one row.
class RunningSum {
 public:
  explicit RunningSum(std::size_t width) : before_(width + 1) {}

  template <typename ColumnSum>
  void assign(const std::vector<ColumnSum>& row) {
    Sum sum = 0;
    for (std::size_t x = 0; x < row.size(); ++x) before_[x + 1] = sum += row[x];
  }

  // In 1/kSubsample^2 of a sample: exact as long as a block's area times 2^24 times its largest
  // sample stays below 2^64, which 128 megapixels of 8 bits, and cells of 16384 x 16384 pixels do.
  Sum over(const Stretch& s) const { return up_to(s.end) - up_to(s.begin); }

 private:
  Sum up_to(Position p) const {
    const auto x = static_cast<std::size_t>(p >> kSubsampleBits);
    const Sum part = static_cast<Sum>(p & (kSubsample - 1));
    if (part == 0) return before_[x] << kSubsampleBits;
    return (before_[x] << kSubsampleBits) + part * (before_[x + 1] - before_[x]);
  }

  std::vector<Sum> before_;
};

// sum / weight on the scale of 8-bit codes times kMeanPerCode, rounded down.
color::Mean mean_of(Sum sum, Sum weight, int depth) {
  if (weight == 0) return 0;
  // A quotient of whole numbers below 2^53, rounded to a double, never reaches the next whole one.
  constexpr Sum kExact = Sum{1} << 53;
  if (sum < kExact / color::kMeanPerCode && weight < kExact) {
    const double mean = static_cast<double>(static_cast<std::int64_t>(sum * color::kMeanPerCode)) /
                        static_cast<double>(static_cast<std::int64_t>(weight));
    return static_cast<color::Mean>(mean) >> (depth - 8);
  }
  const Sum mean =
      sum < std::numeric_limits<Sum>::max() / color::kMeanPerCode
          ? sum * color::kMeanPerCode / weight
          : sum / weight * color::kMeanPerCode + sum % weight * color::kMeanPerCode / weight;
  return static_cast<color::Mean>(mean >> (depth - 8));
}

Sum area(const Stretch& columns, const Stretch& rows) {
  return static_cast<Sum>(columns.end - columns.begin) * static_cast<Sum>(rows.end - rows.begin);
}

template <typename Sample, int kStep, typename ColumnSum>
std::vector<color::Mean> plain_means(const Plane& plane, int depth,
                                     const std::vector<Stretch>& columns,
                                     const std::vector<Stretch>& rows) {
  std::vector<color::Mean> means;
  means.reserve(columns.size() * rows.size());
  ColumnSums<Sample, kStep, ColumnSum> sums(plane);
  RunningSum running(static_cast<std::size_t>(plane.width));
  for (const Stretch& r : rows) {
    running.assign(sums.of(r));
    for (const Stretch& c : columns) means.push_back(mean_of(running.over(c), area(c, r), depth));
  }
  return means;
}

bool fits_32_bits(const std::vector<Stretch>& rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [](const Stretch& r) { return r.end - r.begin <= kMostRows32 * kSubsample; });
}

template <typename Sample>
std::vector<color::Mean> weighed_means(const Plane& plane, const Plane& alpha, int depth,
                                       const std::vector<Stretch>& columns,
                                       const std::vector<Stretch>& rows,
                                       std::vector<color::Mean>& coverage) {
  const auto width = static_cast<std::size_t>(plane.width);
  const auto alpha_of = [&](int x, int y) {
    const int ax = static_cast<int>(std::int64_t{x} * alpha.width / plane.width);
    const int ay = static_cast<int>(std::int64_t{y} * alpha.height / plane.height);
    return Sum{alpha.row<const Sample>(ay)[ax * alpha.step]};
  };

  std::vector<color::Mean> means;
  coverage.clear();
  std::vector<Sum> colors(width);
  std::vector<Sum> weights(width);
  RunningSum running_colors(width);
  RunningSum running_weights(width);
  for (const Stretch& r : rows) {
    std::fill(colors.begin(), colors.end(), 0);
    std::fill(weights.begin(), weights.end(), 0);
    for_rows(r, [&](int y, std::uint32_t share) {
      const Sample* samples = plane.row<const Sample>(y);
      for (int x = 0; x < plane.width; ++x) {
        const Sum weight = alpha_of(x, y) * share;
        weights[static_cast<std::size_t>(x)] += weight;
        colors[static_cast<std::size_t>(x)] += samples[x * plane.step] * weight;
      }
    });
    running_colors.assign(colors);
    running_weights.assign(weights);
    for (const Stretch& c : columns) {
      const Sum weight = running_weights.over(c);
      means.push_back(mean_of(running_colors.over(c), weight, depth));
      coverage.push_back(mean_of(weight, area(c, r), depth));
    }
  }
  return means;
}

}  // namespace

std::vector<color::Mean> block_means(const Plane& plane, int depth,
                                     const std::vector<Stretch>& columns,
                                     const std::vector<Stretch>& rows) {
  using std::uint16_t;
  using std::uint32_t;
  using std::uint8_t;
  if (depth > 8) {
    return plane.step == 1 ? plain_means<uint16_t, 1, Sum>(plane, depth, columns, rows)
                           : plain_means<uint16_t, 0, Sum>(plane, depth, columns, rows);
  }
  if (!fits_32_bits(rows)) return plain_means<uint8_t, 0, Sum>(plane, depth, columns, rows);
  return plane.step == 1 ? plain_means<uint8_t, 1, uint32_t>(plane, depth, columns, rows)
                         : plain_means<uint8_t, 0, uint32_t>(plane, depth, columns, rows);
}

std::vector<color::Mean> block_means(const Plane& plane, const Plane& alpha, int depth,
                                     const std::vector<Stretch>& columns,
                                     const std::vector<Stretch>& rows,
                                     std::vector<color::Mean>& coverage) {
  return depth > 8 ? weighed_means<std::uint16_t>(plane, alpha, depth, columns, rows, coverage)
                   : weighed_means<std::uint8_t>(plane, alpha, depth, columns, rows, coverage);
}

}  // namespace smalti::match
