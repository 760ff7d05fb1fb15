#include "mosaic/stabilizer.h"

#include <optional>
#include <utility>

#include "mosaic/selector.h"

namespace smalti::mosaic {
namespace {

// What is kept of a placement when cells are laid anew: where a cell stays as it is, its tile does.
match::Placement carried_over(const Cells& from, const match::Placement& kept, const Cells& to) {
  const Grid& fields = from.fields();
  match::Placement carried(to.size());
  if (kept.empty() || fields.columns() != to.fields().columns() ||
      fields.rows() != to.fields().rows())
    return {};
  for (std::size_t i = 0; i < to.size(); ++i) {
    const Rect place = to.in_fields(i);
    const std::optional<std::size_t> there = from.at(place.x, place.y);
    if (there && from.in_fields(*there) == place) carried[i] = kept[*there];
  }
  return carried;
}

class AtOnce : public Stabilizer {
 public:
  AtOnce(std::unique_ptr<KeepingRule> rule, const match::TileIndex& index,
         const SelectOptions& options, const match::NearDuplicates& near)
      : rule_(std::move(rule)), index_(index), options_(options), near_(near) {}

  std::vector<match::Placement> push(std::shared_ptr<const SeenFrame> frame) override {
    if (!cells_ || !cells_->same_layout(*frame->cells)) {
      selector_.emplace(index_, *frame->cells, options_, near_);
      if (cells_) kept_ = carried_over(*cells_, kept_, *frame->cells);
    }
    cells_ = frame->cells;
    if (frame->starts_shot) kept_.clear();
    match::Placement next = selector_->select(frame->view(), frame->nearest, kept_,
                                              {frame->shot_pts, *rule_, frame->allowed, &memory_});
    rule_->decided(kept_, next);
    kept_ = std::move(next);
    return {kept_};
  }

  std::vector<match::Placement> flush() override { return {}; }
  std::size_t look_ahead() const override { return 0; }

 private:
  std::unique_ptr<KeepingRule> rule_;
  const match::TileIndex& index_;
  SelectOptions options_;
  match::NearDuplicates near_;
  std::shared_ptr<const Cells> cells_;  // of the last frame
  std::optional<Selector> selector_;    // for them
  match::Placement kept_;               // what is shown, with the distances of the last frame
  Selector::Memory memory_;
};

}  // namespace

std::unique_ptr<Stabilizer> make_stabilizer(std::unique_ptr<KeepingRule> rule,
                                            const match::TileIndex& index,
                                            const SelectOptions& select,
                                            const match::NearDuplicates& near) {
  return std::make_unique<AtOnce>(std::move(rule), index, select, near);
}

std::unique_ptr<Stabilizer> make_stabilizer(StabilizerKind kind, double threshold,
                                            const match::TileIndex& index,
                                            const SelectOptions& select,
                                            const match::NearDuplicates& near) {
  return make_stabilizer(make_keeping_rule(kind, threshold, !select.plain()), index, select, near);
}

}  // namespace smalti::mosaic
