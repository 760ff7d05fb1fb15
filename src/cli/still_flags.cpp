#include "cli/still_flags.h"

#include <fmt/format.h>

#include <cmath>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/job_flags.h"
#include "cli/values.h"
#include "smalti/layout_options.h"

namespace smalti::cli {

void StillFlags::add_time() {
  app_.add_option("--at", at_, "Of a video, the frame shown then (default: in the middle)")
      ->type_name("TIME")
      ->group(kEveryday);
}

void StillFlags::add_target() {
  const std::string by_default =
      options_.fit_px ? fmt::format(" (default: {})", *options_.fit_px) : "";
  app_.add_option("--fit", options_.fit_px,
                  "Take the target for one with this longer edge, if it is larger" + by_default)
      ->type_name("PX")
      ->group(kGridGroup)
      ->check(in_range(1, kLargestStillSide));
  app_.add_option("--max-megapixels", max_megapixels_,
                  "Refuse a larger target, as broken files claim to be (default: 128)")
      ->type_name("N")
      ->group(kRunGroup)
      ->check(in_range(0.000001, 1e6));
}

void StillFlags::resolve() {
  if (given(app_, "--at")) options_.at_s = parse_time("--at", at_);
  options_.max_pixels = std::llround(max_megapixels_ * 1e6);
}

}  // namespace smalti::cli
