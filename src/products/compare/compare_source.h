#pragma once

#include <filesystem>
#include <memory>

#include "base/picture.h"
#include "media/video_reader.h"
#include "smalti/compare.h"

namespace smalti {

/// A file to compare: a still, or a video under way.
struct CompareSource {
  std::filesystem::path path;
  Picture still;  ///< empty for a video
  std::unique_ptr<media::VideoReader> video;
  Size size;  ///< upright, in square pixels
};

/// Opens a picture or a video, told apart by content. `role` is what messages call a file that is
/// not there. Throws Error (kMissingInput, kBadInput, kInputOutput).
CompareSource open_source(const std::filesystem::path& path, const char* role,
                          const CompareOptions& options, const Events& events);

/// Turns a video of a single frame into a still where the other one is a still. Throws Error
/// (kUsage) when one stays a still and the other a video.
void settle_kinds(CompareSource& target, CompareSource& mosaic);

}  // namespace smalti
