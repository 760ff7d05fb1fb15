#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>
#include <vector>

#include "cli/animate_command.h"
#include "cli/cache_command.h"
#include "cli/compare_command.h"
#include "cli/explore_command.h"
#include "cli/image_command.h"
#include "cli/splice_command.h"
#include "cli/sweep_command.h"
#include "cli/tiles_command.h"
#include "cli/video_command.h"

namespace smalti::cli {

/// The program with all its commands, parsed once.
struct Program {
  Program();

  CLI::App app;
  VideoCommand video{app};
  ImageCommand image{app};
  CompareCommand compare{app};
  SpliceCommand splice{app};
  TilesCommand tiles{app};
  CacheCommand cache{app};
  SweepCommand sweep{app};
  AnimateCommand animate{app};
  ExploreCommand explore{app};

  std::vector<std::string> commands() const;

  /// Throws CLI::Error for words out of form, and where help is all that is asked for.
  void parse(std::vector<std::string> words);

  /// Runs the command that was parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);
};

}  // namespace smalti::cli
