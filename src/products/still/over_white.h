#pragma once

#include "base/picture.h"
#include "images/resampler.h"
#include "mosaic/compositor.h"

/// 8-bit RGB pictures with white where others are transparent. Any thread.
namespace smalti {

Picture white_picture(Size size);

/// The part of a resampled picture, with alpha or without, from `origin` on that `rgb` has room
/// for.
void fill_over_white(const images::Resampler& picture, mosaic::Point origin, Picture& rgb);

/// All of a picture, with alpha or without, at another size.
Picture seen_over_white(const Picture& rgb, Size size);

}  // namespace smalti
