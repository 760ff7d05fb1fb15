#include "cli/sweep_command.h"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/report.h"
#include "cli/summary.h"
#include "cli/values.h"
#include "smalti/error.h"
#include "smalti/output_file.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti sweep TARGET --tiles PHOTOS [--output OUT.gif] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti sweep beach.jpg -t photos/                    beach-from-5-to-25.gif
  smalti sweep beach.jpg -t photos/ --min-scale 3 --max-scale 60 --order bounce -o beach.webp
  smalti sweep beach.mp4 -t photos/ --at 1:30 --max-file-size 2M

`smalti sweep --help-all` lists every option.
)";

const std::map<std::string, SweepOrder> kOrders = {{"ascending", SweepOrder::kAscending},
                                                   {"descending", SweepOrder::kDescending},
                                                   {"bounce", SweepOrder::kBounce}};

}  // namespace

SweepCommand::SweepCommand(CLI::App& program)
    : app_(program.add_subcommand("sweep", "Shows a picture's mosaics from scale to scale.")),
      flags_(*app_, options_),
      animation_(*app_, options_.animation) {
  app_->formatter(std::make_shared<HelpFormatter>(kUsage));
  app_->footer(kExamples);
  prepare(*app_);
  add_everyday_options();
  flags_.add_shape();
  flags_.add_look();
  add_target_options();
  flags_.add_running();
}

void SweepCommand::add_everyday_options() {
  flags_.add_sources("The picture to recreate, or a video of which to take a frame",
                     "TARGET-from-5-to-25.gif");
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kEveryday);
  };
  option("--min-scale", options_.min_scale, "N", "The smallest scale (default: 5)");
  option("--max-scale", options_.max_scale, "N", "The largest scale (default: 25)");
  auto* order = option("--order", options_.order, "NAME",
                       "ascending (small tiles first; the default), descending or bounce");
  order->transform(CLI::CheckedTransformer(kOrders, CLI::ignore_case).description(""));
  app_->add_option("--ascending", ascending_)->group("")->excludes(order);
  animation_.add_rate("3");
  option(
      "--size", size_, "W[xH]",
      "Size of the frames in pixels (default: the target's, but at most 800 on the longer edge)");
  animation_.add_file();
  option("--at", at_, "TIME", "Of a video, the frame shown then (default: in the middle)");
  flags_.add_ending();
}

void SweepCommand::add_target_options() {
  app_->add_option("--fit", options_.fit_px,
                   "Take the target for one with this longer edge, if it is larger (default: 800)")
      ->type_name("PX")
      ->group(kGridGroup)
      ->check(CLI::Range(1, kLargestFrameSide).description(""));
  app_->add_option("--max-megapixels", max_megapixels_,
                   "Refuse a larger target, as broken files claim to be (default: 128)")
      ->type_name("N")
      ->group(kRunGroup)
      ->check(CLI::Range(0.000001, 1e6).description(""));
}

void SweepCommand::resolve() {
  flags_.name_scales(options_.min_scale, options_.max_scale);
  flags_.resolve();
  animation_.resolve();
  options_.animation.overwrite = options_.overwrite;
  options_.animation.threads = options_.threads;
  options_.max_pixels = static_cast<std::int64_t>(max_megapixels_ * 1e6);
  if (flags_.given("--ascending"))
    options_.order = ascending_ ? SweepOrder::kAscending : SweepOrder::kDescending;
  if (flags_.given("--at")) options_.at_s = parse_time("--at", at_);
  if (!flags_.given("--size")) return;
  const Size size = parse_canvas("--size", size_);
  if (size.height > 0) {
    options_.layout.size = size;
  } else {
    options_.width = size.width;
  }
}

int SweepCommand::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  resolve();
  Console console(flags_.console(), stop);
  if (flags_.given("--report")) check_output(flags_.report(), options_.overwrite);
  const SweepSummary summary = make_sweep(options_, console.events());
  console.finish();
  if (summary.stopped) {
    print_error("stopped: nothing was left at the output's name", "");
    return static_cast<int>(ErrorKind::kFailure);
  }
  if (flags_.given("--report"))
    write_file(flags_.report(), options_.overwrite, report_json(summary, options_.target, command));
  if (flags_.console().progress == ProgressStyle::kJson) {
    fmt::print("{}\n", summary_json(summary));
  } else if (!flags_.console().quiet) {
    fmt::print(stderr, "{}", summary_text(summary, options_.target));
  }
  return 0;
}

}  // namespace smalti::cli
