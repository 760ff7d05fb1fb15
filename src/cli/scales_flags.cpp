#include "cli/scales_flags.h"

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/values.h"
#include "smalti/layout_options.h"

namespace smalti::cli {

void ScalesFlags::add_scales() {
  app_.add_option("--min-scale", options_.min_scale,
                  fmt::format("The smallest scale (default: {})", options_.min_scale))
      ->check(in_range(1, kLargestStillSide))
      ->type_name("N")
      ->group(kEveryday);
  app_.add_option("--max-scale", options_.max_scale,
                  fmt::format("The largest scale (default: {})", options_.max_scale))
      ->check(in_range(1, kLargestStillSide))
      ->type_name("N")
      ->group(kEveryday);
}

void ScalesFlags::add_size(const std::string& help) {
  app_.add_option("--size", size_, help)->type_name("W[xH]")->group(kEveryday);
}

void ScalesFlags::resolve() {
  if (!given(app_, "--size")) return;
  const Size size = parse_canvas("--size", size_);
  if (size.height > 0) {
    options_.layout.size = size;
  } else {
    options_.width = size.width;
  }
}

}  // namespace smalti::cli
