#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "base/cells.h"
#include "mosaic/cell_planner.h"
#include "mosaic/shots.h"
#include "pipeline/frame_job.h"
#include "products/run/importance.h"

namespace smalti {

/// Gives each shot of a video its own cells, by what is to be seen in its first frames, and lays
/// them anew every kLasts frames. So they depend on nothing but the shot's frames.
class ShotLayouts {
 public:
  /// So many frames are looked at where memory allows.
  static constexpr std::size_t kLookAhead = 48;
  /// A layout lasts so many frames. Laying cells anew can be seen, and so can a subject that has
  /// moved on among large cells.
  static constexpr std::size_t kLasts = 240;

  /// `cells` in all, by `look_ahead` frames, which are held back meanwhile. The finder must outlive
  /// it.
  ShotLayouts(const Grid& fields, std::size_t cells, std::size_t look_ahead,
              ImportanceFinder& importance);

  /// What shots are found by. const, any thread.
  match::DescriptorTable overview(const Picture& picture) const;

  /// In frame order: takes a frame with its overview and picture, marks where shots start, and
  /// returns the frames whose cells are known by now, in order.
  std::vector<pipeline::JobPtr> push(pipeline::JobPtr job);
  /// The others, behind the last frame.
  std::vector<pipeline::JobPtr> flush();

 private:
  void look_at(const pipeline::FrameJob& job);
  std::vector<pipeline::JobPtr> lay();

  const Grid fields_;
  const std::size_t cells_;
  const std::size_t look_ahead_;
  const std::shared_ptr<const Cells> overview_;
  ImportanceFinder& importance_;
  mosaic::ShotMarker shots_;

  std::vector<pipeline::JobPtr> waiting_;       // for their cells
  std::optional<mosaic::CellPlanner> planner_;  // has seen some of them
  std::vector<std::uint16_t> weights_;          // the most of those looked at
  std::shared_ptr<const Cells> laid_;           // of the shot; null while frames wait
  std::size_t frames_ = 0;                      // since cells were laid, or began to wait
};

}  // namespace smalti
