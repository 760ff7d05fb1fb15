#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "base/content_hash.h"
#include "base/json.h"
#include "mosaic/layout.h"
#include "products/placements/placements_file.h"
#include "products/run/crop_names.h"
#include "products/run/fit_names.h"

namespace smalti {
namespace {

constexpr std::size_t kPiece = 1 << 20;

std::string hash_text(std::uint64_t high, std::uint64_t low) {
  return fmt::format("{:016x}{:016x}", high, low);
}

Json rect_json(Rect r) { return {r.x, r.y, r.width, r.height}; }

Json path_list(const std::vector<std::filesystem::path>& paths) {
  Json list = Json::array();
  for (const auto& path : paths) {
    Json entry;
    put_path(entry, "path", path.string());
    list.push_back(entry);
  }
  return list;
}

// What makes a tile itself, without what only this run knows of it.
Json identity_json(const tiles::Tile& tile) {
  return {{"hash", hash_text(tile.id.hash_high, tile.id.hash_low)},
          {"crop", rect_json(tile.id.crop)},
          {"time_us", tile.id.timestamp_us},
          {"mirrored", tile.id.mirrored}};
}

std::string library_hash(const tiles::TileSet& tiles) {
  std::string identities;
  for (const tiles::Tile& tile : tiles.tiles) identities += identity_json(tile).dump() + "\n";
  const ContentHash hash =
      content_hash({reinterpret_cast<const std::uint8_t*>(identities.data()), identities.size()});
  return hash_text(hash.high, hash.low);
}

std::string header_line(const PlacementsHeader& h) {
  Json line = {{"smalti_placements", 1},
               {"canvas", {h.canvas.width, h.canvas.height}},
               {"fit_mode", fit_name(h.fit_mode)},
               {"columns", h.columns},
               {"rows", h.rows},
               {"aspect", {h.aspect.width, h.aspect.height}},
               {"time_base", {h.time_base.num, h.time_base.den}}};
  if (h.end_pts) line["end"] = *h.end_pts;
  line.update({{"library", {{"tiles", h.tiles}, {"hash", h.library}}},
               {"sources", path_list(h.sources)},
               {"options",
                {{"crop", crop_name(h.crops.kind)},
                 {"crops", h.crops.count},
                 {"flip", h.crops.flip},
                 {"distinct", h.crops.distinct},
                 {"frames", h.all_frames},
                 {"color_adjust", h.color_adjust},
                 {"opacity", h.opacity}}}});
  return line.dump();
}

}  // namespace

PlacementsWriter::PlacementsWriter(const std::filesystem::path& file, bool overwrite,
                                   PlacementsHeader header, const tiles::TileSet& tiles,
                                   const Events& events)
    : file_(file, overwrite),
      handle_(file_, events.stop),
      tiles_(tiles),
      numbers_(tiles.size(), -1) {
  header.tiles = tiles.size();
  header.library = library_hash(tiles);
  put(header_line(header));
}

void PlacementsWriter::put(const std::string& line) {
  waiting_ += line;
  waiting_ += '\n';
  if (waiting_.size() < kPiece) return;
  handle_.write(waiting_.data(), waiting_.size());
  handle_.check();
  waiting_.clear();
}

void PlacementsWriter::define_tiles(const match::Placement& placement) {
  for (const match::Candidate& c : placement) {
    if (c.tile < 0 || numbers_[static_cast<std::size_t>(c.tile)] >= 0) continue;
    const tiles::Tile& tile = tiles_.tiles[static_cast<std::size_t>(c.tile)];
    numbers_[static_cast<std::size_t>(c.tile)] = defined_;
    Json line = {{"tile", defined_++}};
    line.update(identity_json(tile));
    put_path(line, "path", tile.source.string());
    put(line.dump());
  }
}

// Where the cells lie, unless that is as in the frame before or, in the first, a grid.
std::string PlacementsWriter::layout_text(const Cells& cells) {
  const bool as_before = cells_ ? cells_->same_layout(cells) : cells.is_grid();
  if (!as_before || !cells_) cells_ = cells;
  if (as_before) return {};
  std::vector<int> numbers;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Rect r = cells.in_fields(i);
    numbers.insert(numbers.end(), {r.x, r.y, r.width, r.height});
  }
  return fmt::format(R"("layout":[{}],)", fmt::join(numbers, ","));
}

void PlacementsWriter::write(std::int64_t pts, std::int64_t shot_pts, const Cells& cells,
                             const match::Placement& placement) {
  define_tiles(placement);
  const auto number = [&](const match::Candidate& c) {
    return c.tile < 0 ? -1 : numbers_[static_cast<std::size_t>(c.tile)];
  };
  const std::string layout = layout_text(cells);
  const bool complete = frames_ == 0 || shot_pts != shot_pts_ || !layout.empty();
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < placement.size(); ++i) {
    if (complete) {
      numbers.push_back(number(placement[i]));
    } else if (placement[i].tile != before_[i].tile) {
      numbers.push_back(static_cast<std::int64_t>(i));
      numbers.push_back(number(placement[i]));
    }
  }
  put(fmt::format(R"({{"pts":{},"shot":{},"origin":[{},{}],{}"{}":[{}]}})", pts, shot_pts,
                  cells.fields().x_lines().front(), cells.fields().y_lines().front(), layout,
                  complete ? "cells" : "changed", fmt::join(numbers, ",")));
  before_ = placement;
  shot_pts_ = shot_pts;
  ++frames_;
}

void PlacementsWriter::finish() {
  put(Json{{"frames", frames_}}.dump());
  handle_.write(waiting_.data(), waiting_.size());
  handle_.close();
  file_.commit();
}

PlacementsHeader placements_header(const MosaicOptions& options, const mosaic::Layout& layout,
                                   Rational time_base, std::optional<std::int64_t> end_pts) {
  PlacementsHeader header;
  header.canvas = layout.picture;
  header.fit_mode = options.layout.fit_mode;
  header.columns = layout.cells.fields().columns();
  header.rows = layout.cells.fields().rows();
  header.aspect = layout.aspect;
  header.time_base = time_base;
  header.end_pts = end_pts;
  for (const auto& source : options.tiles)
    header.sources.push_back(std::filesystem::absolute(source));
  header.crops = options.crops;
  header.all_frames = options.all_frames;
  header.color_adjust = options.color_adjust;
  header.opacity = options.opacity;
  return header;
}

std::unique_ptr<PlacementsWriter> save_placements(const MosaicOptions& options,
                                                  const mosaic::Layout& layout, Rational time_base,
                                                  std::optional<std::int64_t> end_pts,
                                                  const tiles::TileSet& tiles,
                                                  const Events& events) {
  if (!options.save_placements) return nullptr;
  return std::make_unique<PlacementsWriter>(*options.save_placements, options.overwrite,
                                            placements_header(options, layout, time_base, end_pts),
                                            tiles, events);
}

}  // namespace smalti
