#include "cli/animation_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/values.h"

namespace smalti::cli {
namespace {

constexpr const char* kFileGroup = "File";

const std::map<std::string, Dither> kDithers = {
    {"none", Dither::kNone}, {"bayer", Dither::kBayer}, {"diffusion", Dither::kDiffusion}};

}  // namespace

void AnimationFlags::add_rate(const std::string& by_default) {
  fps_ = by_default;
  app_.add_option("--fps", fps_, fmt::format("Frames a second (default: {})", by_default))
      ->type_name("RATE")
      ->group(kEveryday);
}

void AnimationFlags::add_file() {
  app_.add_option("--max-file-size", max_bytes_,
                  "Make the file no larger than, say, 2M: with fewer colours, then smaller frames")
      ->type_name("SIZE")
      ->group(kEveryday);
  app_.add_option("--colors", options_.colors,
                  "Of a GIF or APNG, 2 to 256 (default: 256 for a GIF, but fewer, down to 128, "
                  "where it would pass 8 MB; all for an APNG)")
      ->type_name("N")
      ->group(kFileGroup)
      ->check(in_range(2, 256));
  app_.add_option("--dither", dither_,
                  "none, bayer (a faint pattern; the default) or diffusion (finer, and files some "
                  "tenth larger)")
      ->type_name("NAME")
      ->group(kFileGroup)
      ->transform(CLI::CheckedTransformer(kDithers, CLI::ignore_case).description(""));
}

void AnimationFlags::resolve() {
  options_.fps = parse_rate("--fps", fps_);
  if (app_.count("--max-file-size") > 0)
    options_.max_bytes = parse_bytes("--max-file-size", max_bytes_);
  if (app_.count("--dither") > 0) options_.dither = dither_;
}

TerminalText animation_text(const AnimationSummary& s) {
  TerminalText text = shown("{} of {}x{} pixels, {}", counted(s.frames, "frame", "frames"),
                            s.size.width, s.size.height, bytes_text(s.bytes));
  if (s.colors) text += shown(", {} colours", *s.colors);
  text += shown(", {:.1f} s", s.duration_s);
  if (!s.fewer_colors && !s.smaller) return text;
  std::string lowered = s.fewer_colors ? (s.colors ? "fewer colours" : "a lower quality") : "";
  if (s.smaller) lowered += lowered.empty() ? "smaller frames" : " and smaller frames";
  return shown("{} ({}, to keep the file small)", text, lowered);
}

TerminalText smaller_text(const AnimationSummary& s) {
  const TerminalText size = shown("--size {}", std::max(1, s.size.width * 3 / 4));
  const bool palette = s.format == AnimationFormat::kGif || s.format == AnimationFormat::kApng;
  const TerminalText colors = palette && s.colors.value_or(256) > 64
                                  ? shown("--colors {}, ", s.colors.value_or(256) / 2)
                                  : TerminalText();
  return shown("to have it smaller: {}, {}or --max-file-size 2M for what fits", size, colors);
}

}  // namespace smalti::cli
