#include "products/splice/tile_cutter.h"

#include <algorithm>
#include <cmath>

#include "tiles/crops.h"

namespace smalti {
namespace {

constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};

int rounded(double length) { return std::max(1, static_cast<int>(std::lround(length))); }

}  // namespace

CutPlan plan_cut(Size frame, const SpliceOptions& options) {
  double window_width = frame.width;
  double window_height = frame.height;
  if (options.aspect || options.size) {
    const Aspect aspect =
        options.size ? Aspect{options.size->width, options.size->height} : *options.aspect;
    window_width = std::min(window_width, window_height * aspect.ratio());
    window_height = window_width / aspect.ratio();
  }
  const double reduction =
      std::min(1.0, options.long_edge / std::max({window_width, window_height, 1.0}));
  const Size window = options.size.value_or(
      Size{rounded(window_width * reduction), rounded(window_height * reduction)});
  const double scale = options.size ? options.size->width / window_width : reduction;

  CutPlan plan;
  plan.whole = {std::max(window.width, rounded(frame.width * scale)),
                std::max(window.height, rounded(frame.height * scale))};
  const bool wide = plan.whole.width - window.width >= plan.whole.height - window.height;
  for (int i = 0; i < options.crops; ++i) {
    Rect part{0, 0, window.width, window.height};
    part.x =
        tiles::window_start(wide ? i : 0, wide ? options.crops : 1, window.width, plan.whole.width);
    part.y = tiles::window_start(wide ? 0 : i, wide ? 1 : options.crops, window.height,
                                 plan.whole.height);
    if (plan.parts.empty() || plan.parts.back() != part) plan.parts.push_back(part);
  }
  return plan;
}

std::shared_ptr<media::Scaler> TileCutter::scaler_for(Size whole) {
  const std::lock_guard lock(mutex_);
  if (!scaler_ || !(scaler_size_ == whole)) {
    scaler_ = std::make_shared<media::Scaler>(kRgb, ColorTags{}, whole);
    scaler_size_ = whole;
  }
  return scaler_;
}

std::vector<Picture> TileCutter::cut(const Picture& frame, Size size) {
  const CutPlan plan = plan_cut(size, options_);
  const Picture whole = scaler_for(plan.whole)->scaled(frame);
  std::vector<Picture> pictures;
  for (const Rect& part : plan.parts) pictures.push_back(part_of(whole, part));
  return pictures;
}

}  // namespace smalti
