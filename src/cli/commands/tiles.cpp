#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/flags/notation.h"
#include "cli/text/library_text.h"
#include "images/image_loader.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"

namespace smalti::cli {
namespace {

constexpr int kDamaged = static_cast<int>(ErrorKind::kBadInput);

constexpr const char* kForm = "`smalti tiles --help` shows how it is called";

constexpr const char* kTilesFooter = R"(
Examples:
  smalti tiles build photos/ films/ -o tiles.smalti
  smalti video beach.mp4 -t tiles.smalti
  smalti tiles build --help              the options of one of them
)";

constexpr const char* kBuildFooter = R"(
Sources are folders (with all folders in them), picture files, and videos, which give a frame a
second. A second run reads only what has changed; other sources are added to what there is.

Examples:
  smalti tiles build photos/ -o tiles.smalti
  smalti tiles build films/ holiday.mp4 -o tiles.smalti     more for the same library
)";

constexpr const char* kInfoFooter = R"(
Its chart counts tiles by hue and lightness: where there is a dot, cells of that colour take what
comes nearest. Pictures of these colours make mosaics better.
)";

constexpr const char* kCheckFooter = R"(
Exit code 65 says that there is damage and --repair was not given. After a repair,
`smalti tiles build` with the same sources makes what was lost anew.
)";

void need(const std::string& value, const char* what, const char* example) {
  if (value.empty())
    throw Error(ErrorKind::kUsage, fmt::format("there is no {}", what),
                fmt::format("name one: {}", example));
}

int run_build(const Call& call, const Run& run) {
  const Request<TileJob> request = tiles_request(call);
  const std::string library = request.options.library.string();
  need(request.options.sources.empty() ? "" : request.options.sources.front().string(), "source",
       "smalti tiles build photos/ -o tiles.smalti");
  need(library, "library", "smalti tiles build photos/ --output tiles.smalti");
  Console console(request.console, run.stop);
  const BuildSummary summary = build_tiles(request.options, console.events());
  console.finish();
  if (summary.stopped)
    return say_stopped(shown("stopped"), shown("the next build goes on from there"));
  if (!request.console.quiet) {
    for (const SkippedFile& file : summary.skipped)
      console.events().warning(fmt::format("left out: '{}': {}", file.path.string(), file.reason));
  }
  tell(request.console, build_json(library, summary), build_text(library, summary));
  if (summary.tiles > 0) return 0;
  print_error(shown("there is no tile in '{}' yet", library),
              shown("name sources of pictures ({}) or videos", images::kImageFormats));
  return static_cast<int>(ErrorKind::kBadInput);
}

int run_info(const Call& call, const Run& run) {
  const Request<TileJob> request = tiles_request(call);
  const std::string library = request.options.library.string();
  need(library, "library", "smalti tiles info tiles.smalti");
  Console console(request.console, run.stop);
  const LibraryInfo info = inspect_library(library, console.events());
  print_result(request.wishes.json ? info_json(library, info) : info_text(library, info));
  return 0;
}

int run_check(const Call& call, const Run& /*run*/) {
  const Request<TileJob> request = tiles_request(call);
  const std::string library = request.options.library.string();
  need(library, "library", "smalti tiles check tiles.smalti");
  const LibraryCheck check = check_library(library);
  for (const std::string& complaint : check.complaints)
    print_result(shown("{}: {}\n", library, complaint));
  if (check.complaints.empty()) {
    print_result(shown("{}: {} rows, all as they were written\n", library, grouped(check.rows)));
    return 0;
  }
  if (!request.wishes.repair) {
    print_error(shown("the tile library '{}' is damaged", library),
                shown("`smalti tiles check --repair` keeps what is whole in it"));
    return kDamaged;
  }
  const LibraryRepair repair = repair_library(library);
  print_result(
      shown("{}: repaired; {} rows kept, {} lost\n"
            "`smalti tiles build` with the same sources makes what is lost anew\n",
            library, grouped(repair.kept), grouped(repair.lost)));
  return 0;
}

int run_export(const Call& call, const Run& run) {
  const Request<TileJob> request = tiles_request(call);
  const std::string library = request.options.library.string();
  need(library, "library", "smalti tiles export tiles.smalti pictures/");
  const std::string folder = request.wishes.folder.string();
  need(folder, "folder", "smalti tiles export tiles.smalti pictures/");
  Console console(request.console, run.stop);
  const ExportSummary summary = export_library(library, folder, console.events());
  console.finish();
  if (summary.stopped)
    return say_stopped(shown("stopped"), shown("the next export goes on from there"));
  if (!request.console.quiet)
    print_message(shown("{}: {} pictures written, {} there already\n", folder,
                        grouped(summary.written), grouped(summary.there)));
  return 0;
}

int run_alone(const Call& /*call*/, const Run& /*run*/) {
  throw Error(ErrorKind::kUsage, "`smalti tiles` does nothing by itself",
              "it has build, info, check and export: `smalti tiles --help`");
}

}  // namespace

const Command kTilesCommand = {.id = kTilesAlone,
                               .name = "tiles",
                               .about = "Make and look after libraries of tiles",
                               .usage = "smalti tiles build|info|check|export ...",
                               .footer = kTilesFooter,
                               .one_too_many = kForm,
                               .has_groups = false,
                               .run = run_alone};

const Command kTilesBuildCommand = {.id = kTilesBuild,
                                    .name = "tiles build",
                                    .about = "Make tiles of pictures, and keep them in a library",
                                    .usage = "smalti tiles build SOURCE... --output LIBRARY",
                                    .footer = kBuildFooter,
                                    .one_too_many = kForm,
                                    .has_groups = false,
                                    .run = run_build};

const Command kTilesInfoCommand = {.id = kTilesInfo,
                                   .name = "tiles info",
                                   .about = "Tell what is in a library, and which colours it lacks",
                                   .usage = "smalti tiles info LIBRARY",
                                   .footer = kInfoFooter,
                                   .one_too_many = kForm,
                                   .has_groups = false,
                                   .run = run_info};

const Command kTilesCheckCommand = {.id = kTilesCheck,
                                    .name = "tiles check",
                                    .about = "Look for damage in a library, and mend it",
                                    .usage = "smalti tiles check LIBRARY [--repair]",
                                    .footer = kCheckFooter,
                                    .one_too_many = kForm,
                                    .has_groups = false,
                                    .run = run_check};

const Command kTilesExportCommand = {.id = kTilesExport,
                                     .name = "tiles export",
                                     .about = "Write the small pictures of a library into a folder",
                                     .usage = "smalti tiles export LIBRARY FOLDER",
                                     .one_too_many = kForm,
                                     .has_groups = false,
                                     .run = run_export};

Request<TileJob> tiles_request(const Call& call) {
  Request<TileJob> request;
  call.fill(request.structs());
  return request;
}

}  // namespace smalti::cli
