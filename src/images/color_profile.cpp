#include "images/color_profile.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <optional>

#include "base/content_hash.h"

namespace smalti::images {
namespace {

// Profiles made of tables have some hundred kilobytes.
constexpr std::size_t kMostBytes = std::size_t{16} << 20;

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using UniqueProfile = std::unique_ptr<void, CloseProfile>;

struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using UniqueTransform = std::unique_ptr<void, DeleteTransform>;

// What lcms remembers of the last pixel would be shared by threads.
UniqueTransform transform_from(cmsHPROFILE profile, cmsUInt32Number format) {
  const UniqueProfile srgb(cmsCreate_sRGBProfile());
  return UniqueTransform(
      cmsCreateTransform(profile, format, srgb.get(), format, INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE));
}

bool changes_nothing(cmsHTRANSFORM transform) {
  constexpr int kSteps = 6;
  constexpr int kInvisible = 2;
  for (int i = 0; i < kSteps * kSteps * kSteps; ++i) {
    std::array<std::uint8_t, 3> from{};
    int rest = i;
    for (std::uint8_t& component : from) {
      component = static_cast<std::uint8_t>(rest % kSteps * 255 / (kSteps - 1));
      rest /= kSteps;
    }
    std::array<std::uint8_t, 3> to{};
    cmsDoTransform(transform, from.data(), to.data(), 1);
    for (std::size_t c = 0; c < 3; ++c)
      if (std::abs(from[c] - to[c]) > kInvisible) return false;
  }
  return true;
}

class ByLcms : public ColorConversion {
 public:
  ByLcms(UniqueTransform rgb, UniqueTransform rgba)
      : rgb_(std::move(rgb)), rgba_(std::move(rgba)) {}

  void convert(cv::Mat& pixels) const override {
    const cmsHTRANSFORM transform = pixels.channels() == 4 ? rgba_.get() : rgb_.get();
    const auto stride = static_cast<cmsUInt32Number>(pixels.step[0]);
    cmsDoTransformLineStride(transform, pixels.data, pixels.data,
                             static_cast<cmsUInt32Number>(pixels.cols),
                             static_cast<cmsUInt32Number>(pixels.rows), stride, stride, 0, 0);
  }

 private:
  UniqueTransform rgb_;
  UniqueTransform rgba_;
};

std::shared_ptr<const ColorConversion> make_conversion(std::span<const std::uint8_t> bytes) {
  const UniqueProfile profile(
      cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!profile || cmsGetColorSpace(profile.get()) != cmsSigRgbData) return nullptr;
  UniqueTransform rgb = transform_from(profile.get(), TYPE_RGB_8);
  UniqueTransform rgba = transform_from(profile.get(), TYPE_RGBA_8);
  if (!rgb || !rgba || changes_nothing(rgb.get())) return nullptr;
  return std::make_shared<ByLcms>(std::move(rgb), std::move(rgba));
}

}  // namespace

std::shared_ptr<const ColorConversion> conversion_to_srgb(std::span<const std::uint8_t> profile) {
  if (profile.empty() || profile.size() > kMostBytes) return nullptr;
  // Pictures that lie together mostly come from one camera, and setting up takes its time.
  struct Last {
    ContentHash profile;
    std::shared_ptr<const ColorConversion> conversion;
  };
  thread_local std::optional<Last> last;
  const ContentHash hash = content_hash(profile);
  if (!last || last->profile != hash) last = Last{hash, make_conversion(profile)};
  return last->conversion;
}

}  // namespace smalti::images
