#pragma once

#include <cstddef>
#include <opencv2/core.hpp>

namespace smalti::match {

/// The directions along which a set of vectors differs most, as rows of doubles of length 1
/// (about), the foremost first; as many as the vectors have numbers. `vector(i, row)` writes the
/// numbers of vector i to a row of doubles. Of many vectors some thousands are looked at.
template <typename Vector>
cv::Mat principal_axes(std::size_t count, int dimensions, const Vector& vector) {
  // The covariance of at most this many vectors, evenly taken, is as good as that of all.
  constexpr std::size_t kSamples = 20'000;
  const std::size_t step = std::max<std::size_t>(1, count / kSamples);
  cv::Mat samples(static_cast<int>((count + step - 1) / step), dimensions, CV_64F);
  for (int i = 0; i < samples.rows; ++i)
    vector(static_cast<std::size_t>(i) * step, samples.ptr<double>(i));
  cv::Mat covariance;
  cv::Mat mean;
  cv::calcCovarMatrix(samples, covariance, mean,
                      cv::COVAR_NORMAL | cv::COVAR_ROWS | cv::COVAR_SCALE, CV_64F);
  cv::Mat eigenvalues;
  cv::Mat eigenvectors;
  cv::eigen(covariance, eigenvalues, eigenvectors);
  return eigenvectors;
}

}  // namespace smalti::match
