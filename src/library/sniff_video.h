#pragma once

#include <cstdint>
#include <span>

namespace smalti::library {

/// The kind of video file that the first bytes claim, as a word for people, or null when it is none
/// of the usual ones. Files that are sound only may pass for videos.
const char* sniff_video(std::span<const std::uint8_t> bytes);

}  // namespace smalti::library
