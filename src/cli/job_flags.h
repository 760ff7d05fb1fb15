#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/match_flags.h"
#include "cli/run_flags.h"
#include "smalti/mosaic_job.h"

namespace smalti::cli {

inline constexpr const char* kGridGroup = "Grid and canvas";
inline constexpr const char* kLookGroup = "Look";

/// The flags that every command has which makes a mosaic of a target: target, tiles, output, grid,
/// and how it runs. Help lists options as they are added, so a command calls the add functions in
/// the order that suits it.
class JobFlags {
 public:
  /// Values go to `options`, at the latest in resolve(). Both must outlive the flags.
  JobFlags(CLI::App& app, MosaicOptions& options) : app_(app), options_(options) {}

  /// Target and tiles; `what` a target may be.
  void add_inputs(const std::string& what);
  /// These and the output, and how that is called by default.
  void add_sources(const std::string& what, const std::string& default_output);
  /// The everyday flags of the grid; `enlarge` is the help of --enlarge.
  void add_cells(const std::string& enlarge);
  /// --overwrite and --quiet, which close the everyday flags.
  void add_ending();
  /// --look and what it is made of: spacing, penalties, choice, opacity, colour, what is compared.
  void add_look();
  /// Which parts of pictures become tiles.
  void add_crops();
  /// The other flags of the grid; after add_cells.
  void add_grid();
  /// Of the grid, only the tiles' shape, for commands that choose the cells by themselves; instead
  /// of add_cells and add_grid.
  void add_tile_shape();
  /// That and --side-by-side.
  void add_shape();
  /// --save-placements and --from-placements.
  void add_placements();
  /// --threads, --progress, --report, --memory, --strict, --verbose.
  void add_running();

  /// False for an option that the command does not have.
  bool given(const char* option) const { return cli::given(app_, option); }
  const ConsoleOptions& console() const { return console_; }
  /// Usable before resolve().
  std::string target() const;

  /// What --report asks for; nothing without it.
  void write_report(const MosaicSummary& summary, const std::vector<std::string>& command,
                    const Events& events) const;

  /// The output's name may hold {min} and {max} (in its older spelling the first and second %d).
  void name_scales(int min, int max) { scales_ = {min, max}; }

  /// Reads what was given as text into the options. Throws Error (kUsage) for a missing target or
  /// tiles, for values out of form, and for flags that have no effect together.
  void resolve();

 private:
  CLI::Option* option(const char* group, const char* names, auto& value, const char* form,
                      const std::string& text) {
    return app_.add_option(names, value, text)->type_name(form)->group(group);
  }
  void add_aspect(const char* group);
  void add_aspect_parts();
  void add_side_by_side();
  void check() const;
  std::string named(std::string name, bool older_spelling) const;
  void resolve_look();
  void adopt_placements();

  CLI::App& app_;
  MosaicOptions& options_;
  ConsoleOptions console_;
  std::string target_;
  std::vector<std::string> tiles_;
  std::string output_;
  std::string savepath_;
  std::string tile_aspect_;
  std::string tile_size_;
  std::string size_;
  const CLI::Option* size_option_ = nullptr;  // a command may have another --size of its own
  std::string memory_;
  std::string report_;
  std::string save_placements_;
  std::string from_placements_;
  std::string look_ = "natural";
  std::optional<MatchFlags> match_;  // where the command has them
  std::optional<std::pair<int, int>> scales_;
  int spacing_ = 0;
  double color_adjust_ = 0;
  std::string exclude_near_;
};

}  // namespace smalti::cli
