#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/animate_command.h"
#include "cli/arguments.h"
#include "cli/cache_command.h"
#include "cli/compare_command.h"
#include "cli/console.h"
#include "cli/explore_command.h"
#include "cli/help.h"
#include "cli/image_command.h"
#include "cli/splice_command.h"
#include "cli/suggest.h"
#include "cli/sweep_command.h"
#include "cli/tiles_command.h"
#include "cli/video_command.h"
#include "smalti/error.h"
#include "smalti/photomosaic.h"

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

// The program with all its commands, parsed once.
struct Program {
  CLI::App app{kAbout, "smalti"};
  VideoCommand video{app};
  ImageCommand image{app};
  CompareCommand compare{app};
  SpliceCommand splice{app};
  TilesCommand tiles{app};
  CacheCommand cache{app};
  SweepCommand sweep{app};
  AnimateCommand animate{app};
  ExploreCommand explore{app};

  Program() {
    app.formatter(std::make_shared<HelpFormatter>(kProgramUsage));
    app.footer(kProgramFooter);
    app.set_help_flag("-h,--help", "Print this help");
    app.set_version_flag("--version", "smalti " SMALTI_VERSION);
  }

  std::vector<std::string> commands() const {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    return names;
  }

  void parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(words);
  }

  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
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
};

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A first word that is neither command nor file, but nearly a command.
void refuse_misspelt_command(const std::string& word, const std::vector<std::string>& commands) {
  std::error_code error;
  if (word.starts_with("-") || std::filesystem::exists(word, error)) return;
  if (const auto meant = did_you_mean(word, commands))
    throw Error(ErrorKind::kUsage, fmt::format("there is no command '{}'", word),
                fmt::format("did you mean `smalti {}`?", *meant));
}

// Which of the words is the target depends on which options take a value, so each command is asked.
std::string command_for_target(const std::vector<std::string>& words) {
  const auto names_still = [&](const char* command, const auto& target_of) {
    Program program;
    std::vector<std::string> all = words;
    all.insert(all.begin(), command);
    try {
      program.parse(all);
    } catch (const CLI::Error&) {
      return false;  // help, or wrong for this command
    }
    const std::string target = target_of(program);
    return !target.empty() && is_still(target);
  };
  const bool still =
      names_still("image", [](const Program& program) { return program.image.target(); }) ||
      names_still("video", [](const Program& program) { return program.video.target(); });
  return still ? "image" : "video";
}

// `smalti TARGET ...` is short for the command that fits the target.
std::vector<std::string> with_command(std::vector<std::string> words,
                                      const std::vector<std::string>& commands) {
  if (words.empty()) return {"--help"};
  const std::string& first = words.front();
  if (is_one_of(first, commands) || is_one_of(first, {"-h", "--help", "--help-all", "--version"}))
    return words;
  refuse_misspelt_command(first, commands);
  words.insert(words.begin(), command_for_target(words));
  return words;
}

}  // namespace

int run(int argc, char** argv, const std::atomic<bool>& stop) {
  Program program;
  const std::vector<std::string> command(argv, argv + argc);
  const std::vector<std::string> words =
      with_command({command.begin() + 1, command.end()}, program.commands());
  try {
    program.parse(words);
  } catch (const CLI::Success& success) {
    std::ostringstream wanted;  // help or the version
    program.app.exit(success, wanted, wanted);
    print_result(shown_lines(wanted.str()));
    return 0;
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::kUsage, error.what(),
                fmt::format("`smalti {} --help` shows how it is called", words.front()));
  }
  return program.run(command, stop);
}

}  // namespace smalti::cli
