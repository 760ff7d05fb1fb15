#pragma once

#include <vector>

#include "smalti/sizes.h"

namespace smalti {

enum class Paper { kA4, kA3, kLetter };

struct PageOptions {
  Paper paper = Paper::kA4;
  double dpi = 300;       ///< canvas pixels an inch
  double overlap_mm = 5;  ///< of neighbouring pages, to glue them onto each other
};

/// One sheet of a mural.
struct Page {
  int column = 0;
  int row = 0;
  Rect part;  ///< of the canvas, in pixels
};

/// How a picture is spread over sheets of paper. Every part lies in the middle of its sheet, part
/// pixels / dpi inches large.
struct PagePlan {
  double paper_width_mm = 0;  ///< as turned
  double paper_height_mm = 0;
  double margin_mm = 0;  ///< the least around a part; printers need some, crop marks too
  double dpi = 0;
  int overlap_px = 0;  ///< what two neighbours share, exactly
  int columns = 0;
  int rows = 0;
  std::vector<Page> pages;  ///< row by row
};

}  // namespace smalti
