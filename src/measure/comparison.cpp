// A blur of sigma s leaves nothing that samples s apart do not show. So the pictures are first
// averaged to a few samples a cell, fewer for the wider blur, and blurred there; averaging is
// itself a blur, by a box of one sample, and what it adds is taken off the Gaussian.

#include "smalti/comparison.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "color/ciede2000.h"
#include "color/linear_light.h"
#include "match/ssim.h"
#include "measure/comparison.h"

namespace smalti::measure {
namespace {

constexpr int kBandRows = 64;
constexpr double kDifferenceStep = 0.02;

// Samples and a blur of them.
struct Sampling {
  Size cell;  // samples a cell
  Size size;  // of the whole picture
  double sigma_x;
  double sigma_y;
};

// Gaussian and box add up by their variances.
double without_averaging(double sigma) {
  constexpr double kBoxVariance = 1.0 / 12;
  return std::sqrt(std::max(sigma * sigma - kBoxVariance, 0.0));
}

int reach(double sigma) { return static_cast<int>(std::ceil(4 * sigma)); }

Sampling sampling(const Cells& cells, double sigma_cells, int samples_across) {
  constexpr double kMostSlender = 16;  // beyond, samples are no longer about square
  const Size counts = cells.mean_counts();
  const Size canvas = cells.canvas();
  const double height_to_width = static_cast<double>(canvas.height) / counts.height /
                                 (static_cast<double>(canvas.width) / counts.width);
  const double shape = std::clamp(height_to_width, 1 / kMostSlender, kMostSlender);
  const int down = std::max(1, static_cast<int>(std::lround(samples_across * shape)));
  return {{samples_across, down},
          {counts.width * samples_across, counts.height * down},
          without_averaging(sigma_cells * samples_across * std::sqrt(height_to_width)),
          without_averaging(sigma_cells * down / std::sqrt(height_to_width))};
}

struct Rows {
  int begin;
  int end;
};

// Calls work(band, rows) for all bands of a picture, on all threads.
template <typename Work>
void for_bands(int height, Work work) {
  tbb::parallel_for(0, (height + kBandRows - 1) / kBandRows, [&](int band) {
    work(static_cast<std::size_t>(band),
         Rows{band * kBandRows, std::min((band + 1) * kBandRows, height)});
  });
}

void read_rows(const Picture& picture, Size size, Rows rows, cv::Mat& light) {
  color::LinearRows reader(picture, size);
  for (int y = rows.begin; y < rows.end; ++y) reader.read(y, light.ptr<float>(y - rows.begin));
}

// These rows of the blurred picture.
cv::Mat read_blurred(const Picture& picture, const Sampling& s, Rows rows) {
  const int around = reach(s.sigma_y);
  const Rows read{std::max(rows.begin - around, 0), std::min(rows.end + around, s.size.height)};
  cv::Mat light(read.end - read.begin, s.size.width, CV_32FC3);
  read_rows(picture, s.size, read, light);
  const cv::Size kernel(2 * reach(s.sigma_x) + 1, 2 * around + 1);
  // OpenCV takes a sigma of 0 for a wish to choose one.
  cv::GaussianBlur(light, light, kernel, std::max(s.sigma_x, 1e-3), std::max(s.sigma_y, 1e-3),
                   cv::BORDER_REFLECT);
  return light.rowRange(rows.begin - read.begin, rows.end - read.begin);
}

ColorDifferences differences(const cv::Mat& a, const cv::Mat& b) {
  ColorDifferences sum;
  for (int y = 0; y < a.rows; ++y) {
    const auto* p = a.ptr<float>(y);
    const auto* q = b.ptr<float>(y);
    for (int x = 0; x < a.cols; ++x, p += 3, q += 3)
      sum.add(color::ciede2000(color::lab_of_light(p), color::lab_of_light(q)));
  }
  return sum;
}

ColorDifferences blurred_differences(const Picture& target, const Picture& mosaic,
                                     const Sampling& s) {
  std::vector<ColorDifferences> parts(static_cast<std::size_t>(s.size.height / kBandRows + 1));
  for_bands(s.size.height, [&](std::size_t band, Rows rows) {
    parts[band] = differences(read_blurred(target, s, rows), read_blurred(mosaic, s, rows));
  });
  // In order, so that rounding is the same on every run.
  ColorDifferences sum;
  for (const ColorDifferences& part : parts) sum += part;
  return sum;
}

// One sample a cell.
cv::Mat read_cells(const Picture& picture, Size cells) {
  cv::Mat light(cells.height, cells.width, CV_32FC3);
  for_bands(cells.height, [&](std::size_t, Rows rows) {
    cv::Mat part = light.rowRange(rows.begin, rows.end);
    read_rows(picture, cells, rows, part);
  });
  return light;
}

match::LightnessMap lightness_of(const cv::Mat& light) {
  match::LightnessMap map(light.cols, light.rows);
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x)
      map(x, y) = static_cast<float>(color::lab_of_light(light.ptr<float>(y, x)).l);
  return map;
}

void compare_cells(const Picture& target, const Picture& mosaic, Size cells, Comparison& result) {
  const cv::Mat a = read_cells(target, cells);
  const cv::Mat b = read_cells(mosaic, cells);
  const std::size_t codes = a.total() * 3;
  const auto* p = a.ptr<float>();
  const auto* q = b.ptr<float>();
  for (std::size_t i = 0; i < codes; ++i) {
    const double error = color::srgb_code(p[i]) - color::srgb_code(q[i]);
    result.sum_squared_error += error * error;
  }
  result.codes = codes;
  const match::SsimSum similarity = match::ssim(lightness_of(a), lightness_of(b));
  result.sum_ssim = similarity.sum;
  result.windows = similarity.windows;
}

}  // namespace

}  // namespace smalti::measure

namespace smalti {

using namespace measure;

void ColorDifferences::add(double difference) {
  sum_ += difference;
  ++samples_;
  const auto at = static_cast<std::size_t>(difference / kDifferenceStep + 0.5);
  if (at >= counts_.size()) counts_.resize(at + 1);
  ++counts_[at];
}

ColorDifferences& ColorDifferences::operator+=(const ColorDifferences& other) {
  sum_ += other.sum_;
  samples_ += other.samples_;
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  return *this;
}

double ColorDifferences::mean() const {
  return samples_ > 0 ? sum_ / static_cast<double>(samples_) : 0;
}

double ColorDifferences::percentile(double share) const {
  const double wanted = share * static_cast<double>(samples_);
  std::uint64_t within = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    within += counts_[i];
    if (static_cast<double>(within) >= wanted) return static_cast<double>(i) * kDifferenceStep;
  }
  return 0;
}

std::optional<double> Comparison::psnr_db() const {
  if (sum_squared_error <= 0) return std::nullopt;
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(codes) / sum_squared_error);
}

double Comparison::mean_ssim() const {
  return windows > 0 ? sum_ssim / static_cast<double>(windows) : 0;
}

Comparison& Comparison::operator+=(const Comparison& other) {
  half_cell += other.half_cell;
  eighth_cell += other.eighth_cell;
  sum_squared_error += other.sum_squared_error;
  codes += other.codes;
  sum_ssim += other.sum_ssim;
  windows += other.windows;
  return *this;
}

}  // namespace smalti

namespace smalti::measure {

Comparison compare_pictures(const Picture& target, const Picture& mosaic, const Cells& cells) {
  constexpr int kSamplesForHalf = 4;
  constexpr int kSamplesForEighth = 8;  // 16 change no figure by more than a fiftieth
  Comparison result;
  result.half_cell = blurred_differences(target, mosaic, sampling(cells, 1.0 / 2, kSamplesForHalf));
  result.eighth_cell =
      blurred_differences(target, mosaic, sampling(cells, 1.0 / 8, kSamplesForEighth));
  compare_cells(target, mosaic, cells.mean_counts(), result);
  return result;
}

}  // namespace smalti::measure
