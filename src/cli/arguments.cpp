#include "cli/arguments.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include "base/text.h"
#include "cli/help.h"
#include "cli/suggest.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

// For a word that may not stand in a command as it is: $'...' as bash, zsh and POSIX have it.
std::string quoted_bytes(const std::string& word) {
  std::string quoted = "$'";
  for (const char c : word) {
    const bool is_ascii = c >= ' ' && c <= '~';
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += is_ascii ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
  return quoted + "'";
}

// "tiles build" of `smalti tiles build`.
std::string full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  if (parent == nullptr || parent->get_parent() == nullptr) return app.get_name();
  return full_name(*parent) + " " + app.get_name();
}

// Of a command that has commands of its own.
void refuse_misspelt_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (const auto meant = did_you_mean(word, names))
    throw Error(ErrorKind::kUsage, fmt::format("there is no command '{} {}'", full_name(app), word),
                fmt::format("did you mean `smalti {} {}`?", full_name(app), *meant));
}

template <typename Number>
std::optional<Number> read_number(const std::string& text) {
  Number value{};
  const char* end = text.data() + text.size();
  const std::size_t digits = text.starts_with('-') ? 1 : 0;
  if (std::is_integral_v<Number> && text.size() > digits + 1 && text[digits] == '0')
    return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

template <typename Number>
CLI::Validator number_check(const std::string& range, std::function<bool(Number)> is_in) {
  const char* kind = std::is_integral_v<Number> ? "whole number" : "number";
  return {[range, is_in = std::move(is_in), kind](std::string& text) -> std::string {
            const auto value = read_number<Number>(text);
            if (!value || !is_in(*value)) return fmt::format("'{}' is no {} {}", text, kind, range);
            return {};
          },
          ""};
}

}  // namespace

template <typename Number>
CLI::Validator in_range(Number least, Number most) {
  return number_check<Number>(fmt::format("from {} to {}", least, most),
                              [=](Number value) { return value >= least && value <= most; });
}
template CLI::Validator in_range(int, int);
template CLI::Validator in_range(std::uint64_t, std::uint64_t);
template CLI::Validator in_range(double, double);

CLI::Validator in_range_below(double least, double end) {
  return number_check<double>(fmt::format("from {} to below {}", least, end),
                              [=](double value) { return value >= least && value < end; });
}

void refuse_values_of_flags(CLI::App& program) {
  const CLI::Validator no_value(
      [](std::string& text) {
        return text == "true" || text == "false" ? "" : fmt::format("it takes no '{}'", text);
      },
      "");
  for (CLI::Option* option : program.get_options())
    if (!option->get_fnames().empty()) {
      option->disable_flag_override();  // of "no": CLI11 would turn the value round
    } else if (option->get_items_expected_max() == 0) {
      option->check(no_value);
    }
  for (CLI::App* command : program.get_subcommands([](CLI::App*) { return true; }))
    refuse_values_of_flags(*command);
}

CLI::App* add_command(CLI::App& parent, const char* name, const char* about, const char* usage,
                      const char* footer) {
  CLI::App* app = parent.add_subcommand(name, about);
  app->formatter(std::make_shared<HelpFormatter>(usage));
  app->footer(footer);
  app->set_help_flag("-h,--help", "Print this help")->group("Help");
  app->set_help_all_flag("--help-all", "Print all options")->group("Help");
  app->allow_extras();
  return app;
}

// CLI11's own search is noexcept and allocates: without memory it would end the program.
const CLI::Option* find_option(const CLI::App& app, const char* name) {
  for (const CLI::Option* option : app.get_options())
    if (option->check_name(name)) return option;
  return nullptr;
}

CLI::Option* find_option(CLI::App& app, const char* name) {
  return const_cast<CLI::Option*>(find_option(std::as_const(app), name));
}

bool given(const CLI::App& app, const char* option) {
  const CLI::Option* known = find_option(app, option);
  return known != nullptr && known->count() > 0;
}

void refuse_without_effect(const std::string& option, const std::string& beside) {
  throw Error(ErrorKind::kUsage, fmt::format("{} has no effect with {}", option, beside),
              "leave one of them out");
}

void check_extras(const CLI::App& app, const std::string& words) {
  const std::vector<std::string> extras = app.remaining();
  if (extras.empty()) return;
  const std::string extra = extras.front().substr(0, extras.front().find('='));
  if (!extra.starts_with("-")) refuse_misspelt_command(app, extra);
  if (!extra.starts_with("-"))
    throw Error(ErrorKind::kUsage, fmt::format("'{}' is one argument too many", extra), words);

  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  const std::optional<std::string> meant = did_you_mean(extra, names);
  throw Error(ErrorKind::kUsage, fmt::format("there is no option '{}'", extra),
              meant ? fmt::format("did you mean {}?", *meant)
                    : fmt::format("`smalti {} --help-all` lists them", full_name(app)));
}

void exclude_each_other(const std::vector<CLI::Option*>& options) {
  for (CLI::Option* a : options)
    for (CLI::Option* b : options)
      if (a != b) a->excludes(b);
}

std::string shell_word(const std::string& word) {
  constexpr const char* kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
  if (!word.empty() && word.find_first_not_of(kHarmless) == std::string::npos) return word;
  if (printable(word) != word) return quoted_bytes(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string expand_name(const std::string& name, const std::string& target,
                        std::optional<int> scale) {
  std::string expanded = replaced(name, "{stem}", std::filesystem::path(target).stem().string());
  if (expanded.find("{scale}") == std::string::npos) return expanded;
  if (!scale)
    throw Error(ErrorKind::kUsage, fmt::format("'{}' names a scale, but there is none", name),
                "choose one with --scale");
  return replaced(expanded, "{scale}", std::to_string(*scale));
}

std::string modern_name(std::string name) {
  return replaced(replaced(std::move(name), "%s", "{stem}"), "%d", "{scale}");
}

void take_target_from(std::vector<std::string>& tiles, std::string& target) {
  if (!target.empty() || tiles.size() < 2) return;
  target = tiles.back();
  tiles.pop_back();
}

}  // namespace smalti::cli
