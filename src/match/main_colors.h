#pragma once

#include "base/picture.h"
#include "match/descriptor.h"
#include "smalti/match_options.h"

namespace smalti::match {

/// The colours that most opaque pixels of a crop have, the most common first, one a descriptor:
/// match.alternatives() of them. A colour is the mean of the pixels that lie in and around one of
/// 16 x 16 x 16 boxes of sRGB. The picture is 8-bit RGB, with alpha or without; a pixel counts as
/// opaque from half on, and where none is, all count. const, any thread.
DescriptorTable describe_main_colors(const Picture& picture, const Rect& crop,
                                     const MatchOptions& match);

}  // namespace smalti::match
