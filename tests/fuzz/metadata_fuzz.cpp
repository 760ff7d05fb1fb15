// What lies in picture files beside the picture, without the picture in the way: EXIF blocks, whose
// orientation must be one and whose date must have its form, and colour profiles (ICC), by which a
// few pixels with and without alpha are converted; alpha stays as it is.

#include <lcms2.h>

#include <cstdlib>
#include <memory>

#include "fuzz/feed.h"
#include "fuzz/picture_files.h"
#include "images/color_profile.h"
#include "images/orientation.h"

namespace smalti::fuzz {
namespace {

// Of tables, as scanners have them.
Input table_profile() {
  const std::unique_ptr<void, int (*)(void*)> srgb(cmsCreate_sRGBProfile(), cmsCloseProfile);
  const std::unique_ptr<void, int (*)(void*)> lab(cmsCreateLab4Profile(nullptr), cmsCloseProfile);
  const std::unique_ptr<void, void (*)(void*)> transform(
      cmsCreateTransform(srgb.get(), TYPE_RGB_16, lab.get(), TYPE_Lab_16, INTENT_PERCEPTUAL, 0),
      cmsDeleteTransform);
  return saved(cmsTransform2DeviceLink(transform.get(), 2.1, cmsFLAGS_LOWRESPRECALC));
}

}  // namespace

int fuzz_metadata(const std::uint8_t* data, std::size_t size) {
  const images::ExifFacts facts = images::read_exif({data, size});
  must_hold(facts.orientation >= 1 && facts.orientation <= 8, "the orientation is one");
  must_hold(facts.taken.empty() || facts.taken == images::checked_exif_date(facts.taken),
            "the date has its form");

  const auto conversion = images::conversion_to_srgb({data, size});
  if (!conversion) return 0;
  cv::Mat rgb(4, 5, CV_8UC3, cv::Scalar(200, 100, 50));
  conversion->convert(rgb);
  cv::Mat rgba(4, 5, CV_8UC4, cv::Scalar(1, 2, 255, 77));
  conversion->convert(rgba);
  must_hold(rgba.at<cv::Vec4b>(3, 4)[3] == 77, "alpha stays");
  return 0;
}

std::vector<Input> metadata_seeds() {
  return {exif_block(6, ""), exif_block(1, "2024:07:31 18:05:00"), wide_profile(),
          saved(cmsCreate_sRGBProfile()), table_profile()};
}

}  // namespace smalti::fuzz
