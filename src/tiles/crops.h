#pragma once

#include "smalti/crop_options.h"
#include "smalti/events.h"
#include "smalti/sizes.h"
#include "tiles/tile.h"

namespace smalti::tiles {

/// The largest rectangle of the aspect that fits into the picture, in the middle of it.
Rect centre_crop(Size picture, Aspect aspect);

/// Where window `i` of `count` begins on a side that is `whole` long, when all are `window` long
/// (at most `whole`): from edge to edge, or each in the middle of its share where they leave room.
int window_start(int i, int count, int window, int whole);

/// Makes other tiles of the pictures of a set whose tiles show their centres. Faces are looked for
/// in the source file where it can be read, at 640 pixels, else in the thumbnail; frontal ones, by
/// OpenCV's cascade (Viola and Jones 2001), which is said when it is not installed. What is to be
/// seen is the sum of gradients (Sobel). In parallel; the result does not depend on it. Throws
/// Error (kUsage) for a count below 1 or with another kind, as thumbnails do otherwise.
TileSet crop_anew(TileSet set, Aspect aspect, const CropOptions& options, const Events& events,
                  const MatchOptions& match = {});

}  // namespace smalti::tiles
