#pragma once

#include "cli/text/terminal_text.h"
#include "smalti/animation.h"

namespace smalti::cli {

/// "21 frames of 800x534 pixels, 7.1 MB, 256 colours, 0:07", and what was done to make it fit.
TerminalText animation_text(const AnimationSummary& summary);

/// A line that says how to make the file smaller.
TerminalText smaller_text(const AnimationSummary& summary);

}  // namespace smalti::cli
