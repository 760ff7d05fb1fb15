#pragma once

#include <filesystem>
#include <optional>

#include "base/content_hash.h"
#include "base/picture.h"
#include "mosaic/layout.h"
#include "smalti/events.h"
#include "smalti/photomosaic.h"

namespace smalti {

/// The still that a mosaic is made of.
struct StillTarget {
  /// Upright. A picture file's is 8-bit RGB, with alpha where it has any; a video's is as its
  /// decoder left it.
  Picture picture;
  Size size;                        ///< in square pixels, before any fitting
  std::optional<ContentHash> hash;  ///< of a picture file
  double time_s = 0;                ///< of a video's frame
};

/// Reads a picture file, or the frame that `at_s` names of a video. What is left out (the other
/// frames of an animation) and what was chosen is said. Throws Error: kBadInput for what is
/// neither, kUsage for `at_s` with a picture, as the readers do otherwise.
StillTarget read_still_target(const StillOptions& options, const Events& events);

/// Whether a target is read as a picture file. A GIF is read as a video, so that any of its
/// pictures can be taken.
bool is_picture_file(const std::filesystem::path& path);

/// How large a target of this size counts as.
Size counted_size(Size target, const StillOptions& options);

/// Where the cells of its mosaic lie, and on how large a canvas. Throws Error as plan_layout does.
mosaic::Layout still_layout(const StillOptions& options, Size target);

/// The same picture as 8-bit RGB, with its alpha.
Picture as_rgb(const Picture& picture);

}  // namespace smalti
