#pragma once

#include <atomic>
#include <future>
#include <optional>
#include <string>

#include "smalti/explore.h"

namespace smalti::explore {

/// What makes the mosaic that is looked at, at its full size: by itself called after its settings,
/// such as beach-scale-5-spacing-4-adjust-0.5.jpg.
PhotomosaicOptions full_size_options(const ScalesOptions& options, const ExploreSettings& settings,
                                     std::optional<double> frame_s, bool is_shrunk);

/// Saves one mosaic at a time, in another thread. One thread at a time.
class Saving {
 public:
  explicit Saving(const Events& events);
  /// Stops it; then nothing is left at its name.
  ~Saving();

  bool is_running() const { return result_.valid(); }
  void start(const PhotomosaicOptions& options);
  /// "saving beach-scale-5.jpg: 40 %".
  std::string status() const;
  /// Once it has ended. Throws Error as make_photomosaic does.
  std::optional<PhotomosaicSummary> take();

 private:
  Events events_;
  std::atomic<bool> stop_{false};
  std::atomic<int> percent_{0};
  std::string name_;
  std::future<PhotomosaicSummary> result_;
};

}  // namespace smalti::explore
