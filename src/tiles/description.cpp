#include "tiles/description.h"

#include <algorithm>

#include "images/image_loader.h"
#include "tiles/crops.h"

namespace smalti::tiles {
namespace {

/// Such a tile would have no colour at all, and match black.
bool is_wholly_transparent(const Picture& picture, const Rect& crop) {
  if (!picture.format.alpha) return false;
  const Plane& alpha = picture.alpha();
  for (int y = crop.y; y < crop.y + crop.height; ++y) {
    const auto* row = alpha.row<const std::uint8_t>(y);
    for (int x = crop.x; x < crop.x + crop.width; ++x) {
      if (row[x * alpha.step] != 0) return false;
    }
  }
  return true;
}

}  // namespace

std::size_t other_view_size(const MatchOptions& match) {
  return match.plain() ? 0 : match.alternatives() * match.width();
}

Description describe_crop(const Picture& picture, const Rect& crop, const MatchOptions& match) {
  Description description;
  const match::DescriptorTable described = match::describe(picture, crop);
  std::copy(described[0].begin(), described[0].end(), description.descriptor.begin());
  if (match.plain()) return description;
  const match::DescriptorTable view = match::describe_tile(picture, crop, match);
  for (std::size_t i = 0; i < view.size(); ++i)
    description.other_view.insert(description.other_view.end(), view[i].begin(), view[i].end());
  return description;
}

Description describe_centre(const Picture& shown, const DescribeOptions& options) {
  const Rect crop = centre_crop(shown.size(), options.aspect);
  Description description = describe_crop(shown, crop, options.match);
  description.transparent = is_wholly_transparent(shown, crop);
  return description;
}

Description describe_thumbnail(std::span<const std::uint8_t> thumbnail,
                               const DescribeOptions& options) {
  return describe_centre(images::decode_thumbnail(thumbnail), options);
}

}  // namespace smalti::tiles
