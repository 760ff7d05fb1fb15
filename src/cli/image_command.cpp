#include "cli/image_command.h"

#include <fmt/format.h>

#include <map>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/run_job.h"
#include "cli/summary.h"
#include "cli/values.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti image TARGET --tiles PHOTOS [--output OUT.jpg] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti image beach.jpg -t photos/ -o mosaic.jpg
  smalti image beach.jpg -t photos/ --columns 120 --size 30000x20000 -o wall.tif
  smalti image beach.jpg -t photos/ --enlarge 10 --pages A4 -o mural.pdf
  smalti image beach.mp4 -t photos/ --at 1:30

`smalti image --help-all` lists every option.
)";

constexpr const char* kOutputGroup = "File and paper";

const std::map<std::string, Paper> kPapers = {
    {"A4", Paper::kA4}, {"A3", Paper::kA3}, {"letter", Paper::kLetter}};

}  // namespace

ImageCommand::ImageCommand(CLI::App& program)
    : app_(add_command(program, "image", "Turns a picture into a mosaic picture.", kUsage,
                       kExamples)),
      flags_(*app_, options_),
      still_(*app_, options_) {
  add_everyday_options();
  flags_.add_grid();
  flags_.add_crops();
  flags_.add_look();
  still_.add_target();
  add_output_options();
  flags_.add_placements();
  flags_.add_running();
}

void ImageCommand::add_everyday_options() {
  flags_.add_sources("The picture to recreate, or a video of which to take a frame",
                     "TARGET-mosaic.jpg or the like");
  flags_.add_cells(
      "Make the mosaic F times as large as the target (default: 8, or as much as stays within 64 "
      "megapixels)");
  still_.add_time();
  app_->add_option("--pages", options_.pages,
                   "Make a PDF of A4, A3 or letter pages to paste together as a mural")
      ->type_name("PAPER")
      ->group(kEveryday)
      ->transform(CLI::CheckedTransformer(kPapers, CLI::ignore_case).description(""));
  flags_.add_ending();
}

void ImageCommand::add_output_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kOutputGroup);
  };
  option("--quality", options_.quality, "N",
         "Of JPEG, WebP and AVIF, 1 to 100 (default: 92, 90, 75)")
      ->check(in_range(1, 100));
  option("--dpi", options_.dpi, "N",
         "Pixels an inch when printed: written into the file, decides how many --pages there are "
         "(default: 300)")
      ->check(in_range(1.0, 10'000.0));
  auto* overlap = option("--overlap", options_.overlap_mm, "MM",
                         "What neighbouring pages share, to glue them (default: 5)")
                      ->check(in_range(0.0, 1000.0));
  overlap->needs(find_option(*app_, "--pages"));
}

const PhotomosaicOptions& ImageCommand::resolve() {
  flags_.resolve();
  still_.resolve();
  return options_;
}

int ImageCommand::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  resolve();
  return run_job(
      flags_, command, stop,
      [&](const Events& events) { return make_photomosaic(options_, events); },
      [](const auto& summary) { return summary_text(summary); });
}

}  // namespace smalti::cli
