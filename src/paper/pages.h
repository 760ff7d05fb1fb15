#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/picture.h"
#include "smalti/pages.h"

namespace smalti::paper {

/// Upright or turned, whichever takes fewer sheets (upright when equal). The fewest sheets that
/// hold the canvas share it out evenly: the parts differ by at most one pixel, so no sheet holds a
/// mere strip. Throws Error (kUsage) when the overlap leaves nothing of a sheet, it would be more
/// than 10,000 sheets, or dpi is not above 0 and at most 2,400. Any thread.
PagePlan plan_pages(Size canvas, const PageOptions& options);

/// Writes a PDF file, a sheet a page: the part of the picture as a JPEG, and around it, never in
/// it, what a person with scissors and glue needs:
/// - crop marks in line with the edges of the part,
/// - where a neighbour follows to the right or below, a dashed line where its edge belongs, and a
///   grey bar along the strip for the glue: sheets are cut at their left and upper edges and laid
///   over the ones before,
/// - "row 2 of 3, column 1 of 4", and a small plan of all sheets with this one filled in.
/// No fonts are used, so the file looks the same from any machine and to any reader. The same pages
/// give the same bytes.
///
/// Holds one page's JPEG at a time. Whole or not at all (OutputFile). One thread at a time.
class PagesWriter {
 public:
  /// `quality`: of the JPEGs, 1 to 100. `stop` ends waiting for the reader of a FIFO. Throws Error
  /// as OutputFile does, kInputOutput when the file cannot be opened.
  PagesWriter(const std::filesystem::path& path, bool overwrite, const PagePlan& plan, int quality,
              const std::atomic<bool>* stop = nullptr);
  /// Without finish(), leaves nothing behind.
  ~PagesWriter();

  /// The pixels of plan.pages[n], n counting the calls: planar RGB of depth 8 without alpha, of the
  /// part's size. Throws Error (kInputOutput); then only destruction is left.
  void write(const Picture& part);

  /// All pages must have been written. Puts the file in place; returns its bytes. Throws Error
  /// (kInputOutput) and as OutputFile::commit does.
  std::uint64_t finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti::paper
