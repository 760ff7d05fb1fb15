#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/console.h"
#include "smalti/mosaic_job.h"

namespace smalti::cli {

inline constexpr const char* kGridGroup = "Grid and canvas";
inline constexpr const char* kLookGroup = "Look";
inline constexpr const char* kRunGroup = "Running";

/// The flags that every command has which makes a mosaic of a target: target, tiles, output, grid,
/// and how it runs. Help lists options as they are added, so a command calls the add functions in
/// the order that suits it.
class JobFlags {
 public:
  /// Values go to `options`, at the latest in resolve(). Both must outlive the flags.
  JobFlags(CLI::App& app, MosaicOptions& options) : app_(app), options_(options) {}

  /// `what` a target may be, and how the default output is called.
  void add_sources(const std::string& what, const std::string& default_output);
  /// The everyday flags of the grid; `enlarge` is the help of --enlarge.
  void add_cells(const std::string& enlarge);
  /// --overwrite and --quiet, which close the everyday flags.
  void add_ending();
  /// --look and what it is made of: spacing, penalties, choice, opacity, colour.
  void add_look();
  /// Which parts of pictures become tiles.
  void add_crops();
  /// The other flags of the grid; after add_cells.
  void add_grid();
  /// Of the grid, only what is not its size, for commands that choose the cells by themselves: the
  /// tiles' shape and --side-by-side. Instead of add_cells and add_grid.
  void add_shape();
  /// --threads, --progress, --report, --memory, --strict, --verbose.
  void add_running();

  /// False for an option that the command does not have.
  bool given(const char* option) const {
    const CLI::Option* known = app_.get_option_no_throw(option);
    return known != nullptr && known->count() > 0;
  }
  const ConsoleOptions& console() const { return console_; }
  /// Usable before resolve().
  std::string target() const;
  const std::string& report() const { return report_; }

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
  void check() const;
  std::string named(std::string name, bool older_spelling) const;
  void resolve_look();

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
  bool has_size_ = false;  ///< --size is ours; a command may have another of its own
  std::string memory_;
  std::string report_;
  std::string look_ = "natural";
  std::optional<std::pair<int, int>> scales_;
  int spacing_ = 0;
  double color_adjust_ = 0;
};

/// Throws Error (kUsage): `option` has no effect with `beside`.
[[noreturn]] void refuse_without_effect(const std::string& option, const std::string& beside);

}  // namespace smalti::cli
