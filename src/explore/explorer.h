#pragma once

#include <compare>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <thread>
#include <tuple>

#include "explore/bounded_cache.h"
#include "explore/frame_strip.h"
#include "library/ingest.h"
#include "products/still/scales.h"
#include "smalti/events.h"
#include "smalti/explore.h"

namespace smalti::explore {

/// A part of a mosaic seen so closely that it is painted larger: that part of the canvas enlarged
/// by a whole factor.
struct Detail {
  int factor = 1;  ///< 1: nothing is wanted
  Rect part;       ///< in pixels of the enlarged canvas
  auto operator<=>(const Detail&) const = default;
};

/// What there is to see at some settings.
struct ExplorerView {
  ExploreSettings settings;    ///< `frame` is one that exists
  double time_s = 0;           ///< of that frame
  bool coarse = false;         ///< a quick one, until the true one is made
  cv::Mat picture;             ///< BGR; half as large when coarse
  Cells cells;                 ///< on the canvas
  match::Placement placement;  ///< empty where the target itself is shown
};

struct ExplorerDetail {
  ExploreSettings settings;
  Detail detail;
  cv::Mat picture;  ///< BGR
};

/// What is told of a cell.
struct CellFacts {
  int column = 0;
  int row = 0;
  Rect cell;                     ///< on the canvas
  std::filesystem::path source;  ///< empty where the cell is
  std::string date;
  double delta_e = 0;
  std::size_t uses = 0;  ///< of the tile, in this mosaic
  cv::Mat thumbnail;     ///< BGR, of the tile as it is cropped; may be empty
};

/// Makes mosaics in the background for whoever looks at them: for the settings wanted last, first a
/// coarse one and then the true one, which is remembered within a bound of memory. show(), view()
/// and detail() never wait for work. Any thread.
class Explorer {
 public:
  /// Reads target and tiles. Throws Error as make_sweep does. `options` is copied.
  Explorer(const ScalesOptions& options, const Events& events);
  /// Waits for the step being made, not for the whole mosaic.
  ~Explorer();
  Explorer(const Explorer&) = delete;
  Explorer& operator=(const Explorer&) = delete;

  int min_scale() const { return plan_.first; }
  int max_scale() const { return plan_.last; }
  Size canvas() const { return plan_.canvas(); }
  Size counted() const { return plan_.counted; }
  bool is_video() const { return !plan_.target.hash; }
  bool is_shrunk() const { return plan_.counted != plan_.target.size; }

  /// Settings beyond what exists (frames, scales) are taken as the nearest that do.
  void show(const ExploreSettings& settings, const Detail& detail);

  /// The latest there is to see of what was wanted last, or before it; null at first.
  std::shared_ptr<const ExplorerView> view() const;
  /// The part painted last; it may be of other settings than the view.
  std::shared_ptr<const ExplorerDetail> detail() const;
  /// What was wanted last, with a frame that exists once that is known.
  ExploreSettings wanted() const;
  bool is_working() const;
  /// Why the settings wanted last cannot be carried out; empty when they can.
  std::string problem() const;

  /// The cell at a place of the canvas. Reads files: not for a thread that must not wait.
  CellFacts tell(const ExplorerView& view, double x, double y) const;

 private:
  struct Match {
    std::shared_ptr<const TargetFrame> frame;
    StillMatch still;
  };
  struct Wanted {
    ExploreSettings settings;
    Detail detail;
    std::uint64_t number = 0;
  };
  using MatchKey = std::tuple<std::int64_t, int, int, double>;  // frame, scale, spacing, randomness
  using View = std::shared_ptr<const ExplorerView>;

  void work(bool coarse);
  void make_coarse(const Wanted& wanted);
  void make_true(const Wanted& wanted);
  View original(const ExploreSettings& settings);
  View paint(const ExploreSettings& settings, const Match& match, const Cells& on, bool coarse);
  void paint_detail(const Wanted& wanted);
  cv::Mat painted(const ExploreSettings& settings, const Match& match, const Cells& on,
                  const Rect& part);
  std::shared_ptr<const Match> match(const ExploreSettings& settings);
  StillChoice choice(const SelectOptions& select, const TargetFrame& frame) const;
  std::shared_ptr<const mosaic::Tinter> tinter(double strength);
  const Cells& cells(int scale) const;
  static MatchKey key_of(const ExploreSettings& settings);
  void publish(const View& view, const Wanted& wanted);
  bool is_wanted(const Wanted& wanted) const;

  const ScalesOptions options_;
  StageClock clock_;
  const ScalePlan plan_;
  const library::IngestResult ingested_;
  const match::TileIndex index_;
  const match::NearDuplicates near_;
  const std::optional<OwnFrames> own_;
  mutable tiles::Atlas atlas_;
  std::unique_ptr<FrameStrip> frames_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  int working_ = 0;
  Wanted wanted_;
  View view_;
  std::shared_ptr<const ExplorerDetail> detail_;
  std::string problem_;
  BoundedCache<ExploreSettings, ExplorerView> views_;
  BoundedCache<MatchKey, Match> matches_;
  std::shared_ptr<const mosaic::Tinter> tinter_;
  double tinter_strength_ = -1;

  std::thread coarse_worker_;
  std::thread true_worker_;
};

}  // namespace smalti::explore
