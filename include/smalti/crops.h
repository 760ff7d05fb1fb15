#pragma once

#include "smalti/events.h"
#include "smalti/grid.h"
#include "smalti/tile.h"

namespace smalti {

enum class CropKind {
  kCentre,     ///< the largest window in the middle
  kAttention,  ///< the largest window around the largest face, or else where most is to be seen
  kFit,        ///< the whole picture, on its own mean colour
};

struct CropOptions {
  CropKind kind = CropKind::kCentre;
  /// So many windows, spread as window_start says over what the aspect leaves out; kCentre only.
  /// Windows that would be the same count once.
  int count = 1;
  bool flip = false;      ///< each also mirrored, left and right
  bool distinct = false;  ///< of near-duplicates only the first in their order

  bool plain() const { return kind == CropKind::kCentre && count == 1 && !flip && !distinct; }
};

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

}  // namespace smalti
