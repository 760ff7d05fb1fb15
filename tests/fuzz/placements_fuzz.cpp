// A file of placements: read through, its tiles looked up among those that it may name, and its
// frames asked for in turn. A frame has as many cells as the header says, each of them empty or a
// tile that there is, and what the header says can be adopted.

#include "fuzz/feed.h"
#include "products/placements/placements_file.h"

namespace smalti::fuzz {
namespace {

constexpr std::int64_t kPtsApart = 40;
constexpr int kFrames = 5;

// The seeds name these.
tiles::TileSet known_tiles() {
  std::vector<tiles::DescribedTile> tiles;
  for (int i = 0; i < 4; ++i) {
    tiles::DescribedTile tile;
    tile.tile.id.hash_high = static_cast<std::uint64_t>(i + 1) << 32;
    tile.tile.id.crop = {i, 0, 96, 128};
    tile.tile.source = i == 3 ? "photos/not utf-8 \xFF.jpg" : "photos/" + std::to_string(i);
    tiles.push_back(tile);
  }
  return tiles::make_tile_set(std::move(tiles));
}

const tiles::TileSet& tiles() {
  static const tiles::TileSet kTiles = known_tiles();
  return kTiles;
}

void check(const PlacementsReader::Frame& frame, const PlacementsHeader& header) {
  must_hold(std::ssize(frame.placement) == std::ptrdiff_t{header.columns} * header.rows,
            "there are as many cells as the header says");
  for (const match::Candidate& cell : frame.placement)
    must_hold(cell.tile >= -1 && cell.tile < static_cast<int>(tiles().size()),
              "a cell is empty or has a tile that there is");
}

Input saved(Rational time_base, int frames) {
  const std::filesystem::path file = workplace() / "seed.ndjson";
  PlacementsHeader header;
  header.canvas = {60, 80};
  header.columns = 2;
  header.rows = 2;
  header.aspect = {3, 4};
  header.time_base = time_base;
  header.sources = {"photos", "not utf-8 \xFF"};
  PlacementsWriter writer(file, true, header, tiles(), {});
  const Grid grid({60, 80}, {0, 30, 60}, {0, 40, 80});
  for (int i = 0; i < frames; ++i) {
    match::Placement placement(4);
    for (int cell = 0; cell < 4; ++cell) placement[static_cast<std::size_t>(cell)].tile = cell;
    placement[1].tile = i % 4;
    writer.write(i * kPtsApart, i < 3 ? 0 : 3 * kPtsApart, grid, placement);
  }
  writer.finish();
  return read_bytes(file);
}

}  // namespace

int fuzz_placements(const std::uint8_t* data, std::size_t size) {
  const std::filesystem::path file = workplace() / "placements.ndjson";
  write_bytes(file, {data, size});
  try {
    MosaicOptions options;
    adopt(read_placements_header(file), options);
    PlacementsReader reader(file);
    reader.expect(reader.header().time_base);
    reader.use(tiles());
    for (int i = 0; i < kFrames; ++i) check(reader.at(i * kPtsApart), reader.header());
  } catch (const Error& error) {
    must_hold(error.kind() == ErrorKind::kBadInput, "it is the file that is bad");
  }
  return 0;
}

std::vector<Input> placements_seeds() { return {saved({1, 1000}, kFrames), saved({0, 1}, 1)}; }

}  // namespace smalti::fuzz
