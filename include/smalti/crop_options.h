#pragma once

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

}  // namespace smalti
