#include "media/scaler.h"

extern "C" {
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <array>
#include <cassert>

#include "media/handles.h"
#include "media/pictures.h"

namespace smalti::media {
namespace {

struct FreeSws {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};

const int* coefficients_of(const ColorTags& color) {
  // libswscale counts its matrices by the same code points.
  return sws_getCoefficients(color.matrix == 2 ? SWS_CS_ITU709 : color.matrix);
}

struct Samples {
  std::array<const std::uint8_t*, 4> data{};
  std::array<int, 4> stride{};
};

// The planes as libav wants them: components that share one start at its first.
Samples samples_of(const Picture& picture, AVPixelFormat format) {
  const AVPixFmtDescriptor& desc = *av_pix_fmt_desc_get(format);
  Samples samples;
  for (int c = 0; c < picture.format.components(); ++c) {
    const AVComponentDescriptor& component = desc.comp[c];
    const Plane& plane = picture.planes[static_cast<std::size_t>(c)];
    const auto slot = static_cast<std::size_t>(component.plane);
    samples.data[slot] = reinterpret_cast<const std::uint8_t*>(plane.data) - component.offset;
    samples.stride[slot] = static_cast<int>(plane.stride);
  }
  return samples;
}

}  // namespace

struct Scaler::Context {
  std::unique_ptr<SwsContext, FreeSws> sws;
};

Scaler::Scaler(const PixelFormat& format, const ColorTags& color, Size size)
    : format_(format), color_(color), size_(size) {}

Scaler::~Scaler() = default;

std::unique_ptr<Scaler::Context> Scaler::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Context>();
  std::unique_ptr<Context> context = std::move(idle_.back());
  idle_.pop_back();
  return context;
}

void Scaler::give_back(std::unique_ptr<Context> context) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(context));
}

Picture Scaler::scaled(const Picture& picture) {
  constexpr int kFlags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT;
  Picture result = Picture::allocate(format_, size_, color_);
  const AVPixelFormat from = libav_format_of(picture);
  const AVPixelFormat to = libav_format_of(result);

  std::unique_ptr<Context> context = take();
  context->sws.reset(allocated(sws_getCachedContext(context->sws.release(), picture.width,
                                                    picture.height, from, size_.width, size_.height,
                                                    to, kFlags, nullptr, nullptr, nullptr)));
  constexpr int kNeutral = 1 << 16;  // of contrast and saturation
  sws_setColorspaceDetails(context->sws.get(), coefficients_of(picture.color),
                           picture.color.full_range, coefficients_of(color_), color_.full_range, 0,
                           kNeutral, kNeutral);

  const Samples source = samples_of(picture, from);
  const Samples target = samples_of(result, to);
  std::array<std::uint8_t*, 4> written{};
  for (std::size_t i = 0; i < written.size(); ++i)
    written[i] = const_cast<std::uint8_t*>(target.data[i]);
  check(sws_scale(context->sws.get(), source.data.data(), source.stride.data(), 0, picture.height,
                  written.data(), target.stride.data()),
        "cannot scale the target's picture");
  give_back(std::move(context));
  return result;
}

}  // namespace smalti::media
