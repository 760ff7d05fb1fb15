// The explorer as a page, from a picture and tiles to an HTML file: every step is here, and each
// leads to the room that does it.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/text.h"
#include "base/wording.h"
#include "explore/page_writer.h"
#include "images/jpeg_compressor.h"
#include "pipeline/belt.h"
#include "products/run/job.h"
#include "products/run/stage_clock.h"
#include "products/still/scales.h"
#include "smalti/error.h"
#include "smalti/explore.h"
#include "tiles/tile_date.h"

namespace smalti::explore {
namespace {

constexpr int kMosaicQuality = 75;
constexpr ScalesOptions::CanvasBudget kCanvasBudget = {1600, 640, 22e6};
constexpr std::uint64_t kMostTileBytes = 6'000'000;
constexpr std::uint64_t kLargePage = 50'000'000;

std::vector<std::uint8_t> jpeg_of(const Picture& picture) {
  images::JpegCompressor compressor;
  const auto bytes = compressor.encode(picture, kMosaicQuality);
  return {bytes.begin(), bytes.end()};
}

// Integers, least significant byte first, in base64: what a typed array of JavaScript reads.
template <typename Integer, typename Numbers>
std::string packed(const match::Placement& placement, const Numbers& number_of) {
  std::string bytes;
  bytes.reserve(placement.size() * sizeof(Integer));
  for (const match::Candidate& c : placement) {
    const auto number = static_cast<Integer>(number_of(c));
    for (std::size_t i = 0; i < sizeof(Integer); ++i) bytes += static_cast<char>(number >> (8 * i));
  }
  return base64(bytes);
}

std::uint16_t hundredths(const match::Candidate& c) {
  return static_cast<std::uint16_t>(
      std::min(65535.0, std::round(100 * match::delta_e(c.distance))));
}

struct Block {
  std::size_t place;
  Json json;
  std::uint64_t bytes;
  match::Placement placement;
};

class PageMaker {
 public:
  PageMaker(const ScalePlan& plan, ScaleMosaics& mosaics, PageWriter& writer, StageClock& clock)
      : plan_(plan),
        mosaics_(mosaics),
        writer_(writer),
        clock_(clock),
        uses_(mosaics.tiles().size()) {}

  void write_head(const ScalesOptions& options) {
    const Size canvas = plan_.canvas();
    writer_.write("id=\"page\"", {{"title", printable(options.target.filename().string())},
                                  {"canvas", {canvas.width, canvas.height}},
                                  {"opacity", std::lround(options.opacity * 100)},
                                  {"original", data_uri(jpeg_of(mosaics_.target()))}});
  }

  // Whether all were made.
  bool write_scales(const Events& events) {
    Progress progress{Progress::Phase::kScales, 0, plan_.layouts.size()};
    events.report(progress);
    std::size_t begun = 0;
    pipeline::Belt<Block> belt;
    belt.take = [&] {
      if (begun == plan_.layouts.size() || events.stop_requested()) return std::shared_ptr<Block>();
      return std::make_shared<Block>(Block{begun++, {}, 0, {}});
    };
    belt.prepare = [&](Block& block) { make(block); };
    belt.decide = belt.make = [](Block&) {};
    belt.put = [&](Block& block) {
      put(block);
      ++progress.done;
      events.report(progress);
    };
    pipeline::run_belt(belt, mosaics_.alive());
    return progress.done == plan_.layouts.size();
  }

  void write_tiles() {
    const tiles::TileSet& set = mosaics_.tiles();
    Json list = Json::array();
    for (const std::size_t number : by_use()) {
      const tiles::Tile& tile = set.tiles[number];
      const Rect& crop = tile.id.crop;
      Json entry = {{"number", number},
                    {"name", printable(tile.source.filename().string())},
                    {"date", tiles::tile_date(tile)},
                    {"crop", {crop.x, crop.y, crop.width, crop.height}}};
      const std::vector<std::uint8_t> picture = tiles::thumbnail_of(tile);
      if (tile_bytes_ + picture.size() <= kMostTileBytes) {
        entry["picture"] = data_uri(picture);
        tile_bytes_ += picture.size();
      } else {
        ++without_picture_;
      }
      list.push_back(std::move(entry));
    }
    writer_.write("id=\"tiles\"", list);
  }

  void fill(ExplorePageSummary& summary) const {
    summary.picture = plan_.canvas();
    summary.mosaics = plan_.layouts.size();
    summary.mosaic_bytes = mosaic_bytes_;
    summary.tile_bytes = tile_bytes_;
    summary.tiles_without_picture = without_picture_;
  }

 private:
  void make(Block& block) {
    const Cells& cells = plan_.layouts[block.place].cells;
    const Grid& grid = cells.fields();
    const ScaleMosaics::Made made = mosaics_.make(plan_.layouts[block.place]);
    const auto timed = clock_.measure(Stage::kEncode);
    const std::vector<std::uint8_t> jpeg = jpeg_of(made.picture);
    const match::Placement& placement = made.matched.placement;
    block.json = {{"scale", plan_.first + static_cast<int>(block.place)},
                  {"columns", grid.columns()},
                  {"rows", grid.rows()},
                  {"x", grid.x_lines()},
                  {"y", grid.y_lines()},
                  {"tiles", packed<std::int32_t>(placement,
                                                 [](const match::Candidate& c) { return c.tile; })},
                  {"distances", packed<std::uint16_t>(placement, hundredths)},
                  {"picture", data_uri(jpeg)}};
    for (std::size_t i = 0; !cells.is_grid() && i < cells.size(); ++i) {
      const Rect c = cells.in_fields(i);
      block.json["cells"].push_back({c.x, c.y, c.width, c.height});
    }
    block.bytes = jpeg.size();
    block.placement = placement;
  }

  void put(const Block& block) {
    writer_.write("class=\"scale\"", block.json);
    mosaic_bytes_ += block.bytes;
    for (const match::Candidate& c : block.placement)
      if (c.tile >= 0) ++uses_[static_cast<std::size_t>(c.tile)];
  }

  // The numbers of the tiles that are used, the most used first.
  std::vector<std::size_t> by_use() const {
    std::vector<std::size_t> numbers(uses_.size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    std::erase_if(numbers, [&](std::size_t n) { return uses_[n] == 0; });
    std::stable_sort(numbers.begin(), numbers.end(),
                     [&](std::size_t a, std::size_t b) { return uses_[a] > uses_[b]; });
    return numbers;
  }

  const ScalePlan& plan_;
  ScaleMosaics& mosaics_;
  PageWriter& writer_;
  StageClock& clock_;
  std::vector<std::uint64_t> uses_;
  std::uint64_t mosaic_bytes_ = 0;
  std::uint64_t tile_bytes_ = 0;
  std::size_t without_picture_ = 0;
};

void warn_of_size(const ExplorePageSummary& page, const Events& events) {
  if (page.bytes > kLargePage)
    events.warning(
        worded("so large a page opens slowly on phones, or not at all: fewer scales or a smaller "
               "{size} help"));
}

// The page lays the mosaics over the target by itself.
ScalesOptions opaque(ScalesOptions options) {
  options.opacity = 1;
  options.side_by_side = false;
  options.canvas_budget = kCanvasBudget;
  return options;
}

}  // namespace

}  // namespace smalti::explore

namespace smalti {

using namespace explore;

ExplorePageSummary make_explore_page(const ScalesOptions& options, const Events& events) {
  Run run(options.threads, events);
  StageClock& clock = run.clock();

  // What can fail for a wrong option or a wrong name does so before any work.
  check_scales(options);
  const std::filesystem::path output = options.output.value();
  check_output_name(output, options, events);
  const ScalesOptions making = opaque(options);
  const ScalePlan plan = plan_scales(making, {1, 1}, clock, events);
  explore::PageWriter writer(output, options.overwrite, events);
  ScaleMosaics mosaics(making, plan, clock, events);
  PageMaker maker(plan, mosaics, writer, clock);

  ExplorePageSummary summary;
  mosaics.fill_plan(summary, output);
  summary.encoder = "HTML";
  maker.write_head(options);
  summary.stopped = !maker.write_scales(events);
  mosaics.fill_result(summary, events);
  if (!summary.stopped) {
    const auto timed = clock.measure(Stage::kFinish);
    maker.write_tiles();
    summary.bytes = writer.finish();
    summary.frames = plan.layouts.size();
    warn_of_size(summary, events);
  }
  maker.fill(summary);
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti
