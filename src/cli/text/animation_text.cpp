#include "cli/text/animation_text.h"

#include <algorithm>

#include "cli/flags/notation.h"

namespace smalti::cli {

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
  const TerminalText size =
      shown("--size {}", std::max(1, std::max(s.size.width, s.size.height) * 3 / 4));
  const bool palette = s.format == AnimationFormat::kGif || s.format == AnimationFormat::kApng;
  const TerminalText colors = palette && s.colors.value_or(256) > 64
                                  ? shown("--colors {}, ", s.colors.value_or(256) / 2)
                                  : TerminalText();
  return shown("to have it smaller: {}, {}or --max-file-size 2M for what fits", size, colors);
}

}  // namespace smalti::cli
