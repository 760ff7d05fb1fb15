#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "images/image_writer.h"
#include "mosaic/layout.h"
#include "products/run/stage_clock.h"
#include "products/still/still_painter.h"
#include "smalti/events.h"
#include "smalti/photomosaic.h"

/// How a still mosaic is written: as a picture file, or as a PDF of pages.
namespace smalti {

/// The output the user named, or else STEM-mosaic with the target's extension where pictures of its
/// format are written and .jpg where not, in the current folder. Throws Error as check_output_name.
std::filesystem::path still_output_path(const PhotomosaicOptions& options, const Events& events);

struct StillPlan {
  StillPainter::Look look;
  bool shows_target = false;        ///< the painter needs the target itself
  Size size;                        ///< of the whole picture
  images::ImageWriteOptions write;  ///< of a picture file
  PageOptions page_options;         ///< of a PDF
  std::optional<PagePlan> pages;
  std::string encoder;          ///< "JPEG" and so on
  int strip_rows = 0;           ///< rows painted at a time, for a picture file
  std::size_t alive = 1;        ///< strips or pages in memory at a time
  std::size_t atlas_bytes = 0;  ///< rendered tiles are kept up to this
};

/// Everything about the output that can be known before any work, memory included. Throws Error
/// (kUsage) for what cannot be written. Says when transparency is lost.
StillPlan plan_still(const PhotomosaicOptions& options, const std::filesystem::path& output,
                     const mosaic::Layout& layout, const Picture& target, const Events& events);

/// Paints and writes the whole picture. Returns its bytes, or nothing when it was stopped.
std::optional<std::uint64_t> write_still(const StillPlan& plan, const std::filesystem::path& output,
                                         const StillPainter& painter, StageClock& clock,
                                         const Events& events);

}  // namespace smalti
