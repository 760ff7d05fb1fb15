#include "cli/commands/commands.h"
#include "cli/commands/mosaic_job.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti image TARGET --tiles PHOTOS [--output OUT.jpg] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti image beach.jpg -t photos/ -o mosaic.jpg
  smalti image beach.jpg -t photos/ --cells 6000 --size 30000 -o wall.tif
  smalti image beach.jpg -t photos/ --enlarge 10 --pages A4 -o mural.pdf
  smalti image beach.mp4 -t photos/ --at 1:30

`smalti image --help-all` lists every option.
)";

int run_image(const Call& call, const Run& run) {
  const Request<PhotomosaicOptions> request = image_request(call);
  const PhotomosaicOptions& options = request.options;
  return run_job(
      request.console, options, run,
      [&](const Events& events) { return make_photomosaic(options, events); },
      [](const auto& summary) { return summary_text(summary); });
}

}  // namespace

const Command kImageCommand = {.id = kImage,
                               .name = "image",
                               .about = "Turns a picture into a mosaic picture.",
                               .usage = kUsage,
                               .footer = kExamples,
                               .run = run_image};

Request<PhotomosaicOptions> image_request(const Call& call) {
  Request<PhotomosaicOptions> request;
  fill_mosaic(call, request.structs());
  return request;
}

}  // namespace smalti::cli
