#pragma once

#include <filesystem>
#include <optional>

#include "smalti/animation.h"
#include "smalti/sizes.h"

namespace smalti {

/// The format that a file's extension asks for, in capitals or not: .gif, .apng or .png, .webp, and
/// those of video containers; nothing when it is none.
std::optional<AnimationFormat> animation_format(const std::filesystem::path& name);

/// "GIF", "APNG", "WebP", "video".
const char* format_name(AnimationFormat format);

/// The pixels that a frame's width and height must be whole multiples of.
Size animation_step(const std::filesystem::path& path);

inline constexpr int kMostPaletteColors = 256;

/// Throws Error (kUsage) for what an AnimationWriter would refuse, without making anything: an
/// unknown extension, a size beyond what the format holds, a rate or number of colours out of range
/// (GIF: up to 50 frames a second), options without effect on the format, a format that cannot be
/// written to a device or FIFO. Whether the name is free is check_output's question.
void check_animation(const std::filesystem::path& path, Size size, const AnimationOptions& options);

}  // namespace smalti
