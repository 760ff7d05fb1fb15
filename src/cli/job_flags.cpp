#include "cli/job_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

#include "base/names.h"
#include "base/output_file.h"
#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/report.h"
#include "cli/values.h"
#include "products/placements/placements.h"
#include "products/run/crop_names.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"

namespace smalti::cli {
namespace {

constexpr const char* kTilesGroup = "Tiles";

// What a look sets, unless a flag says otherwise.
struct Look {
  int spacing;
  double color_adjust;
};

const std::map<std::string, Look> kLooks = {
    {"natural", {4, 0.5}}, {"exact", {0, 0}}, {"painterly", {2, 0.85}}, {"collage", {8, 0}}};

// As files have them, and the American spelling.
std::map<std::string, CropKind> crop_kinds() {
  std::map<std::string, CropKind> kinds(kCropNames.begin(), kCropNames.end());
  kinds.emplace("center", CropKind::kCentre);
  return kinds;
}

const std::map<std::string, bool> kWeights = {{"distance", true}, {"uniform", false}};

}  // namespace

void JobFlags::add_inputs(const std::string& what) {
  app_.add_option("TARGET,--target", target_, what);
  option(kEveryday, "-t,--tiles,--codebook-dir", tiles_, "PATH",
         "Pictures to make the mosaic of: folders (with all folders in them), files, videos, "
         "libraries");
}

void JobFlags::add_sources(const std::string& what, const std::string& default_output) {
  add_inputs(what);
  auto* output = option(
      kEveryday, "-o,--output", output_, "FILE",
      fmt::format("Where to write; the extension chooses the format, {{stem}} and {{scale}} are "
                  "filled in (default: {} in the current folder)",
                  default_output));
  app_.add_option("--savepath", savepath_)->group(kHidden)->excludes(output);
}

void JobFlags::add_cells(const std::string& enlarge) {
  option(kEveryday, "--columns", options_.layout.columns, "N",
         "Cells across the picture (default: 80)")
      ->check(in_range(1, kLargestStillSide));
  add_aspect(kEveryday);
  option(kEveryday, "--enlarge", options_.layout.enlarge, "F", enlarge)
      ->check(in_range(0.001, 1.0 * kLargestStillSide));
}

void JobFlags::add_ending() {
  app_.add_flag("-y,--overwrite", options_.overwrite,
                "Replace outputs that are there already; what is read, tiles too, never is")
      ->group(kEveryday);
  add_quiet(app_, console_);
}

void JobFlags::add_grid() {
  auto* scale = option(kGridGroup, "--scale", options_.layout.scale, "N",
                       "Cells of N times the tile's shape, in target pixels: 3:4 and 5 give 15x20")
                    ->check(in_range(1, kLargestStillSide));
  auto* tile_size =
      option(kGridGroup, "--tile-size", tile_size_, "WxH", "Cells of this size, in target pixels");
  add_aspect_parts();
  auto* size = option(kGridGroup, "--size", size_, "WxH", "Size of the mosaic in pixels");
  size_option_ = size;
  add_side_by_side();

  exclude_each_other({find_option(app_, "--columns"), scale, tile_size});
  for (const char* aspect : {"--tile-aspect", "--width-aspect", "--height-aspect"})
    exclude_each_other({tile_size, find_option(app_, aspect)});
  exclude_each_other({size, find_option(app_, "--enlarge")});
}

void JobFlags::add_tile_shape() {
  add_aspect(kGridGroup);
  add_aspect_parts();
}

void JobFlags::add_shape() {
  add_tile_shape();
  add_side_by_side();
}

void JobFlags::add_aspect(const char* group) {
  option(group, "--tile-aspect", tile_aspect_, "W:H", "Shape of the tiles (default: 3:4)");
}

void JobFlags::add_aspect_parts() {
  auto* whole = find_option(app_, "--tile-aspect");
  auto* width = option(kGridGroup, "--width-aspect", options_.layout.aspect.width, "N",
                       "The first number of --tile-aspect, by itself")
                    ->check(in_range(1, kMostOfAspect));
  auto* height = option(kGridGroup, "--height-aspect", options_.layout.aspect.height, "N",
                        "The second number of --tile-aspect, by itself")
                     ->check(in_range(1, kMostOfAspect));
  exclude_each_other({whole, width});
  exclude_each_other({whole, height});
}

void JobFlags::add_side_by_side() {
  app_.add_flag("--side-by-side", options_.side_by_side,
                "Show the target to the left of the mosaic")
      ->group(kGridGroup);
}

void JobFlags::add_crops() {
  option(kTilesGroup, "--crop", options_.crops.kind, "NAME",
         "Which part of a picture becomes a tile: centre (the default), attention (around the "
         "largest face, or else where most is to be seen) or fit (all of it, on its mean colour)")
      ->transform(CLI::CheckedTransformer(crop_kinds(), CLI::ignore_case).description(""));
  option(kTilesGroup, "--crops", options_.crops.count, "N",
         "Make N tiles of each picture, spread over what the tile's shape leaves out")
      ->check(in_range(1, 100));
  app_.add_flag("--flip", options_.crops.flip, "Mirror every tile, to have twice as many")
      ->group(kTilesGroup);
  app_.add_flag("--distinct", options_.crops.distinct,
                "Of tiles that look nearly alike take only one")
      ->group(kTilesGroup);
  app_.add_flag(
          "--frames", options_.all_frames,
          "Make a tile of every picture of animated GIF, WebP and PNG files, not of the first "
          "alone")
      ->group(kTilesGroup);
}

void JobFlags::add_look() {
  option(kEveryday, "--look", look_, "NAME",
         "natural (equal tiles apart, colours a little adjusted; the default), exact (always the "
         "nearest tile, as it is), painterly (colours much adjusted) or collage (equal tiles far "
         "apart, as they are)")
      ->check(CLI::IsMember(kLooks, CLI::ignore_case).description(""));
  option(kLookGroup, "--spacing", spacing_, "D",
         "Equal tiles stand more than D cells apart (default: by the look)")
      ->check(in_range(0, 100));
  option(
      kLookGroup, "--color-adjust", color_adjust_, "A",
      "Shift tiles by this share, 0 to 1, of what their mean colour lacks (default: by the look)")
      ->check(in_range(0.0, 1.0));
  option(kLookGroup, "--opacity", options_.opacity, "A",
         "How opaque the tiles lie over the target, from 0 to 1 (default: 1)")
      ->check(in_range(0.0, 1.0));
  option(kLookGroup, "--max-uses", options_.select.max_uses, "N",
         "Use each tile at most N times in a picture")
      ->check(in_range(1, kMostCounted));
  app_.add_flag("--unique", options_.select.unique, "Use each tile at most once in a picture")
      ->group(kLookGroup);
  app_.add_flag("--use-all", options_.select.use_all, "Use each tile at least once in a picture")
      ->group(kLookGroup);
  option(kLookGroup, "--repeat-penalty", options_.select.repeat_penalty, "X",
         "Each use of a tile makes its next one in the picture costlier, by X Delta E (try 3)")
      ->check(in_range(0.0, 1000.0));
  option(kLookGroup, "--best-k", options_.select.best_k, "K",
         "Each cell draws lots among its K nearest tiles")
      ->check(in_range(1, kMostCounted));
  option(kLookGroup, "--best-k-weights", options_.select.weigh_by_distance, "NAME",
         "distance (nearer ones win more often; the default) or uniform")
      ->transform(CLI::CheckedTransformer(kWeights, CLI::ignore_case).description(""));
  option(kLookGroup, "--ssim-k", options_.select.ssim_k, "K",
         "Of its K nearest tiles each cell takes the one most like it in structure (SSIM); "
         "--repeat-penalty is then taken off the SSIM (try 0.05)")
      ->check(in_range(1, kMostCounted));
  option(kLookGroup, "--randomness", options_.select.randomness, "P",
         "This share of the cells, from 0 to below 1, takes any tile")
      ->check(in_range_below(0, 1));
  option(kLookGroup, "--exclude-near", exclude_near_, "TIME",
         "Of a target among its own tiles, leave out the frames taken within so many seconds of "
         "the one shown");
  option(kLookGroup, "--seed", options_.select.seed, "N",
         "Another number draws other lots (default: 0)")
      ->check(in_range(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()));
  match_.emplace(app_, kLookGroup, options_.match);
}

void JobFlags::resolve_look() {
  if (match_) match_->resolve();
  const bool lots = options_.select.best_k > 1 || options_.select.randomness > 0;
  if (given("--best-k-weights") && options_.select.best_k == 1)
    refuse_without_effect("--best-k-weights", "--best-k 1");
  if (given("--seed") && !lots)
    refuse_without_effect("--seed", "neither --best-k nor --randomness");
  const Look& look = kLooks.at(lower_case(look_));
  if (given("--spacing") && options_.select.unique) refuse_without_effect("--spacing", "--unique");
  if (options_.select.ssim_k > 1 && !options_.match.shows_structure())
    throw Error(ErrorKind::kUsage, "--ssim-k compares the lightness of blocks",
                "leave out --feature, --match-size 1 and --match-space rgb or linear");
  if (given("--exclude-near"))
    options_.exclude_near_s = parse_time("--exclude-near", exclude_near_, kShortest_s);
  options_.select.spacing = given("--spacing") ? spacing_ : look.spacing;
  options_.color_adjust = given("--color-adjust") ? color_adjust_ : look.color_adjust;
}

void JobFlags::add_placements() {
  option(kRunGroup, "--save-placements", save_placements_, "FILE",
         "Write down which tile stands where, as JSON lines");
  option(kRunGroup, "--from-placements", from_placements_, "FILE",
         "Make the mosaic that was written down, at any size, without matching");
}

// What decides the mosaic comes from the file; colours and opacity may be said anew.
void JobFlags::adopt_placements() {
  for (const char* settled : {"--columns",
                              "--scale",
                              "--tile-size",
                              "--tile-aspect",
                              "--width-aspect",
                              "--height-aspect",
                              "--look",
                              "--spacing",
                              "--max-uses",
                              "--unique",
                              "--use-all",
                              "--repeat-penalty",
                              "--best-k",
                              "--ssim-k",
                              "--randomness",
                              "--exclude-near",
                              "--crop",
                              "--crops",
                              "--flip",
                              "--distinct",
                              "--frames",
                              "--match-size",
                              "--match-space",
                              "--feature",
                              "--vectorization-factor"})
    if (given(settled)) refuse_without_effect(settled, "--from-placements");
  options_.from_placements = from_placements_;
  const double opacity = options_.opacity;
  adopt(read_placements_header(from_placements_), options_);
  if (given("--opacity")) options_.opacity = opacity;
  if (given("--color-adjust")) options_.color_adjust = color_adjust_;
}

void JobFlags::add_running() {
  add_threads(app_, options_.threads);
  add_progress(app_, console_);
  option(kRunGroup, "--report", report_, "FILE.json",
         "Write what was done, how close the mosaic is, and what it cost, as JSON");
  option(kRunGroup, "--memory", memory_, "SIZE",
         "For pictures on their way and rendered tiles, such as 500M (default: 800M); the codecs' "
         "own comes on top");
  app_.add_flag("!--no-cache", options_.use_cache, "Make all tiles anew, and remember none of them")
      ->group(kRunGroup);
  app_.add_flag("--strict", options_.strict,
                "Take an unusable tile or a damaged target for an error")
      ->group(kRunGroup);
  add_verbose(app_, console_);
}

void JobFlags::write_report(const MosaicSummary& summary, const std::vector<std::string>& command,
                            const Events& events) const {
  if (options_.report)
    write_file(*options_.report, options_.overwrite, report_json(summary, options_.target, command),
               events.stop);
}

std::string JobFlags::target() const {
  std::vector<std::string> tiles = tiles_;
  std::string target = target_;
  take_target_from(tiles, target);
  return target;
}

void JobFlags::check() const {
  const std::string example = fmt::format("smalti {} {} --tiles photos/", app_.get_name(),
                                          app_.get_name() == "video" ? "beach.mp4" : "beach.jpg");
  if (target_.empty()) throw Error(ErrorKind::kUsage, "there is no target", "name one: " + example);
  if (tiles_.empty() && !given("--from-placements"))
    throw Error(ErrorKind::kUsage, "there are no tiles", "name a folder of pictures: " + example);
  check_console(app_);
}

std::string JobFlags::named(std::string name, bool older_spelling) const {
  if (scales_) {
    const auto fill = [&](const std::string& what, int scale) {
      if (const std::size_t at = name.find(what); at != std::string::npos)
        name.replace(at, what.size(), std::to_string(scale));
    };
    fill(older_spelling ? "%d" : "{min}", scales_->first);
    fill(older_spelling ? "%d" : "{max}", scales_->second);
  }
  return expand_name(older_spelling ? modern_name(name) : name, target_, options_.layout.scale);
}

void JobFlags::resolve() {
  take_target_from(tiles_, target_);
  check_extras(app_);
  check();
  options_.target = target_;
  options_.tiles.assign(tiles_.begin(), tiles_.end());
  if (given("--output")) options_.output = named(output_, false);
  if (given("--savepath")) options_.output = named(savepath_, true);
  if (given("--tile-size")) options_.layout.tile_size = parse_size("--tile-size", tile_size_);
  if (given("--tile-aspect")) options_.layout.aspect = parse_aspect("--tile-aspect", tile_aspect_);
  if (size_option_ != nullptr && size_option_->count() > 0)
    options_.layout.size = parse_size("--size", size_);
  if (given("--memory")) options_.memory_bytes = parse_bytes("--memory", memory_, kLeastMemory);
  if (given("--save-placements")) options_.save_placements = save_placements_;
  if (given("--report")) options_.report = report_;
  options_.measure_fidelity = options_.report.has_value();
  resolve_look();
  if (given("--from-placements")) adopt_placements();
}

}  // namespace smalti::cli
