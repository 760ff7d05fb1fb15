#pragma once

#include <memory>
#include <vector>

#include "base/picture.h"
#include "smalti/sizes.h"

namespace smalti::tiles {

class FaceFinder;

/// Finds whom a picture shows. One thread at a time.
class ShownFaces {
 public:
  ShownFaces();
  ~ShownFaces();

  /// The largest frontal face of an RGB picture, and those half as wide at least: smaller finds are
  /// bystanders, or no faces. None where the cascade is not installed.
  std::vector<Rect> in(const Picture& rgb);

 private:
  std::unique_ptr<FaceFinder> finder_;
};

}  // namespace smalti::tiles
