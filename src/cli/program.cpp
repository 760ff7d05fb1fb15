#include "cli/program.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

#include "cli/arguments.h"
#include "cli/help.h"

namespace smalti::cli {
namespace {

constexpr const char* kAbout =
    "smalti makes mosaics of your own pictures: videos that keep their sound, and stills of any "
    "size.";
constexpr const char* kProgramUsage =
    "smalti [video|image] TARGET --tiles PHOTOS [--output OUT] [options]";
constexpr const char* kProgramFooter = R"(
Examples:
  smalti video beach.mp4 -t photos/ -o mosaic.mp4
  smalti image beach.jpg -t photos/ -o mosaic.jpg
  smalti beach.mp4 -t photos/            by what it is; written to beach-mosaic.mp4
  smalti splice holiday.mp4 -o tiles/    pictures of a video, to be tiles
  smalti compare beach.jpg mosaic.jpg    how close the mosaic is
  smalti tiles build photos/ -o my.tiles keep small copies of many pictures
  smalti sweep beach.jpg -t photos/      what each scale looks like, as a GIF
  smalti explore beach.jpg -t photos/    the same, to look around in
  smalti video --help                    the options for everyday

Exit codes: 0 done, 1 failure, 2 wrong usage, 65 unusable input, 66 input missing,
73 output in the way, 74 read or write error, 129, 130 and 143 stopped by a signal.
)";

}  // namespace

Program::Program() : app(kAbout, "smalti") {
  app.formatter(std::make_shared<HelpFormatter>(kProgramUsage));
  app.footer(kProgramFooter);
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", "smalti " SMALTI_VERSION);
  refuse_values_of_flags(app);
}

std::vector<std::string> Program::commands() const {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

void Program::parse(std::vector<std::string> words) {
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  app.parse(words);
}

int Program::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  const std::map<std::string, std::function<int()>> runs = {
      {"video", [&] { return video.run(command, stop); }},
      {"image", [&] { return image.run(command, stop); }},
      {"splice", [&] { return splice.run(stop); }},
      {"compare", [&] { return compare.run(command, stop); }},
      {"tiles", [&] { return tiles.run(stop); }},
      {"cache", [&] { return cache.run(); }},
      {"sweep", [&] { return sweep.run(command, stop); }},
      {"animate", [&] { return animate.run(command, stop); }},
      {"explore", [&] { return explore.run(command, stop); }},
  };
  return runs.at(app.get_subcommands().front()->get_name())();
}

}  // namespace smalti::cli
