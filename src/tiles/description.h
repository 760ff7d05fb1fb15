#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/picture.h"
#include "match/descriptor.h"
#include "smalti/match_options.h"
#include "smalti/sizes.h"

namespace smalti::tiles {

/// What thumbnails are described for.
struct DescribeOptions {
  Aspect aspect;
  MatchOptions match = {};
};

/// What a thumbnail looks like in the crop that is wanted.
struct Description {
  bool transparent = false;  ///< wholly, within the crop: no tile
  std::array<std::int16_t, match::kDescriptorSize> descriptor{};
  /// What the matcher is to see, descriptor after descriptor; empty where that is no other.
  std::vector<std::int16_t> other_view = {};
};

/// Numbers in the other view.
std::size_t other_view_size(const MatchOptions& match);

/// The largest window of the aspect in the middle.
Description describe_centre(const Picture& shown, const DescribeOptions& options);
Description describe_thumbnail(std::span<const std::uint8_t> thumbnail,
                               const DescribeOptions& options);
/// One crop; says nothing of transparency.
Description describe_crop(const Picture& picture, const Rect& crop, const MatchOptions& match);

}  // namespace smalti::tiles
