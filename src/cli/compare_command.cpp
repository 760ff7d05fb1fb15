#include "cli/compare_command.h"

#include <cstdint>
#include <memory>

#include "cli/arguments.h"
#include "cli/figures.h"
#include "cli/help.h"
#include "cli/run_flags.h"
#include "cli/values.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti compare TARGET MOSAIC [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti compare beach.jpg mosaic.jpg
  smalti compare beach.mp4 beach-mosaic.mp4 --columns 120
  smalti compare beach.mp4 beach-mosaic.mp4 --json > figures.json

The table goes to standard output. Give --columns and --tile-aspect as the mosaic was made with:
they say how far away the viewer stands.
)";

}  // namespace

CompareCommand::CompareCommand(CLI::App& program)
    : app_(add_command(program, "compare", "Measures how close a mosaic is to its target.", kUsage,
                       kExamples)) {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kEveryday);
  };
  app_->add_option("TARGET,--target", target_, "The picture or video that was recreated");
  app_->add_option("MOSAIC,--mosaic", mosaic_, "The mosaic of it");
  option("--columns", options_.layout.columns, "N", "Cells across the mosaic (default: 80)")
      ->check(in_range(1, kLargestStillSide));
  option("--tile-aspect", tile_aspect_, "W:H", "Shape of its tiles (default: 3:4)");
  app_->add_flag("--json", json_, "Print the figures as one JSON object")->group(kEveryday);
  add_threads(*app_, options_.threads, kEveryday);
  option("--max-megapixels", max_megapixels_, "N",
         "Refuse pictures that claim to be larger (default: 128)")
      ->check(in_range(1, 1'000'000));
  add_quiet(*app_, console_, "Print nothing but the figures and errors");
  add_verbose(*app_, console_, kEveryday);
}

void CompareCommand::check_arguments() const {
  constexpr const char* kForm = "name both: smalti compare beach.jpg mosaic.jpg";
  check_extras(*app_, kForm);
  if (target_.empty()) throw Error(ErrorKind::kUsage, "there is no target", kForm);
  if (mosaic_.empty()) throw Error(ErrorKind::kUsage, "there is no mosaic", kForm);
  check_console(*app_);
}

CompareOptions CompareCommand::resolve() const {
  check_arguments();
  CompareOptions options = options_;
  options.target = target_;
  options.mosaic = mosaic_;
  if (given("--tile-aspect")) options.layout.aspect = parse_aspect("--tile-aspect", tile_aspect_);
  options.limits.max_pixels = std::int64_t{max_megapixels_} * 1'000'000;
  return options;
}

int CompareCommand::run(const std::vector<std::string>& /*command*/,
                        const std::atomic<bool>& stop) {
  const CompareOptions wanted = resolve();
  Console console(console_, stop);
  const CompareSummary summary = compare_files(wanted, console.events());
  console.finish();
  if (summary.stopped) return say_stopped(shown("stopped before the end: there are no figures"));
  print_result(json_ ? figures_json(summary, wanted) : figures_text(summary, wanted));
  return 0;
}

}  // namespace smalti::cli
