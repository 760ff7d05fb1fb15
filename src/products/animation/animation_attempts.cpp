#include "products/animation/animation_attempts.h"

#include "products/animation/animation_format.h"

namespace smalti {

std::vector<Attempt> attempts_for(AnimationFormat format, const AnimationOptions& options,
                                  bool in_place) {
  std::vector<Attempt> attempts;
  const bool fits = options.max_bytes.has_value();
  switch (format) {
    case AnimationFormat::kGif: {
      const int first = options.colors.value_or(kMostPaletteColors);
      const int fewest = fits ? 32 : options.colors || in_place ? first : kFewestDefaultColors;
      attempts.push_back({first, {}, {}});
      for (const int colors : {192, 128, 96, 64, 32})
        if (colors < first && colors >= fewest) attempts.push_back({colors, {}, {}});
      return attempts;
    }
    case AnimationFormat::kApng:
      attempts.push_back({options.colors, {}, {}});
      for (const int colors : {256, 128, 64, 32})
        if (fits && colors < options.colors.value_or(kMostPaletteColors + 1))
          attempts.push_back({colors, {}, {}});
      return attempts;
    case AnimationFormat::kWebp:
      for (const int quality : {80, 65, 50, 35, 20})
        if (fits || attempts.empty()) attempts.push_back({{}, quality, {}});
      return attempts;
    case AnimationFormat::kVideo:
      attempts.push_back({});
      for (const double crf : {32.0, 40.0, 48.0})
        if (fits) attempts.push_back({{}, {}, crf});
      return attempts;
  }
  return attempts;
}

}  // namespace smalti
