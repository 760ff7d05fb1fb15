#include "cli/animate_command.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/run_flags.h"
#include "cli/summary.h"
#include "cli/values.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti animate FOLDER|PICTURES [--output OUT.gif] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti animate holiday/ -o holiday.gif
  smalti animate mosaic-*.png -o mosaics.webp --fps 3 --order descending
  smalti animate holiday/ -o holiday.mp4 --size 1280x720

`smalti animate --help-all` lists every option.
)";

const std::map<std::string, PictureOrder> kOrders = {{"name", PictureOrder::kAscending},
                                                     {"ascending", PictureOrder::kAscending},
                                                     {"descending", PictureOrder::kDescending},
                                                     {"date", PictureOrder::kDate}};

}  // namespace

AnimateCommand::AnimateCommand(CLI::App& program)
    : app_(add_command(program, "animate", "Makes an animation of pictures.", kUsage, kExamples)),
      animation_(*app_, options_.animation) {
  add_everyday_options();
  add_running_options();
}

void AnimateCommand::add_everyday_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kEveryday);
  };
  app_->add_option("PICTURES,--photos-dir", pictures_,
                   "The pictures: files, and folders without the folders in them");
  option("-o,--output", output_, "FILE",
         "Where to write; the extension chooses GIF, APNG, WebP or video (default: a GIF with the "
         "folder's name in the current folder)");
  animation_.add_rate("7");
  option("--order", options_.order, "NAME",
         "name or ascending (2 before 10; the default), descending, or date (the oldest file "
         "first)")
      ->transform(CLI::CheckedTransformer(kOrders, CLI::ignore_case).description(""));
  option("--size", size_, "W[xH]",
         "Size of the frames in pixels (default: the first picture's, but at most 800 on the "
         "longer edge)");
  animation_.add_file();
  app_->add_option("--fuzz", fuzz_)->group(kHidden);
  app_->add_flag("-y,--overwrite", options_.animation.overwrite,
                 "Replace the output if it is there")
      ->group(kEveryday);
  add_quiet(*app_, console_);
}

void AnimateCommand::add_running_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kRunGroup);
  };
  add_threads(*app_, options_.threads);
  add_progress(*app_, console_);
  option("--memory", memory_, "SIZE", "For pictures on their way, such as 500M (default: 800M)");
  option("--max-megapixels", max_megapixels_, "N",
         "Leave out a larger picture, as broken files claim to be (default: 128)")
      ->check(in_range(0.000001, 1e6));
  app_->add_flag("--strict", options_.strict, "Take an unusable picture for an error")
      ->group(kRunGroup);
  add_verbose(*app_, console_);
}

const AnimateOptions& AnimateCommand::resolve() {
  check_extras(*app_, "name files or a folder");
  if (pictures_.empty())
    throw Error(ErrorKind::kUsage, "there are no pictures",
                "name a folder of them: smalti animate holiday/ -o holiday.gif");
  check_console(*app_);
  options_.pictures.assign(pictures_.begin(), pictures_.end());
  if (given("--output")) options_.output = output_;
  if (given("--memory")) options_.memory_bytes = parse_bytes("--memory", memory_, kLeastMemory);
  if (given("--size")) {
    const Size size = parse_canvas("--size", size_);
    if (size.height > 0) {
      options_.size = size;
    } else {
      options_.width = size.width;
    }
  }
  options_.limits.max_pixels = std::llround(max_megapixels_ * 1e6);
  options_.animation.threads = options_.threads;
  animation_.resolve();
  return options_;
}

int AnimateCommand::run(const std::vector<std::string>& /*command*/,
                        const std::atomic<bool>& stop) {
  resolve();
  Console console(console_, stop);
  if (fuzz_)
    console.events().warning(
        "--fuzz is not needed: --colors and --max-file-size make files smaller here");
  const AnimateSummary summary = animate_pictures(options_, console.events());
  console.finish();
  if (summary.stopped) return say_stopped();
  tell(console_, summary_json(summary), summary_text(summary));
  return 0;
}

}  // namespace smalti::cli
