#include "products/poster.h"

#include <cstddef>

#include "smalti/atlas.h"
#include "smalti/compositor.h"
#include "smalti/image_writer.h"

namespace smalti {

void write_poster(const std::filesystem::path& path, bool overwrite, const Placement& placement,
                  const Grid& grid, const TileSet& tiles) {
  constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};
  constexpr std::size_t kAtlasBytes = std::size_t{64} << 20;
  Atlas atlas(tiles, kRgb, {}, kAtlasBytes);
  Picture picture = Picture::allocate(kRgb, grid.canvas(), {});
  compose(
      placement, grid, [&](TileNumber tile, Size size) { return atlas.get(tile, size); }, picture);
  write_image(picture, path, {.overwrite = overwrite});
}

}  // namespace smalti
