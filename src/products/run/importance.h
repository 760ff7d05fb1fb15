#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/grid.h"
#include "base/picture.h"
#include "smalti/mosaic_job.h"

namespace smalti::tiles {
class ShownFaces;
}

namespace smalti {

/// Tells what of a target counts most, field by field, as CellPlanner takes it. One thread at a
/// time.
class ImportanceFinder {
 public:
  /// Reads the mask. Throws Error: as images::decode_image does for the mask, kUsage for options
  /// that contradict each other.
  explicit ImportanceFinder(const MosaicOptions& options);
  ~ImportanceFinder();

  /// Of one picture, over the whole of which the fields' canvas is laid; empty where all count
  /// alike.
  std::vector<std::uint16_t> of(const Picture& picture, const Grid& fields);

 private:
  std::unique_ptr<tiles::ShownFaces> faces_;  // null where none are looked for
  Picture mask_;                              // empty where there is none
  std::string mask_name_;
};

}  // namespace smalti
