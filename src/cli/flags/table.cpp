#include <fmt/format.h>

#include "cli/flags/option.h"
#include "cli/flags/output_name.h"
#include "products/run/crop_names.h"
#include "smalti/layout_options.h"
#include "smalti/look.h"

// The one table of options. To add one: a row here, its field in an option struct, and what uses
// the field. Parsing, help, the man page, refusals and printed commands come from the row.
//
// A row says: the names, what a value looks like in help, the group, the commands, what is taken
// and where it goes, the words of help, and rules. Rows stand by topic. Within a group, help lists
// options in the order of the rows; printed commands list them by Rules::printed, then in the order
// of the rows.
namespace smalti::cli {
namespace {

const Names<CropKind> kCropKinds = {{"centre", CropKind::kCentre},
                                    {"attention", CropKind::kAttention},
                                    {"fit", CropKind::kFit},
                                    {"center", CropKind::kCentre}};

const Names<FitMode> kFitModes = {
    {"crop", FitMode::kCrop}, {"pad", FitMode::kPad}, {"stretch", FitMode::kStretch}};

const Names<bool> kWeights = {{"distance", true}, {"uniform", false}};

const Names<int> kBlocks = {{"1", 1}, {"2", 2}, {"4", 4}, {"6", 6}, {"8", 8}};

const Names<ColorSpace> kSpaces = {{"lab", ColorSpace::kLab},
                                   {"oklab", ColorSpace::kOklab},
                                   {"rgb", ColorSpace::kRgb},
                                   {"linear", ColorSpace::kLinear}};

const Names<Feature> kFeatures = {{"patch", Feature::kPatch},
                                  {"mean", Feature::kMean},
                                  {"dominant", Feature::kDominant},
                                  {"palette", Feature::kPalette}};

const Names<StabilizerKind> kStabilizers = {{"hysteresis", StabilizerKind::kHysteresis},
                                            {"previous", StabilizerKind::kPrevious},
                                            {"none", StabilizerKind::kNone}};

const Names<SweepOrder> kSweepOrders = {{"ascending", SweepOrder::kAscending},
                                        {"descending", SweepOrder::kDescending},
                                        {"bounce", SweepOrder::kBounce}};

const Names<PictureOrder> kPictureOrders = {{"name", PictureOrder::kAscending},
                                            {"ascending", PictureOrder::kAscending},
                                            {"descending", PictureOrder::kDescending},
                                            {"date", PictureOrder::kDate}};

const Names<Dither> kDithers = {
    {"none", Dither::kNone}, {"bayer", Dither::kBayer}, {"diffusion", Dither::kDiffusion}};

const Names<Paper> kPapers = {{"A4", Paper::kA4}, {"A3", Paper::kA3}, {"letter", Paper::kLetter}};

const Names<CellLayout> kLayouts = {{"adaptive", CellLayout::kAdaptive},
                                    {"grid", CellLayout::kGrid}};

const Names<Importance> kImportances = {
    {"faces", Importance::kFaces}, {"mask", Importance::kMask}, {"none", Importance::kNone}};

const Names<ProgressStyle> kProgressStyles = {{"auto", ProgressStyle::kAuto},
                                              {"plain", ProgressStyle::kPlain},
                                              {"json", ProgressStyle::kJson},
                                              {"off", ProgressStyle::kOff}};

// Sets what options of its own may say otherwise.
Value look() {
  Names<Look> looks;
  for (const Look& look : kLooks) looks.emplace_back(look.name, look);
  const Form<Look> form = names_form(looks);
  return checked(
      custom<MosaicOptions>([=](MosaicOptions& o, const std::string& option,
                                const std::string& word) { form.read(option, word).apply(o); }),
      form);
}

// The older way to say how many blocks are compared: so many times fewer.
Value vectorization_factor() {
  const Form<double> form = number_form(1, 1000);
  return checked(custom<MatchOptions>(
                     [=](MatchOptions& o, const std::string& option, const std::string& word) {
                       const double most = MatchOptions().size / form.read(option, word);
                       o.size = kBlocks.front().second;
                       for (const auto& [name, size] : kBlocks)
                         if (size <= most) o.size = size;
                     }),
                 form);
}

// Sweeps said it with 0 and 1.
Value is_ascending() {
  return checked(custom<SweepOptions>(
                     [](SweepOptions& o, const std::string& /*option*/, const std::string& word) {
                       o.order = word == "1" ? SweepOrder::kAscending : SweepOrder::kDescending;
                     }),
                 whole_form(0, 1));
}

// Of the canvas or the frames. A single number is the longer edge.
template <typename Struct>
Value size_or_edge() {
  return custom<Struct>(
      [](Struct& o, const std::string& option, const std::string& word) {
        const bool is_size = word.find('x') != std::string::npos;
        o.size = is_size ? std::optional(parse_size(option, word)) : std::nullopt;
        o.long_edge = is_size ? std::nullopt : std::optional(parse_pixels(option, word));
      },
      [](const Struct& o) -> std::optional<std::string> {
        if (o.size) return size_form().write(*o.size);
        if (o.long_edge) return std::to_string(*o.long_edge);
        return std::nullopt;
      });
}
Value size_of_spliced() {
  return custom<SpliceOptions>(
      [](SpliceOptions& o, const std::string& option, const std::string& word) {
        if (word.find('x') != std::string::npos) {
          o.size = parse_size(option, word);
        } else {
          o.long_edge = parse_pixels(option, word);
        }
      });
}

// An output's name in its older spelling.
Value older_output() {
  return custom<MosaicOptions>([](MosaicOptions& o, const std::string& /*option*/,
                                  const std::string& word) { o.output = modern_name(word); });
}
Value older_sweep_output() {
  return custom<SweepOptions>([](SweepOptions& o, const std::string& /*option*/,
                                 const std::string& word) { o.output = modern_sweep_name(word); });
}

// What is taken and has no effect.
Value ignored() {
  return custom<Wishes>([](Wishes&, const std::string&, const std::string&) {});
}

Idle beside_other_feature() {
  return {[](const Structs& structs) -> std::string {
    const auto* match = structs.find<MatchOptions>();
    if (match == nullptr || match->feature == Feature::kPatch) return {};
    return "--feature " + name_among(kFeatures, match->feature);
  }};
}

bool draws_no_lots(const SelectOptions& o) { return o.best_k == 1 && o.randomness == 0; }
bool has_one_nearest(const SelectOptions& o) { return o.best_k == 1; }
bool keeps_nothing(const VideoMosaicOptions& o) { return o.stabilizer == StabilizerKind::kNone; }

std::string output_help(const char* by_default) {
  return fmt::format(
      "Where to write; the extension chooses the format, {{stem}} and {{scale}} are filled in "
      "(default: {} in the current folder)",
      by_default);
}

constexpr const char* kStillTarget = "The picture to recreate, or a video of which to take a frame";
constexpr const char* kTileShape = "Shape of the tiles (default: 3:4)";

Option row(const char* names, const char* form, Group group, Commands commands, Value value,
           Help help, Rules rules = {}) {
  return {names, form, group, commands, std::move(value), std::move(help), std::move(rules)};
}

std::vector<Option> make_table() {
  using enum Group;
  constexpr auto kSettled = Placements::kSettled;
  constexpr auto kAnew = Placements::kAnew;
  constexpr auto kByOthers = Part::kByOthers;
  constexpr int kSides = kLargestStillSide;

  return {
      // What goes in.
      row("TARGET,--target", "", kArgument, kMosaics, path(&MosaicOptions::target),
          {{kVideo, "The video to recreate"}, {kStills, kStillTarget}}, {.printed = Part::kInputs}),
      row("-t,--tiles,--codebook-dir", "PATH", kEveryday, kMosaics, paths(&MosaicOptions::tiles),
          "Pictures to make the mosaic of: folders (with all folders in them), files, videos, "
          "libraries",
          {.placements = kAnew, .printed = Part::kInputs}),
      row("TARGET,--target", "", kArgument, kCompare, path(&CompareOptions::target),
          "The picture or video that was recreated"),
      row("MOSAIC,--mosaic", "", kArgument, kCompare, path(&CompareOptions::mosaic),
          "The mosaic of it"),
      row("VIDEO", "", kArgument, kSplice, paths(&SpliceOptions::videos),
          "Videos, and folders of videos"),
      row("PICTURES,--photos-dir", "", kArgument, kAnimate, paths(&AnimateOptions::pictures),
          "The pictures: files, and folders without the folders in them"),
      row("sources", "SOURCE", kArgument, kTilesBuild, paths(&TileJob::sources),
          "Folders, picture files and videos"),
      row("library", "LIBRARY", kArgument, kTilesInfo | kTilesCheck | kTilesExport,
          path(&TileJob::library), "The library"),
      row("folder", "FOLDER", kArgument, kTilesExport, path(&Wishes::folder),
          "The folder; made when it is missing"),

      // What comes out.
      row("-o,--output", "FILE", kEveryday, kVideo | kImage | kSweep | kTry,
          path(&MosaicOptions::output),
          {{kVideo, output_help("TARGET-mosaic.mp4 or the like")},
           {kImage, output_help("TARGET-mosaic.jpg or the like")},
           {kSweep, output_help("TARGET-from-5-to-25.gif")},
           {kTry,
            "Where to write the sheet; the extension chooses the format, {stem} is filled in "
            "(default: TARGET-try.jpg in the current folder)"}},
          {.printed = Part::kCanvas}),
      row("--savepath", "", kHidden, kVideo | kImage, older_output(), "",
          {.excludes = {"--output"}, .printed = kByOthers}),
      row("--savepath", "", kHidden, kSweep, older_sweep_output(), "",
          {.excludes = {"--output"}, .printed = kByOthers}),
      row("-o,--output", "FILE", kEveryday, kAnimate, path(&AnimateOptions::output),
          "Where to write; the extension chooses GIF, APNG, WebP or video (default: a GIF with the "
          "folder's name in the current folder)"),
      row("-o,--output", "FOLDER", kEveryday, kSplice, path(&SpliceOptions::output),
          "Where the pictures go; made when it is missing"),
      row("-o,--output", "LIBRARY", kEveryday, kTilesBuild, path(&TileJob::library),
          "The library; made when it is missing"),
      row("--html", "FILE", kEveryday, kExplore, path(&MosaicOptions::output),
          "Write one page that shows it all in any browser"),
      row("--html", "FILE", kEveryday, kTry, path(&TryOptions::html),
          "Write a page of the same mosaics too, with the line that makes each beneath it"),

      // Cells and canvas.
      row("--cells", "N", kEveryday, kVideo | kImage, whole(1, kMostCounted, &LayoutOptions::cells),
          "Cells in all, small where there is much to see and large where there is little "
          "(default: "
          "1200 to 2700, as many as the target bears)",
          {.no_effect = {beside<LayoutOptions>("--columns", &LayoutOptions::columns),
                         beside<LayoutOptions>("--scale", &LayoutOptions::scale),
                         beside<LayoutOptions>("--tile-size", &LayoutOptions::tile_size)},
           .placements = kSettled,
           .printed = Part::kCells}),
      row("--layout", "NAME", kGrid, kVideo | kImage, choice(kLayouts, &LayoutOptions::layout),
          "adaptive (cells of several sizes; the default) or grid (equal cells; so do --columns, "
          "--scale and --tile-size)",
          {.placements = kSettled, .printed = Part::kCells}),
      row("--importance", "NAME", kGrid, kVideo | kImage,
          choice(kImportances, &MosaicOptions::importance),
          "What gets smaller cells than its detail would: faces (the default), mask or none",
          {.placements = kSettled, .printed = Part::kCells}),
      row("--mask", "FILE", kGrid, kVideo | kImage, path(&MosaicOptions::mask),
          "A picture laid over the target: what is white in it counts eight times, black once",
          {.placements = kSettled, .printed = Part::kCells}),
      row("--columns", "N", kEveryday, kVideo | kImage, whole(1, kSides, &LayoutOptions::columns),
          "Equal cells, so many across the picture",
          {.no_effect = {beside<LayoutOptions>("--scale", &LayoutOptions::scale),
                         beside<LayoutOptions>("--tile-size", &LayoutOptions::tile_size)},
           .placements = kSettled,
           .printed = Part::kCells}),
      row("--columns", "N", kEveryday, kCompare, whole(1, kSides, &LayoutOptions::columns),
          "Cells across the mosaic (default: 80)"),
      row("--tile-aspect", "W:H", kEveryday, kVideo | kImage, aspect(&LayoutOptions::aspect),
          kTileShape,
          {.no_effect = {beside<LayoutOptions>("--tile-size", &LayoutOptions::tile_size)},
           .placements = kSettled,
           .printed = Part::kShape,
           .always_printed = true}),
      row("--tile-aspect", "W:H", kEveryday, kCompare, aspect(&LayoutOptions::aspect),
          "Shape of its tiles (default: 3:4)"),
      row("--enlarge", "F", kEveryday, kVideo | kImage,
          number(0.001, kSides, &LayoutOptions::enlarge),
          {{kVideo,
            "Make the mosaic F times as large as the target (default: 1, or as much as gives cells "
            "16 pixels wide)"},
           {kImage,
            "Make the mosaic F times as large as the target (default: 8, or as much as stays "
            "within "
            "64 megapixels)"}},
          {.placements = kAnew, .printed = Part::kCanvas}),
      row("--scale", "N", kGrid, kVideo | kImage, whole(1, kSides, &LayoutOptions::scale),
          "Cells of N times the tile's shape, in target pixels: 3:4 and 5 give 15x20",
          {.excludes = {"--columns"}, .placements = kSettled, .printed = Part::kCells}),
      row("--tile-size", "WxH", kGrid, kVideo | kImage, size(&LayoutOptions::tile_size),
          "Cells of this size, in target pixels",
          {.excludes = {"--columns", "--scale", "--tile-aspect"},
           .placements = kSettled,
           .printed = Part::kCells}),
      row("--tile-aspect", "W:H", kGrid, kScales | kTry, aspect(&LayoutOptions::aspect), kTileShape,
          {.printed = Part::kShape, .always_printed = true}),
      row("--width-aspect", "N", kGrid, kMosaics, whole(1, kMostOfAspect, &Aspect::width),
          "The first number of --tile-aspect, by itself",
          {.excludes = {"--tile-aspect", "--tile-size"},
           .placements = kSettled,
           .printed = kByOthers}),
      row("--height-aspect", "N", kGrid, kMosaics, whole(1, kMostOfAspect, &Aspect::height),
          "The second number of --tile-aspect, by itself",
          {.excludes = {"--tile-aspect", "--tile-size"},
           .placements = kSettled,
           .printed = kByOthers}),
      row("--size", "PX|WxH", kGrid, kVideo | kImage, size_or_edge<LayoutOptions>(),
          "Size of the mosaic in pixels; one number is its longer edge",
          {.excludes = {"--enlarge"}, .placements = kAnew, .printed = Part::kCanvas}),
      row("--fit-mode", "NAME", kGrid, kVideo | kImage, choice(kFitModes, &LayoutOptions::fit_mode),
          "What becomes of a target of another shape than --size WxH: crop (its middle is shown; "
          "the default), pad (black beside the mosaic) or stretch",
          {.needs = "--size",
           .no_effect = {beside<LayoutOptions>("--size of one number", &LayoutOptions::long_edge)},
           .placements = kAnew,
           .printed = Part::kCanvas}),
      row("--side-by-side", "", kGrid, kVideo | kImage | kSweep, flag(&MosaicOptions::side_by_side),
          "Show the target to the left of the mosaic", {.printed = Part::kBeside}),
      row("--fit", "PX", kGrid, kStills, whole(1, kSides, &StillOptions::fit_px),
          {{kImage | kTry, "Take the target for one with this longer edge, if it is larger"},
           {kScales,
            "Take the target for one with this longer edge, if it is larger (default: 800)"}},
          {.printed = Part::kTarget}),

      // Scales.
      row("--min-scale", "N", kEveryday, kScales, whole(1, kSides, &ScalesOptions::min_scale),
          {{kSweep, "The smallest scale (default: 5)"},
           {kExplore, "The smallest scale (default: 1)"}}),
      row("--max-scale", "N", kEveryday, kScales, whole(1, kSides, &ScalesOptions::max_scale),
          {{kSweep, "The largest scale (default: 25)"},
           {kExplore, "The largest scale (default: 12)"}}),

      // Animations.
      row("--order", "NAME", kEveryday, kSweep, choice(kSweepOrders, &SweepOptions::order),
          "ascending (small tiles first; the default), descending or bounce"),
      row("--ascending", "0|1", kHidden, kSweep, is_ascending(), "", {.excludes = {"--order"}}),
      row("--fps", "RATE", kEveryday, kSweep, rate(&AnimationOptions::fps),
          "Frames a second (default: 3)", {.otherwise = "3"}),
      row("--fps", "RATE", kEveryday, kAnimate, rate(&AnimationOptions::fps),
          "Frames a second (default: 7)", {.otherwise = "7"}),
      row("--order", "NAME", kEveryday, kAnimate, choice(kPictureOrders, &AnimateOptions::order),
          "name or ascending (2 before 10; the default), descending, or date (the oldest file "
          "first)"),
      row("--size", "PX|WxH", kEveryday, kScales, size_or_edge<LayoutOptions>(),
          {{kSweep,
            "Size of the frames in pixels; one number is the longer edge (default: the target's, "
            "but "
            "at most 800 on that edge)"},
           {kExplore,
            "Of a page's mosaics, in pixels; one number is the longer edge (default: 1600, less "
            "for "
            "many scales)"}},
          {.no_effect = {beside<Wishes>("a window, without --html", &Wishes::window)}}),
      row("--size", "PX", kEveryday, kTry,
          whole(kSmallestTrySide, kLargestTrySide, &TryOptions::side),
          "Longer edge of each mosaic on the sheet, in pixels (default: 640)"),
      row("--size", "PX|WxH", kEveryday, kAnimate, size_or_edge<AnimateOptions>(),
          "Size of the frames in pixels; one number is the longer edge (default: the first "
          "picture's, but at most 800 on that edge)"),
      row("--max-file-size", "SIZE", kEveryday, kSweep | kAnimate,
          bytes(1, &AnimationOptions::max_bytes),
          "Make the file no larger than, say, 2M: with fewer colours, then smaller frames"),
      row("--colors", "N", kFile, kSweep | kAnimate, whole(2, 256, &AnimationOptions::colors),
          "Of a GIF or APNG, 2 to 256 (default: 256 for a GIF, but fewer, down to 128, where it "
          "would pass 8 MB; all for an APNG)"),
      row("--dither", "NAME", kFile, kSweep | kAnimate, choice(kDithers, &AnimationOptions::dither),
          "none, bayer (a faint pattern; the default) or diffusion (finer, and files some tenth "
          "larger)"),
      row("--fuzz", "", kHidden, kAnimate, ignored(), ""),

      // Frames taken from videos.
      row("--every", "TIME", kEveryday, kSplice, time(kShortest_s, &SpliceOptions::every_s),
          "Take the frame shown every so many seconds (default: 1)"),
      row("--scenes", "", kEveryday, kSplice, flag(&SpliceOptions::scenes),
          "Take the sharpest frame of each shot instead", {.excludes = {"--every"}}),
      row("--limit", "N", kEveryday, kSplice, whole(1, kMostCounted, &SpliceOptions::limit),
          "Take at most N frames of each video, evenly spread over it"),
      row("--tile-aspect", "W:H", kEveryday, kSplice, aspect(&SpliceOptions::aspect),
          "Crop pictures to this shape, around the middle (default: whole frames)",
          {.no_effect = {beside<SpliceOptions>("--size WxH", &SpliceOptions::size)}}),
      row("--crops", "N", kEveryday, kSplice, whole(1, 1000, &SpliceOptions::crops),
          "Take N crops of each frame, evenly spread over its longer side (default: 1)"),
      row("--size", "PX|WxH", kEveryday, kSplice, size_of_spliced(),
          "Longer edge of the pictures, larger ones are reduced to it; or their exact size, which "
          "also decides their shape (default: 640, more than the cells of most mosaics)"),
      row("--distinct", "", kEveryday, kSplice, flag(&SpliceOptions::distinct),
          "Leave out what looks nearly the same as a picture taken before, of any video"),

      // Which part of the target, and how a video changes.
      row("--at", "TIME", kEveryday, kStills, time(0, &StillOptions::at_s),
          "Of a video, the frame shown then (default: in the middle)", {.printed = Part::kMoment}),
      row("--start", "TIME", kEveryday, kVideo, time(0, &VideoMosaicOptions::start_s),
          "Begin there: seconds, or hours:minutes:seconds", {.printed = Part::kTime}),
      row("--duration,--seconds", "TIME", kEveryday, kVideo,
          time(kShortest_s, &VideoMosaicOptions::duration_s), "Make only that much",
          {.printed = Part::kTime}),
      row("--fps", "RATE", kTime, kVideo, rate(&VideoMosaicOptions::fps),
          "Constant frames a second, such as 25 or 30000/1001 (default: every frame keeps its "
          "time)",
          {.printed = Part::kTime}),
      row("--stabilizer", "NAME", kTime, kVideo,
          choice(kStabilizers, &VideoMosaicOptions::stabilizer),
          "When a cell changes its tile: hysteresis (the best tile must clearly beat the one "
          "shown), "
          "previous (beat what the one shown had a frame ago), none (always the best)",
          {.placements = kSettled, .printed = Part::kSteadiness, .always_printed = true}),
      row("--stabilization-threshold", "X", kTime, kVideo,
          number(0, 1, &VideoMosaicOptions::stabilization_threshold),
          "How clearly, from 0 to 1: the new distance must be below X times the old (default: "
          "0.85, in "
          "a grid 0.9)",
          {.no_effect = {beside<VideoMosaicOptions>("--stabilizer none", keeps_nothing)},
           .placements = kSettled,
           .printed = Part::kSteadiness}),

      // Encoding.
      row("--encoder", "NAME", kEncoding, kVideo, text(&EncodeOptions::encoder),
          "FFmpeg's video encoder (default: libx264, or what the container needs)",
          {.printed = Part::kEncoder}),
      row("--crf", "N", kEveryday, kVideo, number(0, 63, &EncodeOptions::crf),
          "Quality of the encoder, lower is better and larger (default: the encoder's, 23 for "
          "libx264)",
          {.printed = Part::kEncoder}),
      row("--preset", "NAME", kEveryday, kVideo, text(&EncodeOptions::preset),
          "Effort of the encoder, such as veryfast, medium or slow", {.printed = Part::kEncoder}),
      row("--encoder-option", "KEY=VALUE", kEncoding, kVideo,
          several(Value::Count::kOneEach, setting_form(), &EncodeOptions::encoder_options),
          "Passed on to the encoder; may be given several times", {.printed = Part::kEncoder}),

      // File and paper.
      row("--pages", "PAPER", kEveryday, kImage, choice(kPapers, &PhotomosaicOptions::pages),
          "Make a PDF of A4, A3 or letter pages to paste together as a mural",
          {.printed = Part::kPaper}),
      row("--quality", "N", kPaper, kImage, whole(1, 100, &PhotomosaicOptions::quality),
          "Of JPEG, WebP and AVIF, 1 to 100 (default: 92, 90, 75)", {.printed = Part::kPaper}),
      row("--dpi", "N", kPaper, kImage, number(1, 10'000, &PhotomosaicOptions::dpi),
          "Pixels an inch when printed: written into the file, decides how many --pages there are "
          "(default: 300)",
          {.printed = Part::kPaper}),
      row("--overlap", "MM", kPaper, kImage, number(0, 1000, &PhotomosaicOptions::overlap_mm),
          "What neighbouring pages share, to glue them (default: 5)",
          {.needs = "--pages", .printed = Part::kPaper}),

      // Tiles.
      row("--crop", "NAME", kTiles, kMosaics, choice(kCropKinds, &CropOptions::kind),
          "Which part of a picture becomes a tile: centre (the default), attention (around the "
          "largest face, or else where most is to be seen) or fit (all of it, on its mean colour)",
          {.placements = kSettled, .printed = Part::kCrops}),
      row("--crops", "N", kTiles, kMosaics, whole(1, 100, &CropOptions::count),
          "Make N tiles of each picture, spread over what the tile's shape leaves out; for "
          "--spacing, --max-uses and --unique they count as one",
          {.placements = kSettled, .printed = Part::kCrops}),
      row("--flip", "", kTiles, kMosaics, flag(&CropOptions::flip),
          "Mirror every tile, to have twice as many; the two count as one, as with --crops",
          {.placements = kSettled, .printed = Part::kCrops}),
      row("--distinct", "", kTiles, kMosaics, flag(&CropOptions::distinct),
          "Of tiles that look nearly alike take only one",
          {.placements = kSettled, .printed = Part::kCrops}),
      row("--frames", "", kTiles, kMosaics, flag(&MosaicOptions::all_frames),
          "Make a tile of every picture of animated GIF, WebP and PNG files, not of the first "
          "alone",
          {.placements = kSettled, .printed = Part::kAnimations}),
      row("--frames", "", kEveryday, kTilesBuild, flag(&TileJob::all_frames),
          "Keep every picture of animated GIF, WebP and PNG files, not the first alone"),
      row("--repair", "", kEveryday, kTilesCheck, flag(&Wishes::repair),
          "Keep what is whole; the next build makes the rest anew"),

      // How it runs.
      row("-y,--overwrite", "", kEveryday, kMosaics, flag(&MosaicOptions::overwrite),
          "Replace outputs that are there already; what is read, tiles too, never is"),
      row("-y,--overwrite", "", kEveryday, kAnimate, flag(&AnimationOptions::overwrite),
          "Replace the output if it is there"),
      row("--max-megapixels", "N", kRunning, kStills,
          one(megapixels_form(), &StillOptions::max_pixels),
          "Refuse a larger target, as broken files claim to be (default: 128)",
          {.printed = Part::kTarget}),
      row("--save-placements", "FILE", kRunning, kVideo | kImage,
          path(&MosaicOptions::save_placements),
          "Write down which tile stands where, as JSON lines",
          {.no_effect = {beside<Wishes>("--dry-run", &Wishes::dry_run),
                         beside<Wishes>("--preview", &Wishes::preview)}}),
      row("--from-placements", "FILE", kRunning, kVideo | kImage,
          path(&MosaicOptions::from_placements),
          "Make the mosaic that was written down, at any size, without matching",
          {.printed = Part::kReplay}),
      row("--json", "", kEveryday, kCompare | kTilesInfo | kCacheInfo, flag(&Wishes::json),
          {{kCompare, "Print the figures as one JSON object"},
           {kTilesInfo | kCacheInfo, "Print one JSON object"}}),
      row("-j,--threads", "N", kRunning, kMosaics | kAnimate | kCompare | kSplice | kTilesBuild,
          whole(1, 1024, &MosaicOptions::threads, &AnimateOptions::threads,
                &CompareOptions::threads, &SpliceOptions::threads, &TileJob::threads),
          "Threads to use (default: one a processor)"),
      row("--max-megapixels", "N", kEveryday, kCompare,
          one(whole_megapixels_form(), &ImageLimits::max_pixels),
          "Refuse pictures that claim to be larger (default: 128)"),
      row("--progress", "STYLE", kRunning,
          kMosaics | kAnimate | kSplice | kTilesBuild | kTilesExport,
          choice(kProgressStyles, &ConsoleOptions::progress),
          "auto (a bar on a terminal, otherwise lines), plain, json (one object a line on standard "
          "output) or off",
          {.no_effect = {beside<ConsoleOptions>("--quiet", &ConsoleOptions::quiet),
                         beside<Wishes>("a window, without --html", &Wishes::window)}}),
      row("-q,--quiet", "", kEveryday,
          kMosaics | kAnimate | kCompare | kSplice | kTilesBuild | kTilesExport,
          flag(&ConsoleOptions::quiet),
          {{kCompare, "Print nothing but the figures and errors"},
           {~kCompare, "Print errors only"}}),
      row("--report", "FILE.json", kRunning, kMosaics, path(&MosaicOptions::report),
          "Write what was done, how close the mosaic is, and what it cost, as JSON",
          {.no_effect = {beside<Wishes>("--dry-run", &Wishes::dry_run),
                         beside<Wishes>("--preview", &Wishes::preview),
                         beside<Wishes>("a window, without --html", &Wishes::window)}}),
      row("--memory", "SIZE", kRunning, kMosaics | kAnimate,
          bytes(kLeastMemory, &MosaicOptions::memory_bytes, &AnimateOptions::memory_bytes),
          {{kMosaics,
            "For pictures on their way and rendered tiles, such as 500M (default: 800M); the "
            "codecs' "
            "own comes on top"},
           {kAnimate, "For pictures on their way, such as 500M (default: 800M)"}}),
      row("--max-megapixels", "N", kRunning, kAnimate,
          one(megapixels_form(), &ImageLimits::max_pixels),
          "Leave out a larger picture, as broken files claim to be (default: 128)"),
      row("--no-cache", "", kRunning, kMosaics, off(&MosaicOptions::use_cache),
          "Make all tiles anew, and remember none of them"),
      row("--strict", "", kRunning, kMosaics | kAnimate | kSplice,
          flag(&MosaicOptions::strict, &AnimateOptions::strict, &SpliceOptions::strict),
          {{kMosaics, "Take an unusable tile or a damaged target for an error"},
           {kAnimate, "Take an unusable picture for an error"},
           {kSplice, "Take an unusable or damaged video for an error"}}),
      row("-v,--verbose", "", kRunning,
          kMosaics | kAnimate | kCompare | kSplice | kTilesBuild | kTilesExport,
          flag(&ConsoleOptions::verbose), "Print details, and what the codecs say",
          {.no_effect = {beside<ConsoleOptions>("--quiet", &ConsoleOptions::quiet)}}),
      row("--keep-partial", "", kRunning, kVideo, flag(&VideoMosaicOptions::keep_partial),
          "When stopped by Ctrl-C or a signal, keep the frames made so far as OUTPUT.partial.mp4 "
          "or "
          "the like"),
      row("--dry-run", "", kRunning, kVideo, flag(&Wishes::dry_run),
          "Only say what would be made, of what, and what it would take"),
      row("--preview", "", kRunning, kVideo, flag(&Wishes::preview),
          "Only make three seconds from the middle, and a poster image of them",
          {.no_effect = {beside<Wishes>("--dry-run", &Wishes::dry_run)}}),

      // The look.
      row("--look", "NAME", kEveryday, kLooked, look(),
          "natural (equal tiles apart, colours a little adjusted; the default), exact (always the "
          "nearest tile, as it is), painterly (colours much adjusted) or collage (equal tiles far "
          "apart, as they are)",
          {.placements = kSettled, .printed = kByOthers, .otherwise = "natural"}),
      row("--spacing", "D", kLook, kLooked, whole(0, 100, &SelectOptions::spacing),
          "Equal tiles stand more than D cells apart (default: by the look)",
          {.no_effect = {beside<SelectOptions>("--unique", &SelectOptions::unique)},
           .placements = kSettled,
           .printed = Part::kChoice,
           .always_printed = true}),
      row("--color-adjust", "A", kLook, kLooked, number(0, 1, &MosaicOptions::color_adjust),
          "Shift tiles by this share, 0 to 1, of what their mean colour lacks (default: by the "
          "look)",
          {.placements = kAnew, .printed = Part::kColors, .always_printed = true}),
      row("--opacity", "A", kLook, kMosaics, number(0, 1, &MosaicOptions::opacity),
          "How opaque the tiles lie over the target, from 0 to 1 (default: 1)",
          {.placements = kAnew, .printed = Part::kColors, .always_printed = true}),
      row("--max-uses", "N", kLook, kMosaics, whole(1, kMostCounted, &SelectOptions::max_uses),
          "Use each tile at most N times in a picture",
          {.placements = kSettled, .printed = Part::kChoice}),
      row("--unique", "", kLook, kMosaics, flag(&SelectOptions::unique),
          "Use each tile at most once in a picture",
          {.placements = kSettled, .printed = Part::kChoice}),
      row("--use-all", "", kLook, kMosaics, flag(&SelectOptions::use_all),
          "Use each tile at least once in a picture",
          {.placements = kSettled, .printed = Part::kChoice}),
      row("--repeat-penalty", "X", kLook, kMosaics, number(0, 1000, &SelectOptions::repeat_penalty),
          "Each use of a tile makes its next one in the picture costlier, by X Delta E (try 3)",
          {.placements = kSettled, .printed = Part::kChoice}),
      row("--best-k", "K", kLook, kMosaics, whole(1, kMostCounted, &SelectOptions::best_k),
          "Each cell draws lots among its K nearest tiles",
          {.placements = kSettled, .printed = Part::kChoice}),
      row("--best-k-weights", "NAME", kLook, kMosaics,
          choice(kWeights, &SelectOptions::weigh_by_distance),
          "distance (nearer ones win more often; the default) or uniform",
          {.no_effect = {beside<SelectOptions>("--best-k 1", has_one_nearest)},
           .placements = kSettled,
           .printed = Part::kChoice,
           .always_printed = true}),
      row("--ssim-k", "K", kLook, kMosaics, whole(1, kMostCounted, &SelectOptions::ssim_k),
          "Of its K nearest tiles each cell takes the one most like it in structure (SSIM); "
          "--repeat-penalty is then taken off the SSIM (try 0.05)",
          {.placements = kSettled, .printed = Part::kChoice}),
      row("--randomness", "P", kLook, kMosaics, one(share_form(), &SelectOptions::randomness),
          "This share of the cells, from 0 to below 1, takes any tile",
          {.placements = kSettled, .printed = Part::kChoice}),
      row("--exclude-near", "TIME", kLook, kMosaics,
          time(kShortest_s, &MosaicOptions::exclude_near_s),
          "Of a target among its own tiles, leave out the frames taken within so many seconds of "
          "the "
          "one shown",
          {.placements = kSettled, .printed = Part::kNear}),
      row("--seed", "N", kLook, kMosaics, one(seed_form(), &SelectOptions::seed),
          "Another number draws other lots (default: 0)",
          {.no_effect = {beside<SelectOptions>("neither --best-k nor --randomness", draws_no_lots)},
           .placements = kSettled,
           .printed = Part::kChoice,
           .always_printed = true}),
      row("--match-size", "M", kLook, kMosaics, choice(kBlocks, &MatchOptions::size),
          "Compare M x M blocks of tiles and cells: 1, 2, 4, 6 or 8 (default: 4); more see finer "
          "structure, fewer colour alone",
          {.no_effect = {beside_other_feature()},
           .placements = kSettled,
           .printed = Part::kBlocks}),
      row("--match-space", "NAME", kLook, kMosaics, choice(kSpaces, &MatchOptions::space),
          "Compare colours in lab, oklab, rgb or linear (default: lab)",
          {.placements = kSettled, .printed = Part::kBlocks}),
      row("--feature", "NAME", kLook, kMosaics, choice(kFeatures, &MatchOptions::feature),
          "What of a tile is compared: patch (its blocks; the default), mean (its mean colour), "
          "dominant (its most common colour) or palette (the nearest of its main colours); "
          "dominant "
          "and palette suit emoji and sprites",
          {.placements = kSettled, .printed = Part::kFeature}),
      row("--vectorization-factor", "X", kHidden, kMosaics, vectorization_factor(), "",
          {.excludes = {"--match-size"},
           .no_effect = {beside_other_feature()},
           .placements = kSettled,
           .printed = kByOthers}),
  };
}

}  // namespace

const std::vector<Option>& all_options() {
  static const std::vector<Option> table = make_table();
  return table;
}

}  // namespace smalti::cli
