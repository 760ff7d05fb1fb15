#include "explore/saving.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/text.h"

namespace smalti::explore {
namespace {

std::string name_for(const ScalesOptions& options, const ExploreSettings& settings,
                     std::optional<double> frame_s) {
  std::string name = options.target.stem().string();
  if (frame_s) name += fmt::format("-at-{:.3f}", *frame_s);
  name += fmt::format("-scale-{}-spacing-{}-adjust-{:g}", settings.scale, settings.spacing,
                      settings.color_adjust);
  if (settings.opacity < 1) name += fmt::format("-opacity-{:g}", settings.opacity);
  if (settings.randomness > 0) name += fmt::format("-random-{:g}", settings.randomness);
  return name + ".jpg";
}

}  // namespace

PhotomosaicOptions full_size_options(const ScalesOptions& options, const ExploreSettings& settings,
                                     std::optional<double> frame_s, bool is_shrunk) {
  PhotomosaicOptions still = still_of(options, settings.scale, is_shrunk);
  still.at_s = frame_s;
  still.select.spacing = settings.spacing;
  still.select.randomness = settings.randomness;
  still.color_adjust = settings.color_adjust;
  still.opacity = settings.opacity;
  still.output = name_for(options, settings, frame_s);
  return still;
}

Saving::Saving(const Events& events) : events_(events) {
  events_.stop = &stop_;
  events_.progress = [this](const Progress& p) {
    if (p.phase == Progress::Phase::kRows && p.total && *p.total > 0)
      percent_ = static_cast<int>(100 * p.done / *p.total);
  };
}

Saving::~Saving() {
  stop_ = true;
  if (result_.valid()) result_.wait();
}

void Saving::start(const PhotomosaicOptions& options) {
  percent_ = 0;
  name_ = options.output->string();
  result_ = std::async(std::launch::async,
                       [this, options] { return make_photomosaic(options, events_); });
}

std::string Saving::status() const {
  return is_running() ? fmt::format("saving {}: {} %", printable(name_), percent_.load()) : "";
}

std::optional<PhotomosaicSummary> Saving::take() {
  if (!is_running() || result_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    return std::nullopt;
  return result_.get();
}

}  // namespace smalti::explore
