#include "products/video/shot_layouts.h"

#include <algorithm>
#include <utility>

#include "match/descriptor.h"

namespace smalti {
namespace {

// Of the frames that wait, one of so many is measured, and of these one of so many searched for
// faces.
constexpr std::size_t kMeasured = 4;
constexpr std::size_t kSearched = 24;

// Equal cells, as large as those by which cuts are told from motion best.
Grid overview_grid(const Grid& fields) {
  constexpr int kFields = 2;
  return Grid::even(fields.canvas(), std::max(1, fields.columns() / kFields),
                    std::max(1, fields.rows() / kFields), {1, 1});
}

// Every so-manieth row of a picture, where it has enough: a mean over thousands of samples changes
// little, and takes as much less time.
Picture thinned(Picture picture, int rows_wanted) {
  for (int i = 0; i < picture.format.components(); ++i) {
    Plane& plane = picture.planes[static_cast<std::size_t>(i)];
    const int every = std::clamp(plane.height / rows_wanted, 1, 4);
    plane.height = (plane.height + every - 1) / every;
    plane.stride *= every;
  }
  return picture;
}

}  // namespace

ShotLayouts::ShotLayouts(const Grid& fields, std::size_t cells, std::size_t look_ahead,
                         ImportanceFinder& importance)
    : fields_(fields),
      cells_(cells),
      look_ahead_(look_ahead),
      overview_(std::make_shared<const Cells>(overview_grid(fields_))),
      importance_(importance) {}

match::DescriptorTable ShotLayouts::overview(const Picture& picture) const {
  constexpr int kRowsPerCell = 6;
  constexpr MatchOptions kMeans{1, ColorSpace::kLab, Feature::kPatch};
  return match::describe(thinned(picture, kRowsPerCell * overview_->fields().rows()), *overview_,
                         kMeans);
}

void ShotLayouts::look_at(const pipeline::FrameJob& job) {
  constexpr int kRowsPerField = 2 * match::kBlocksPerSide;
  if (frames_ % kMeasured == 0)
    planner_->add(match::describe(thinned(job.picture, kRowsPerField * fields_.rows()), fields_));
  if (frames_ % kSearched != 0) return;
  const std::vector<std::uint16_t> weights = importance_.of(job.picture, fields_);
  if (weights_.empty()) weights_ = weights;
  for (std::size_t i = 0; i < weights.size(); ++i) weights_[i] = std::max(weights_[i], weights[i]);
}

std::vector<pipeline::JobPtr> ShotLayouts::lay() {
  laid_ = std::make_shared<const Cells>(fields_, planner_->plan(cells_, weights_));
  planner_.reset();
  weights_.clear();
  for (const pipeline::JobPtr& job : waiting_) job->cells = laid_;
  return std::exchange(waiting_, {});
}

std::vector<pipeline::JobPtr> ShotLayouts::push(pipeline::JobPtr job) {
  shots_.mark(*job, job->pts, overview_, job->overview);
  job->overview = {};
  std::vector<pipeline::JobPtr> known;
  if (job->starts_shot || frames_ == kLasts) {
    if (planner_) known = lay();
    laid_.reset();
    planner_.emplace(Size{fields_.columns(), fields_.rows()});
    frames_ = 0;
  }
  if (planner_) look_at(*job);
  ++frames_;
  if (laid_) {
    job->cells = laid_;
    known.push_back(std::move(job));
    return known;
  }
  waiting_.push_back(std::move(job));
  if (waiting_.size() == look_ahead_) {
    const std::vector<pipeline::JobPtr> all = lay();
    known.insert(known.end(), all.begin(), all.end());
  }
  return known;
}

std::vector<pipeline::JobPtr> ShotLayouts::flush() {
  if (!planner_) return {};
  return lay();
}

}  // namespace smalti
