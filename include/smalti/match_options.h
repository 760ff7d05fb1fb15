#pragma once

#include <cstddef>

namespace smalti {

/// What colours are compared in. All are scaled so that black and white are 1600 apart, and no two
/// colours more than 2^12.5.
enum class ColorSpace {
  kLab,     ///< CIE 1976 L*a*b*, D65
  kOklab,   ///< Ottosson 2020
  kRgb,     ///< sRGB codes
  kLinear,  ///< linear light of sRGB's primaries
};

/// What of a tile is compared with a cell.
enum class Feature {
  kPatch,     ///< the mean colours of size x size blocks with those of the cell
  kMean,      ///< its mean colour with the cell's
  kDominant,  ///< its most common opaque colour with the cell's mean
  kPalette,   ///< the nearest of its main opaque colours with the cell's mean
};

/// So many main colours does a tile have; where it has fewer, some of them count twice.
inline constexpr std::size_t kPaletteColors = 4;

/// What the matcher sees of cells and tiles.
struct MatchOptions {
  int size = 4;  ///< blocks along a side of a patch: 1, 2, 4, 6 or 8
  ColorSpace space = ColorSpace::kLab;
  Feature feature = Feature::kPatch;

  int blocks_per_side() const { return feature == Feature::kPatch ? size : 1; }
  /// Numbers in a descriptor.
  std::size_t width() const {
    return static_cast<std::size_t>(blocks_per_side()) *
           static_cast<std::size_t>(blocks_per_side()) * 3;
  }
  /// Descriptors of a tile, of which the nearest counts.
  std::size_t alternatives() const { return feature == Feature::kPalette ? kPaletteColors : 1; }
  /// Whether descriptors hold the lightness of several blocks.
  bool shows_structure() const {
    return blocks_per_side() > 1 && (space == ColorSpace::kLab || space == ColorSpace::kOklab);
  }
  /// Whether descriptors are those of DescriptorTable's default.
  bool plain() const {
    return size == 4 && space == ColorSpace::kLab && feature == Feature::kPatch;
  }
};

}  // namespace smalti
