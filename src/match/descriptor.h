#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/cells.h"
#include "base/picture.h"
#include "color/lab_scale.h"
#include "smalti/match_options.h"

namespace smalti::match {

/// A cell is described by the mean colours of kBlocksPerSide x kBlocksPerSide blocks.
inline constexpr int kBlocksPerSide = 4;
inline constexpr int kBlocks = kBlocksPerSide * kBlocksPerSide;

/// Numbers in a descriptor: block by block in reading order, each L*, a*, b* times kLabScale. The
/// squared distance of two descriptors then stays below 2^31.
inline constexpr int kDescriptorSize = kBlocks * 3;

using Descriptor = std::span<const std::int16_t>;

/// Descriptors one after another, as cells or tiles are numbered. All are of one width:
/// kDescriptorSize, or that of the MatchOptions they were made for.
class DescriptorTable {
 public:
  DescriptorTable() = default;
  explicit DescriptorTable(std::size_t count, std::size_t width = kDescriptorSize)
      : width_(width), values_(count * width) {}

  std::size_t width() const { return width_; }
  std::size_t size() const { return values_.size() / width_; }
  bool empty() const { return values_.empty(); }
  Descriptor operator[](std::size_t i) const { return {values_.data() + i * width_, width_}; }
  std::int16_t* row(std::size_t i) { return values_.data() + i * width_; }
  bool operator==(const DescriptorTable&) const = default;

 private:
  std::size_t width_ = kDescriptorSize;
  std::vector<std::int16_t> values_;
};

/// Describes every cell: the mean of each of its blocks, converted to CIELAB (D65).
///
/// The canvas of the cells is laid over the whole picture, so the picture may have another size and
/// other pixel proportions; block borders that fall inside a sample take their share of it. Sums
/// are exact integers and the conversion is made of integer tables: the same numbers on every
/// machine. Alpha weighs the colours; where a block is wholly transparent it takes the mean of its
/// cell, and a wholly transparent cell is black. const, any thread.
DescriptorTable describe(const Picture& picture, const Cells& cells);

/// Describes one rectangle of a picture as one cell: what a tile's crop looks like.
DescriptorTable describe(const Picture& picture, const Rect& crop);

/// The same as the matcher is to see it, and one crop as a tile: `alternatives()` descriptors.
DescriptorTable describe(const Picture& picture, const Cells& cells, const MatchOptions& match);
DescriptorTable describe_tile(const Picture& picture, const Rect& crop, const MatchOptions& match);

/// The same descriptors less a share of each one's own mean colour, in 256ths: what of a difference
/// in means is not to count. Any thread.
DescriptorTable less_of_mean(DescriptorTable table, int share);

/// How much of every cell is opaque: its mean alpha, 0 to 255. The picture must have alpha. const,
/// any thread.
std::vector<std::uint8_t> coverage(const Picture& picture, const Cells& cells);

/// The sum of squared differences of two descriptors of one width, exact. 0 to 2^31 - 1.
inline std::int32_t distance(Descriptor a, Descriptor b) {
  const auto over = [&](std::size_t width) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < width; ++i) {
      // Differences fit 16 bits, which lets the compiler multiply and add pairs in one instruction.
      const auto d = static_cast<std::int16_t>(a[i] - b[i]);
      sum += std::int32_t{d} * d;
    }
    return sum;
  };
  // A width known ahead makes a faster loop.
  return a.size() == kDescriptorSize ? over(kDescriptorSize) : over(a.size());
}

/// A distance as people know colour differences: the root of the mean square, over the blocks, of
/// Delta E (CIE 1976).
inline double delta_e(std::int32_t distance) {
  return std::sqrt(static_cast<double>(distance) / kBlocks) / color::kLabScale;
}

}  // namespace smalti::match
