#pragma once

#include <cstddef>
#include <vector>

#include "base/picture.h"
#include "color/ciede2000.h"

namespace smalti::color {

/// Reads any picture as light, reduced or enlarged to `size` samples by averaging: each sample is
/// the mean of what lies under it, pixels being taken as the small rectangles they are, and the
/// ones it covers in part counting with that part.
///
/// Light is linear R, G, B of sRGB, 0 to 1. Y'CbCr and grey are brought there with the matrix and
/// range of the picture's tags; transfer and primaries are read as sRGB's, whatever the tags say,
/// and each chroma sample holds for all pixels it stands for. What is transparent is laid on white,
/// blended in coded values as picture viewers do.
///
/// The picture must outlive it. Stateful, one thread at a time; rows in rising order are cheapest.
class LinearRows {
 public:
  LinearRows(const Picture& picture, Size size);

  /// Writes row y of the samples, 3 * size.width numbers: R, G, B, R, ...
  void read(int y, float* light);

 private:
  // The samples that one sample covers: those from first to last, each by `whole` of the mean, the
  // outer two by their own parts.
  struct Cover {
    int first;
    int last;
    float first_part;
    float whole;
    float last_part;
  };
  static Cover cover(int i, int count, int length);

  const float* reduced(int y);
  template <typename Sample>
  void decode(int y);
  template <typename Sample>
  void decode_yuv(int y);
  template <typename Sample>
  void lay_on_white(int y);

  const Picture& picture_;
  Size size_;
  std::vector<Cover> columns_;
  std::vector<float> pixels_;   // of one row
  std::vector<float> reduced_;  // the same, averaged to size_.width samples
  int reduced_y_ = -1;
};

/// L*a*b* for D65 of light as LinearRows gives it.
Lab lab_of_light(const float* rgb);

/// sRGB's coded value, 0 to 255, of linear light.
double srgb_code(double light);

}  // namespace smalti::color
