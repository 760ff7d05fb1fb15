#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "explore/explorer.h"
#include "explore/viewport.h"

/// What the explorer's window shows, drawn without any window.
namespace smalti::explore {

struct ScreenState {
  const ExplorerView* view = nullptr;      ///< null: nothing is made yet
  const ExplorerDetail* detail = nullptr;  ///< taken where it fits the view
  std::optional<CellFacts> picked;
  std::string status;   ///< a line at the bottom
  std::string message;  ///< in the middle at the top, for a while; may be empty
};

/// Rows below the viewport's window, for the line at the bottom.
inline constexpr int kStatusHeight = 31;

/// BGR, as large as the viewport's window and the line below it.
cv::Mat draw_screen(const Viewport& viewport, const ScreenState& state);

}  // namespace smalti::explore
