#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>

namespace smalti::cli {

/// Options of this group are shown by --help; those of other groups only by --help-all.
inline constexpr const char* kEveryday = "Everyday options";
/// Those of this one by neither. (CLI11 would leave the names of options without a group out of its
/// messages.)
inline constexpr const char* kHidden = "Hidden";

/// Lays out help: what the command is for, how it is called, its options, and its footer as it
/// stands. Every option shows its short and its first long name; further long names are aliases for
/// those who know them. Give it to an App with formatter(); `usage` is how the App is called.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {}

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;

 private:
  std::string usage_;
};

}  // namespace smalti::cli
