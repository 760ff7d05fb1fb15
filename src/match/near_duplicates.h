#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/descriptor.h"
#include "match/tile_index.h"

namespace smalti::match {

/// Two tiles are near-duplicates when the root of the mean squared difference of their blocks is
/// at most this many units of CIELAB: bursts, neighbouring frames of a film.
inline constexpr int kNearlyAlike = 3;
/// As the distance of their descriptors.
inline constexpr std::int32_t kNearlyAlikeDistance =
    kBlocks * (kNearlyAlike * color::kLabScale) * (kNearlyAlike * color::kLabScale);

/// The picture that each tile shows a part of, by number: from 0, in the order of each picture's
/// first tile. Empty: every tile shows one of its own.
using PictureNumbers = std::vector<std::uint32_t>;

/// Which tiles count as one: all of one picture, and pictures that look much alike. Pictures are
/// taken in their order: each of which a tile is a near-duplicate of a tile of the first picture of
/// a group joins that group, the nearest of several, and any other begins one. Immutable; any
/// thread.
class NearDuplicates {
 public:
  /// Every tile counts by itself.
  NearDuplicates() = default;
  /// Plain descriptors, one a tile.
  explicit NearDuplicates(const DescriptorTable& tiles, const PictureNumbers& pictures = {});

  /// Tiles of one picture count as one, whatever others look like.
  static NearDuplicates of_pictures(const PictureNumbers& pictures);
  /// The same of these, of which more may be known.
  NearDuplicates pictures_alone() const { return of_pictures(pictures_); }

  /// The number of a tile's group, from 0.
  std::size_t group_of(TileNumber tile) const {
    const auto t = static_cast<std::size_t>(tile);
    return groups_.empty() ? t : groups_[t];
  }
  /// How many groups so many tiles are: as many as were given, or any number where each counts by
  /// itself.
  std::size_t groups(std::size_t tiles) const { return groups_.empty() ? tiles : firsts_.size(); }
  /// The first tile of each group, in order.
  const std::vector<std::size_t>& firsts() const { return firsts_; }

 private:
  PictureNumbers pictures_;
  std::vector<std::uint32_t> groups_;  // by tile
  std::vector<std::size_t> firsts_;
};

}  // namespace smalti::match
