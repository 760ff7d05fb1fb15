#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/picture.h"
#include "match/descriptor.h"
#include "pipeline/frame_job.h"

namespace smalti::test {

inline constexpr PixelFormat kRgb8{ColorModel::kRgb, 8, 0, 0, false};
inline constexpr PixelFormat kRgba8{ColorModel::kRgb, 8, 0, 0, true};
inline constexpr PixelFormat kYuv420{ColorModel::kYuv, 8, 1, 1, false};

/// The sample of component c at (x, y) of that component's plane.
using SampleFunction = std::function<int(int c, int x, int y)>;

/// A planar picture with samples given by a function.
Picture make_picture(const PixelFormat& format, Size size, const SampleFunction& sample,
                     const ColorTags& color = {});

/// One colour all over.
Picture solid(const PixelFormat& format, Size size, const std::array<int, 4>& samples,
              const ColorTags& color = {});

int sample_at(const Picture& picture, int component, int x, int y);

/// A table of descriptors that are one lightness all over, in kLabScale units.
match::DescriptorTable flat_table(const std::vector<int>& lightness);

/// Descriptors that lie near each other as those of pictures do: a colour with a gradient and
/// noise.
match::DescriptorTable picture_like(std::size_t count, unsigned seed);

}  // namespace smalti::test
