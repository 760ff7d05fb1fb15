#include "match/near_duplicates.h"

#include <numeric>
#include <optional>
#include <utility>

namespace smalti::match {
namespace {

// The tiles of each picture, in order.
std::vector<std::vector<std::size_t>> by_picture(const PictureNumbers& pictures) {
  std::vector<std::vector<std::size_t>> tiles;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (pictures[i] == tiles.size()) tiles.emplace_back();
    tiles[pictures[i]].push_back(i);
  }
  return tiles;
}

PictureNumbers each_its_own(std::size_t tiles) {
  PictureNumbers numbers(tiles);
  std::iota(numbers.begin(), numbers.end(), 0U);
  return numbers;
}

}  // namespace

NearDuplicates::NearDuplicates(const DescriptorTable& tiles, const PictureNumbers& pictures)
    : pictures_(pictures), groups_(tiles.size()) {
  const TileIndex index(tiles);
  std::vector<bool> is_first(tiles.size());
  SearchLimits limits;
  limits.bound = kNearlyAlikeDistance;
  limits.accept = [&](TileNumber t) { return is_first[static_cast<std::size_t>(t)]; };
  for (const auto& numbers : by_picture(pictures.empty() ? each_its_own(tiles.size()) : pictures)) {
    std::optional<Candidate> like;
    for (const std::size_t i : numbers) {
      const auto found = index.nearest(tiles[i], limits);
      if (found && (!like || std::pair(found->distance, found->tile) <
                                 std::pair(like->distance, like->tile)))
        like = found;
    }
    const auto group = like ? groups_[static_cast<std::size_t>(like->tile)]
                            : static_cast<std::uint32_t>(firsts_.size());
    for (const std::size_t i : numbers) groups_[i] = group;
    if (like) continue;
    for (const std::size_t i : numbers) is_first[i] = true;
    firsts_.push_back(numbers.front());
  }
}

NearDuplicates NearDuplicates::of_pictures(const PictureNumbers& pictures) {
  NearDuplicates near;
  near.pictures_ = pictures;
  near.groups_ = pictures;
  for (const auto& numbers : by_picture(pictures)) near.firsts_.push_back(numbers.front());
  return near;
}

}  // namespace smalti::match
