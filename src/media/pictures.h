#pragma once

#include <optional>
#include <vector>

#include "base/picture.h"
#include "media/handles.h"

namespace smalti::media {

/// What a Picture of this libav pixel format would be, or nothing when Picture cannot express it
/// (palettes, samples that share bytes or are shifted in them, foreign byte order, floats,
/// hardware).
std::optional<PixelFormat> picture_format(AVPixelFormat format);

/// Samples of each component in a plane of its own.
bool is_planar(AVPixelFormat format);

/// Whether the format itself says full range (yuvj420p and its kin).
bool is_full_range(AVPixelFormat format);

/// All formats that Picture can express.
std::vector<AVPixelFormat> expressible_formats();

/// Says by which matrix a frame without a word about it is meant: BT.709 from 720 lines on, BT.601
/// below, as players do. To be called on decoded frames, before they are rotated.
void settle_matrix(AVFrame& frame);

/// A libav format whose samples lie as this picture's do, packed or planar.
AVPixelFormat libav_format_of(const Picture& picture);

/// A view of the frame's samples, which stay alive as long as the Picture. The frame's format must
/// be expressible. No sample is copied.
Picture as_picture(UniqueFrame frame);

/// A view of a planar picture for an encoder, without copying a sample: the frame's buffers keep
/// `picture.owner`. `format` is the libav format whose picture_format() the picture has.
UniqueFrame as_frame(const Picture& picture, AVPixelFormat format);

}  // namespace smalti::media
