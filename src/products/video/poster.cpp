#include "products/video/poster.h"

#include <cstddef>

#include "images/image_writer.h"
#include "mosaic/compositor.h"
#include "tiles/atlas.h"

namespace smalti {

void write_poster(const std::filesystem::path& path, const VideoMosaicOptions& options,
                  const RunTally& tally, const mosaic::Layout& layout, const tiles::TileSet& tiles,
                  const Events& events) {
  constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};
  constexpr std::size_t kAtlasBytes = std::size_t{64} << 20;
  tiles::Atlas atlas(tiles, kRgb, {}, kAtlasBytes);
  const Picture picture = Picture::allocate(kRgb, layout.picture, {});
  fill_black(picture);
  Picture mosaic = part_of(picture, layout.place);
  const mosaic::Tinter tinter(tiles.descriptors, options.color_adjust, kRgb, {});
  mosaic::compose(
      tally.middle(), *tally.middle_cells(),
      [&](match::TileNumber tile, Size size) { return atlas.get(tile, size); }, mosaic, {},
      tinter.shifts(tally.middle_seen(), tally.middle()));
  images::ImageWriteOptions write;
  write.overwrite = options.overwrite;
  write.stop = events.stop;
  images::write_image(picture, path, write);
}

}  // namespace smalti
