#pragma once

#include <cstdint>
#include <optional>

#include "media/demuxer.h"
#include "media/video_reader.h"

namespace smalti::media {

/// The size of a decoded frame in square pixels, before it is turned upright: the direction in
/// which pixels are shorter is enlarged, so that nothing of the picture is lost.
Size in_square_pixels(Size size, AVRational sample_aspect);

/// The frames a second that the header claims, or what the first frame's duration says where the
/// header makes no sense; 0/1 when neither helps.
AVRational frame_rate(const AVStream& video, std::int64_t first_duration);

/// How many frames of the video lie between two times of its time line, if the file could hold as
/// many as its header claims.
std::optional<std::uint64_t> estimate_frames(const Demuxer& demuxer, const AVStream& video,
                                             const ReadOptions& options, AVRational fps);

/// Warns of what is not yet made right in frames like this one: interlacing, HDR.
void warn_of_looks(const AVFrame& frame, const std::filesystem::path& path, const Events& events);

}  // namespace smalti::media
