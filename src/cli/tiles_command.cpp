#include "cli/tiles_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/library_text.h"
#include "cli/run_flags.h"
#include "cli/values.h"
#include "images/image_loader.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"

namespace smalti::cli {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

TilesCommand::TilesCommand(CLI::App& program)
    : tiles_(add_command(program, "tiles", "Make and look after libraries of tiles",
                         "smalti tiles build|info|check|export ...", kTilesFooter)) {
  add_build();
  add_info();
  add_check();
  add_export();
}

void TilesCommand::add_build() {
  build_ = add_command(*tiles_, "build", "Make tiles of pictures, and keep them in a library",
                       "smalti tiles build SOURCE... --output LIBRARY", kBuildFooter);
  build_->add_option("sources", sources_, "Folders, picture files and videos")->type_name("SOURCE");
  build_->add_option("-o,--output", library_, "The library; made when it is missing")
      ->type_name("LIBRARY")
      ->group(kEveryday);
  build_
      ->add_flag("--frames", all_frames_,
                 "Keep every picture of animated GIF, WebP and PNG files, not the first alone")
      ->group(kEveryday);
  add_threads(*build_, threads_, kEveryday);
  add_running(*build_);
}

void TilesCommand::add_info() {
  info_ = add_command(*tiles_, "info", "Tell what is in a library, and which colours it lacks",
                      "smalti tiles info LIBRARY", kInfoFooter);
  info_->add_option("library", library_, "The library")->type_name("LIBRARY");
  info_->add_flag("--json", json_, "Print one JSON object")->group(kEveryday);
}

void TilesCommand::add_check() {
  check_ = add_command(*tiles_, "check", "Look for damage in a library, and mend it",
                       "smalti tiles check LIBRARY [--repair]", kCheckFooter);
  check_->add_option("library", library_, "The library")->type_name("LIBRARY");
  check_->add_flag("--repair", repair_, "Keep what is whole; the next build makes the rest anew")
      ->group(kEveryday);
}

void TilesCommand::add_export() {
  export_ = add_command(*tiles_, "export", "Write the small pictures of a library into a folder",
                        "smalti tiles export LIBRARY FOLDER");
  export_->add_option("library", library_, "The library")->type_name("LIBRARY");
  export_->add_option("folder", folder_, "The folder; made when it is missing")
      ->type_name("FOLDER");
  add_running(*export_);
}

void TilesCommand::add_running(CLI::App& app) {
  add_progress(app, console_, kEveryday);
  add_quiet(app, console_);
  add_verbose(app, console_, kEveryday);
}

int TilesCommand::build(Console& console) const {
  need(sources_.empty() ? "" : sources_.front(), "source",
       "smalti tiles build photos/ -o tiles.smalti");
  need(library_, "library", "smalti tiles build photos/ --output tiles.smalti");
  const TileJob job{library_, {sources_.begin(), sources_.end()}, all_frames_, threads_};
  const BuildSummary summary = build_tiles(job, console.events());
  console.finish();
  if (summary.stopped)
    return say_stopped(shown("stopped"), shown("the next build goes on from there"));
  if (!console_.quiet) {
    for (const SkippedFile& file : summary.skipped)
      console.events().warning(fmt::format("left out: '{}': {}", file.path.string(), file.reason));
  }
  tell(console_, build_json(library_, summary), build_text(library_, summary));
  if (summary.tiles > 0) return 0;
  print_error(shown("there is no tile in '{}' yet", library_),
              shown("name sources of pictures ({}) or videos", kImageFormats));
  return static_cast<int>(ErrorKind::kBadInput);
}

int TilesCommand::info(Console& console) const {
  need(library_, "library", "smalti tiles info tiles.smalti");
  const LibraryInfo info = inspect_library(library_, console.events());
  print_result(json_ ? info_json(library_, info) : info_text(library_, info));
  return 0;
}

int TilesCommand::check() const {
  need(library_, "library", "smalti tiles check tiles.smalti");
  const LibraryCheck check = check_library(library_);
  for (const std::string& complaint : check.complaints)
    print_result(shown("{}: {}\n", library_, complaint));
  if (check.complaints.empty()) {
    print_result(shown("{}: {} rows, all as they were written\n", library_, grouped(check.rows)));
    return 0;
  }
  if (!repair_) {
    print_error(shown("the tile library '{}' is damaged", library_),
                shown("`smalti tiles check --repair` keeps what is whole in it"));
    return kDamaged;
  }
  const LibraryRepair repair = repair_library(library_);
  print_result(
      shown("{}: repaired; {} rows kept, {} lost\n"
            "`smalti tiles build` with the same sources makes what is lost anew\n",
            library_, grouped(repair.kept), grouped(repair.lost)));
  return 0;
}

int TilesCommand::export_pictures(Console& console) const {
  need(library_, "library", "smalti tiles export tiles.smalti pictures/");
  need(folder_, "folder", "smalti tiles export tiles.smalti pictures/");
  const ExportSummary summary = export_library(library_, folder_, console.events());
  console.finish();
  if (summary.stopped)
    return say_stopped(shown("stopped"), shown("the next export goes on from there"));
  if (!console_.quiet)
    print_message(shown("{}: {} pictures written, {} there already\n", folder_,
                        grouped(summary.written), grouped(summary.there)));
  return 0;
}

int TilesCommand::run(const std::atomic<bool>& stop) {
  for (CLI::App* app : {build_, info_, check_, export_}) {
    if (!tiles_->got_subcommand(app)) continue;
    check_extras(*app, kForm);
    check_console(*app);
    Console console(console_, stop);
    if (app == build_) return build(console);
    if (app == info_) return info(console);
    if (app == check_) return check();
    return export_pictures(console);
  }
  check_extras(*tiles_, kForm);
  throw Error(ErrorKind::kUsage, "`smalti tiles` does nothing by itself",
              "it has build, info, check and export: `smalti tiles --help`");
}

}  // namespace smalti::cli
