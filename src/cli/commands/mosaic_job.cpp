#include "cli/commands/mosaic_job.h"

#include <fmt/format.h>

#include "base/output_file.h"
#include "cli/flags/output_name.h"
#include "cli/text/report.h"
#include "products/placements/placements.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

void check_inputs(const Call& call, const MosaicOptions& options) {
  const char* name = call.command().name;
  const std::string example = fmt::format("smalti {} {} --tiles photos/", name,
                                          call.command().id == kVideo ? "beach.mp4" : "beach.jpg");
  if (options.target.empty())
    throw Error(ErrorKind::kUsage, "there is no target", "name one: " + example);
  if (options.tiles.empty() && !options.from_placements)
    throw Error(ErrorKind::kUsage, "there are no tiles", "name a folder of pictures: " + example);
}

void check_look(const MosaicOptions& options) {
  if (options.select.ssim_k > 1 && !options.match.shows_structure())
    throw Error(ErrorKind::kUsage, "--ssim-k compares the lightness of blocks",
                "leave out --feature, --match-size 1 and --match-space rgb or linear");
}

}  // namespace

void fill_mosaic(const Call& call, const Structs& structs) {
  MosaicOptions& options = *structs.find<MosaicOptions>();
  call.fill(structs);
  check_inputs(call, options);
  check_look(options);
  if (call.given("--output") || call.given("--savepath")) {
    std::string name = options.output->string();
    if (const auto* sweep = structs.find<SweepOptions>())
      name = expand_scales(name, sweep->min_scale, sweep->max_scale);
    options.output = expand_name(name, options.target.string(), options.layout.scale);
  }
  options.measure_fidelity = options.report.has_value();
  if (!options.from_placements) return;
  call.refuse_settled();
  adopt(read_placements_header(*options.from_placements), options);
  call.fill_anew(structs);
}

void write_report(const MosaicOptions& options, const MosaicSummary& summary, const Run& run,
                  const Events& events) {
  if (options.report)
    write_file(*options.report, options.overwrite, report_json(summary, options.target, run.words),
               events.stop);
}

}  // namespace smalti::cli
