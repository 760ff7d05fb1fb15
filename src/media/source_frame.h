#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/picture.h"

namespace smalti::media {

class Packet;

/// A frame of a video as it was decoded.
struct SourceFrame {
  std::uint64_t index = 0;    ///< 0, 1, 2, ... without gaps, in the order of presentation
  std::int64_t pts = 0;       ///< the source's own, absolute, in the video's time base
  std::int64_t duration = 0;  ///< 0 when unknown
  bool damaged = false;       ///< the decoder said that the picture is not what was recorded
  Picture picture;            ///< upright
  /// Packets of copied streams that stand before this frame in the source.
  std::vector<std::shared_ptr<Packet>> packets;
};

}  // namespace smalti::media
