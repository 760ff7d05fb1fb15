#pragma once

#include <opencv2/core.hpp>

#include "base/picture.h"

namespace smalti::images {

// Between the library's pictures and OpenCV's matrices, and what alpha needs. Matrices are 8-bit
// RGB or RGBA in that order, alpha not multiplied in.

/// Shares the samples.
Picture to_picture(const cv::Mat& pixels);

/// Of an 8-bit RGB picture, with alpha or without; shares the samples when they lie packed.
cv::Mat to_mat(const Picture& picture);

/// The same without its alpha channel when that is opaque throughout.
cv::Mat without_opaque_alpha(const cv::Mat& pixels);

/// Divides colours by their alpha, for decoders that multiply it in.
void divide_by_alpha(cv::Mat& rgba);

/// Reduced to `size` by averaging; transparent pixels do not lend their colour to their neighbours.
cv::Mat reduced(const cv::Mat& pixels, Size size);

/// Gives wholly transparent pixels the mean colour of the others: a lossy format lets colours run
/// over into what is seen, and most files have black there.
cv::Mat with_mean_under_transparent(const cv::Mat& rgba);

/// RGBA laid over its own mean colour: RGB. A wholly transparent picture turns black.
cv::Mat over_mean_color(const cv::Mat& rgba);

}  // namespace smalti::images
