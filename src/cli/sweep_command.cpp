#include "cli/sweep_command.h"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/run_job.h"
#include "cli/summary.h"
#include "smalti/error.h"

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
    : app_(add_command(program, "sweep", "Shows a picture's mosaics from scale to scale.", kUsage,
                       kExamples)),
      flags_(*app_, options_),
      scales_(*app_, options_),
      still_(*app_, options_),
      animation_(*app_, options_.animation) {
  add_everyday_options();
  flags_.add_shape();
  flags_.add_crops();
  flags_.add_look();
  still_.add_target();
  flags_.add_running();
}

void SweepCommand::add_everyday_options() {
  flags_.add_sources("The picture to recreate, or a video of which to take a frame",
                     "TARGET-from-5-to-25.gif");
  scales_.add_scales();
  auto* order = app_->add_option("--order", options_.order,
                                 "ascending (small tiles first; the default), descending or bounce")
                    ->type_name("NAME")
                    ->group(kEveryday);
  order->transform(CLI::CheckedTransformer(kOrders, CLI::ignore_case).description(""));
  app_->add_option("--ascending", ascending_)
      ->group(kHidden)
      ->excludes(order)
      ->check(in_range(0, 1));
  animation_.add_rate("3");
  scales_.add_size(
      "Size of the frames in pixels (default: the target's, but at most 800 on the longer edge)");
  animation_.add_file();
  still_.add_time();
  flags_.add_ending();
}

const SweepOptions& SweepCommand::resolve() {
  flags_.name_scales(options_.min_scale, options_.max_scale);
  flags_.resolve();
  scales_.resolve();
  animation_.resolve();
  options_.animation.overwrite = options_.overwrite;
  options_.animation.threads = options_.threads;
  if (flags_.given("--ascending"))
    options_.order = ascending_ ? SweepOrder::kAscending : SweepOrder::kDescending;
  still_.resolve();
  return options_;
}

int SweepCommand::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  resolve();
  return run_job(
      flags_, command, stop, [&](const Events& events) { return make_sweep(options_, events); },
      [&](const auto& summary) { return summary_text(summary, options_); });
}

}  // namespace smalti::cli
