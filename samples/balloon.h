// A striped hot-air balloon, and the scene it drifts through.
#pragma once

#include "sunset.h"

namespace samples {

// The whole scene: sunset, a big balloon near the viewer, two small ones far away.
class BalloonScene {
 public:
  // Paints the moment `time` seconds into the flight. May be called from several threads at once.
  void paint(const View& view, float time, Canvas& canvas) const;

 private:
  Sunset sunset_;
};

}  // namespace samples
