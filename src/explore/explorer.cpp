#include "explore/explorer.h"

#include <algorithm>
#include <array>
#include <exception>
#include <opencv2/core.hpp>
#include <utility>
#include <vector>

#include "mosaic/selector.h"
#include "products/run/job.h"
#include "products/still/over_white.h"
#include "smalti/error.h"
#include "tiles/tile_date.h"

namespace smalti::explore {
namespace {

constexpr Size kThumbnailBox{144, 144};

cv::Mat bgr(const Picture& rgb) {
  const auto plane = [&](std::size_t c) {
    const Plane& p = rgb.planes[c];
    return cv::Mat(p.height, p.width, CV_8UC1, p.data, static_cast<std::size_t>(p.stride));
  };
  cv::Mat merged;
  cv::merge(std::array<cv::Mat, 3>{plane(2), plane(1), plane(0)}, merged);
  return merged;
}

std::size_t bytes_of(const cv::Mat& picture) { return picture.total() * picture.elemSize(); }

Cells enlarged(const Cells& cells, int factor) {
  const Grid& grid = cells.fields();
  const auto times = [&](std::vector<int> lines) {
    for (int& line : lines) line *= factor;
    return lines;
  };
  return cells.on(Grid({grid.canvas().width * factor, grid.canvas().height * factor},
                       times(grid.x_lines()), times(grid.y_lines())));
}

// The same cells on a canvas half as large, where they fit on it.
Cells coarser(const Cells& cells) {
  const Grid& grid = cells.fields();
  const Size half{grid.canvas().width / 2, grid.canvas().height / 2};
  if (grid.columns() > half.width || grid.rows() > half.height) return cells;
  return cells.on(Grid::even(half, grid.columns(), grid.rows(), {1, 1}));
}

Rect whole(Size canvas) { return {0, 0, canvas.width, canvas.height}; }

// As large as a cell may be in that box.
Size within(Size box, const Rect& cell) {
  const double factor = std::min(static_cast<double>(box.width) / cell.width,
                                 static_cast<double>(box.height) / cell.height);
  return {std::max(1, static_cast<int>(cell.width * factor)),
          std::max(1, static_cast<int>(cell.height * factor))};
}

int between(const std::vector<int>& lines, double at) {
  const auto above = std::upper_bound(lines.begin(), lines.end(), at);
  const auto index = static_cast<int>(above - lines.begin()) - 1;
  return std::clamp(index, 0, static_cast<int>(lines.size()) - 2);
}

ScalesOptions on_canvas(ScalesOptions options) {
  options.canvas_budget = ScalesOptions::CanvasBudget{1600, 1600, 1e9};
  return options;
}

ScalePlan planned(const ScalesOptions& options, StageClock& clock, const Events& events) {
  check_scales(options);
  return plan_scales(options, {1, 1}, clock, events);
}

}  // namespace

Explorer::Explorer(const ScalesOptions& options, const Events& events)
    : options_(on_canvas(options)),
      plan_(planned(options_, clock_, events)),
      ingested_(load_other_tiles(options_, plan_.target, plan_.layouts.front(), clock_, events)),
      index_(ingested_.tiles.view(), ingested_.tiles.alternatives),
      near_(ingested_.tiles.descriptors, tiles::pictures_of(ingested_.tiles).of_tile),
      own_(own_frames(options_, plan_.layouts.front(), ingested_.tiles, near_)),
      atlas_(ingested_.tiles, StillPainter::kFormat, {}, options.memory_bytes / 2),
      views_(options.memory_bytes / 8 * 3),
      matches_(options.memory_bytes / 8) {
  if (ingested_.tiles.tiles.empty()) return;  // stopped while loading
  frames_ = is_video()
                ? std::make_unique<FrameStrip>(options.target, plan_.target.time_s, options.threads)
                : std::make_unique<FrameStrip>(plan_.target.picture);
  coarse_worker_ = std::thread([this] { work(true); });
  true_worker_ = std::thread([this] { work(false); });
}

Explorer::~Explorer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    ++wanted_.number;
  }
  changed_.notify_all();
  for (std::thread* worker : {&coarse_worker_, &true_worker_})
    if (worker->joinable()) worker->join();
}

void Explorer::show(const ExploreSettings& settings, const Detail& detail) {
  {
    const std::lock_guard lock(mutex_);
    Wanted wanted{settings, detail, wanted_.number + 1};
    if (settings.scale != 0)
      wanted.settings.scale = std::clamp(settings.scale, plan_.first, plan_.last);
    if (wanted.settings == wanted_.settings && wanted.detail == wanted_.detail && view_) return;
    wanted_ = wanted;
    problem_.clear();
    if (View known = views_.find(wanted.settings)) view_ = std::move(known);
  }
  changed_.notify_all();
}

std::shared_ptr<const ExplorerView> Explorer::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

std::shared_ptr<const ExplorerDetail> Explorer::detail() const {
  const std::lock_guard lock(mutex_);
  return detail_;
}

ExploreSettings Explorer::wanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_.settings;
}

bool Explorer::is_working() const {
  const std::lock_guard lock(mutex_);
  return working_ > 0;
}

std::string Explorer::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

// A worker's life: it takes what is wanted last, as often as that changes.
void Explorer::work(bool coarse) {
  std::uint64_t done = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ending_ || wanted_.number != done; });
    if (ending_) return;
    const Wanted wanted = wanted_;
    done = wanted.number;
    ++working_;
    lock.unlock();
    std::string problem;
    try {
      coarse ? make_coarse(wanted) : make_true(wanted);
    } catch (const std::exception& error) {
      problem = error.what();
    }
    lock.lock();
    --working_;
    if (!problem.empty() && wanted_.number == wanted.number) problem_ = problem;
  }
}

bool Explorer::is_wanted(const Wanted& wanted) const {
  const std::lock_guard lock(mutex_);
  return wanted_.number == wanted.number;
}

void Explorer::make_coarse(const Wanted& wanted) {
  const ExploreSettings& settings = wanted.settings;
  {
    const std::lock_guard lock(mutex_);
    if (settings.scale == 0 || views_.find(settings) || matches_.find(key_of(settings))) return;
  }
  const Cells small = coarser(cells(settings.scale));
  Match nearest{frames_->get(settings.frame), {}};
  match::FrameMatcher matcher(index_);
  nearest.still =
      match_still(nearest.frame->picture, small, matcher, choice({}, *nearest.frame), clock_);
  if (is_wanted(wanted)) publish(paint(settings, nearest, small, true), wanted);
}

void Explorer::make_true(const Wanted& wanted) {
  View view;
  {
    const std::lock_guard lock(mutex_);
    view = views_.find(wanted.settings);
  }
  if (!view && wanted.settings.scale == 0) {
    view = original(wanted.settings);
  } else if (!view) {
    const std::shared_ptr<const Match> matched = match(wanted.settings);
    if (!is_wanted(wanted)) return;
    view = paint(wanted.settings, *matched, cells(wanted.settings.scale), false);
  }
  publish(view, wanted);
  if (wanted.detail.factor > 1 && wanted.settings.scale != 0 && is_wanted(wanted))
    paint_detail(wanted);
}

void Explorer::publish(const View& view, const Wanted& wanted) {
  const std::lock_guard lock(mutex_);
  if (!view->coarse) views_.put(view->settings, view, bytes_of(view->picture));
  if (wanted_.number != wanted.number) return;
  const bool is_better_there = view_ && !view_->coarse && view_->settings == view->settings;
  if (!(view->coarse && is_better_there)) view_ = view;
  wanted_.settings.frame = view->settings.frame;
}

Explorer::View Explorer::original(const ExploreSettings& settings) {
  const auto frame = frames_->get(settings.frame);
  ExploreSettings shown = settings;
  shown.frame = frame->number;
  return std::make_shared<const ExplorerView>(
      ExplorerView{shown,
                   frame->time_s,
                   false,
                   bgr(seen_over_white(frame->rgb, canvas())),
                   plan_.layouts.front().cells,
                   {}});
}

Explorer::View Explorer::paint(const ExploreSettings& settings, const Match& match, const Cells& on,
                               bool coarse) {
  ExploreSettings shown = settings;
  shown.frame = match.frame->number;
  return std::make_shared<const ExplorerView>(ExplorerView{
      shown, match.frame->time_s, coarse, painted(settings, match, on, whole(on.canvas())),
      cells(settings.scale), match.still.placement});
}

void Explorer::paint_detail(const Wanted& wanted) {
  const std::shared_ptr<const Match> matched = match(wanted.settings);
  const Cells large = enlarged(cells(wanted.settings.scale), wanted.detail.factor);
  ExploreSettings shown = wanted.settings;
  shown.frame = matched->frame->number;
  auto detail = std::make_shared<const ExplorerDetail>(ExplorerDetail{
      shown, wanted.detail, painted(wanted.settings, *matched, large, wanted.detail.part)});
  const std::lock_guard lock(mutex_);
  detail_ = std::move(detail);
}

cv::Mat Explorer::painted(const ExploreSettings& settings, const Match& match, const Cells& on,
                          const Rect& part) {
  const std::vector<mosaic::Shift> shifts =
      tinter(settings.color_adjust)->shifts(match.still.cells, match.still.placement);
  StillPainter::Look look;
  look.opacity = settings.opacity;
  return bgr(
      StillPainter(match.still.placement, on, atlas_, shifts, look, match.frame->rgb).paint(part));
}

std::shared_ptr<const Explorer::Match> Explorer::match(const ExploreSettings& settings) {
  const MatchKey key = key_of(settings);
  {
    const std::lock_guard lock(mutex_);
    if (auto known = matches_.find(key)) return known;
  }
  auto made = std::make_shared<Match>();
  made->frame = frames_->get(settings.frame);
  SelectOptions select = options_.select;
  select.randomness = settings.randomness;
  select.spacing = select.unique ? 0
                                 : mosaic::affordable_spacing(
                                       settings.spacing, choosable(ingested_.tiles, near_, own_));
  match::FrameMatcher matcher(index_);
  made->still = match_still(made->frame->picture, cells(settings.scale), matcher,
                            choice(select, *made->frame), clock_);
  const std::size_t bytes =
      made->still.placement.size() *
      (sizeof(match::Candidate) + match::kDescriptorSize * sizeof(std::int16_t));
  const std::lock_guard lock(mutex_);
  matches_.put(key, made, bytes);
  return made;
}

StillChoice Explorer::choice(const SelectOptions& select, const TargetFrame& frame) const {
  return {index_, options_.match, select, near_,
          own_ ? own_->at(frame.time_s) : match::TileFilter{}};
}

std::shared_ptr<const mosaic::Tinter> Explorer::tinter(double strength) {
  {
    const std::lock_guard lock(mutex_);
    if (tinter_ && tinter_strength_ == strength) return tinter_;
  }
  auto made = std::make_shared<const mosaic::Tinter>(ingested_.tiles.descriptors, strength,
                                                     StillPainter::kFormat, ColorTags{});
  const std::lock_guard lock(mutex_);
  tinter_ = made;
  tinter_strength_ = strength;
  return made;
}

const Cells& Explorer::cells(int scale) const {
  return plan_.layouts[static_cast<std::size_t>(scale - plan_.first)].cells;
}

Explorer::MatchKey Explorer::key_of(const ExploreSettings& settings) {
  return {settings.frame, settings.scale, settings.spacing, settings.randomness};
}

CellFacts Explorer::tell(const ExplorerView& view, double x, double y) const {
  CellFacts facts;
  const Grid& fields = view.cells.fields();
  const Rect field{between(fields.x_lines(), x), between(fields.y_lines(), y), 1, 1};
  const std::optional<std::size_t> cell = view.cells.at(field.x, field.y);
  facts.column = cell ? view.cells.in_fields(*cell).x : field.x;
  facts.row = cell ? view.cells.in_fields(*cell).y : field.y;
  facts.cell = cell ? view.cells[*cell] : fields.cell(field.x, field.y);
  const match::Candidate shown = cell ? view.placement[*cell] : match::Candidate{};
  if (shown.tile < 0) return facts;
  const tiles::Tile& tile = ingested_.tiles.tiles[static_cast<std::size_t>(shown.tile)];
  facts.source = tile.source;
  facts.date = tiles::tile_date(tile);
  facts.delta_e = match::delta_e(shown.distance);
  facts.uses = static_cast<std::size_t>(
      std::count_if(view.placement.begin(), view.placement.end(),
                    [&](const match::Candidate& c) { return c.tile == shown.tile; }));
  facts.thumbnail = bgr(*atlas_.get(shown.tile, within(kThumbnailBox, facts.cell)));
  return facts;
}

}  // namespace smalti::explore
