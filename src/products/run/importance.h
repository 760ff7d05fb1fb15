#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/grid.h"
#include "base/picture.h"
#include "mosaic/layout.h"
#include "smalti/mosaic_job.h"

namespace smalti::tiles {
class ShownFaces;
}

namespace smalti {

/// Tells what of a target counts most, field by field, as CellPlanner takes it. One thread at a
/// time.
class ImportanceFinder {
 public:
  /// Reads the mask. Throws Error: as images::read_file and decode_image do for the mask, kUsage
  /// for options that contradict each other, kBadInput for a mask of another shape than the target.
  ImportanceFinder(const MosaicOptions& options, const mosaic::Layout& layout);
  ~ImportanceFinder();

  /// Of one picture, over the whole of which the fields' canvas is laid; empty where all count
  /// alike.
  std::vector<std::uint16_t> of(const Picture& picture, const Grid& fields);

 private:
  std::unique_ptr<tiles::ShownFaces> faces_;  // null where none are looked for
  Picture mask_;                              // empty where there is none
  std::string mask_name_;
};

/// Null where cells are not laid by what is seen. Throws Error as the constructor does, and kUsage
/// where the options then have no effect.
std::unique_ptr<ImportanceFinder> importance_finder(const MosaicOptions& options,
                                                    const mosaic::Layout& layout);

}  // namespace smalti
