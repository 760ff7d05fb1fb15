// What terminals are given: nothing of what a file or its name says may reach them as it is.

#include "cli/text/terminal_text.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <type_traits>

#include "cli/flags/printed_command.h"
#include "cli/text/figures.h"
#include "cli/text/library_text.h"
#include "cli/text/shell_word.h"
#include "cli/text/summary.h"
#include "support/program.h"

namespace smalti::cli {
namespace {

// A terminal's title, a bell, another line, text that runs backwards, no UTF-8.
const std::string kEvil =
    "a\x1b]0;x\x07\nb\xe2\x80\xae"
    "c\xff";
const std::string kShown = "a\\x1b]0;x\\x07\\nb\\u202ec\\xff";

// Nothing else can be printed, and this cannot be made of just any text.
static_assert(!std::is_constructible_v<TerminalText, std::string>);
static_assert(!std::is_constructible_v<TerminalText, const char*>);
static_assert(!std::is_constructible_v<TerminalText, std::filesystem::path>);

bool is_harmless(const TerminalText& text) {
  const bool has_foreign_newline = text.str().find("\nb") != std::string::npos;
  return shown_lines(text.str()).str() == text.str() && !has_foreign_newline;
}

TEST_CASE("foreign text of any type is shown as escapes, our own as it is") {
  CHECK(shown("{}", kEvil).str() == kShown);
  CHECK(shown("{}", kEvil.c_str()).str() == kShown);
  CHECK(shown("{}", std::string_view(kEvil)).str() == kShown);
  CHECK(shown("{}", std::filesystem::path(kEvil)).str() == kShown);
  CHECK(shown("\033[1m{}\n{:>3}\033[0m\n", shown("one\n"), 2).str() ==
        "\033[1mone\n\n  2\033[0m\n");
  CHECK(shown_lines("one\n\ntwo\x1b[2J\n").str() == "one\n\ntwo\\x1b[2J\n");
}

TEST_CASE("JSON is harmless, too, and says the same") {
  const std::string name = "\x1b\x7f\xc2\x9b\xe2\x80\xae\n\xc3\xa9\xf0\x9f\x98\x80";
  for (const int indent : {-1, 2}) {
    const TerminalText text = shown_json({{"name", name}}, indent);
    CHECK(is_harmless(text));
    CHECK(Json::parse(text.str()).at("name") == name);
    CHECK(text.str().find("\xc3\xa9\xf0\x9f\x98\x80") != std::string::npos);
  }
  CHECK(Json::parse(shown_json({{"name", "\xff"}}).str()).at("name") == "\xef\xbf\xbd");
}

TEST_CASE("what files say of themselves is shown as escapes wherever it is printed") {
  VideoMosaicOptions options;
  options.target = kEvil;
  DryRun run;
  run.output = kEvil + ".mp4";
  run.sample.columns = run.sample.rows = 1;
  run.sample.encoder = kEvil;
  run.sample.streams = {"audio (" + kEvil + ")"};
  const TerminalText dry = dry_run_text(run, options, resolved_command(options, run));
  CHECK(is_harmless(dry));
  CHECK(dry.str().find("  stream   audio (" + kShown + ")\n") != std::string::npos);

  LibraryInfo info;
  info.roots = {kEvil};
  info.formats = {{kEvil, 1}};
  info.dated = 1;
  info.first_taken = info.last_taken = "\x1b[2J";
  info.damaged = info.skipped = {{kEvil, kEvil}};
  for (const TerminalText& text : {info_text(kEvil, info), info_json(kEvil, info)})
    CHECK(is_harmless(text));

  SweepSummary sweep;
  sweep.output = kEvil;
  SweepOptions sweep_options;
  sweep_options.target = kEvil;
  sweep_options.tiles = {kEvil};
  for (const TerminalText& text :
       {summary_text(sweep, sweep_options), summary_json(sweep), cache_text(kEvil, {}),
        build_text(kEvil, {}), figures_text({}, {.target = kEvil, .mosaic = kEvil})})
    CHECK(is_harmless(text));
}

TEST_CASE("commands to be copied are harmless, and mean the same to a shell") {
  std::string every_byte;
  for (int byte = 1; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const std::vector<std::string> words = {kEvil,
                                          every_byte,
                                          "it's $HOME\n",
                                          "\\n\x01",
                                          "\x01"
                                          "7'\\8",
                                          "\n"};
  for (const std::string& word : words) {
    CAPTURE(shell_word(word));
    CHECK(printable(shell_word(word)) == shell_word(word));
    const test::Ended ended = test::run_program({"bash", "-c", "printf %s. " + shell_word(word)});
    CHECK(ended.output == word + ".");
  }

  PhotomosaicOptions options;
  options.target = kEvil;
  options.tiles = {"it's " + kEvil, "plain"};
  for (const TerminalText& command : {image_command(options), video_command(options)}) {
    CHECK(is_harmless(command));
    const test::Ended ended =
        test::run_program({"bash", "-c", "smalti() { printf '%s;' \"$@\"; }; " + command.str()});
    const std::string inputs = fmt::format(";{};--tiles;it's {};plain;", kEvil, kEvil);
    CHECK(ended.output.find(inputs) != std::string::npos);
  }
}

}  // namespace
}  // namespace smalti::cli
