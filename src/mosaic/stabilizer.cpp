#include "mosaic/stabilizer.h"

#include <optional>
#include <utility>

#include "mosaic/selector.h"

namespace smalti {
namespace {

class AtOnce : public Stabilizer {
 public:
  AtOnce(std::unique_ptr<KeepingRule> rule, const TileIndex& index, const SelectOptions& options,
         const NearDuplicates& near)
      : rule_(std::move(rule)), index_(index), options_(options), near_(near) {}

  std::vector<Placement> push(std::shared_ptr<const SeenFrame> frame) override {
    if (!cells_ || !cells_->same_layout(*frame->cells)) {
      selector_.emplace(index_, *frame->cells, options_, near_);
      kept_.clear();
    }
    cells_ = frame->cells;
    if (frame->starts_shot) kept_.clear();
    Placement next = selector_->select(frame->view(), frame->nearest, kept_,
                                       {frame->shot_pts, *rule_, frame->allowed, &memory_});
    rule_->decided(kept_, next);
    kept_ = std::move(next);
    return {kept_};
  }

  std::vector<Placement> flush() override { return {}; }
  std::size_t look_ahead() const override { return 0; }

 private:
  std::unique_ptr<KeepingRule> rule_;
  const TileIndex& index_;
  SelectOptions options_;
  NearDuplicates near_;
  std::shared_ptr<const Cells> cells_;  // of the last frame
  std::optional<Selector> selector_;    // for them
  Placement kept_;                      // what is shown, with the distances of the last frame
  Selector::Memory memory_;
};

}  // namespace

std::unique_ptr<Stabilizer> make_stabilizer(std::unique_ptr<KeepingRule> rule,
                                            const TileIndex& index, const SelectOptions& select,
                                            const NearDuplicates& near) {
  return std::make_unique<AtOnce>(std::move(rule), index, select, near);
}

std::unique_ptr<Stabilizer> make_stabilizer(StabilizerKind kind, double threshold,
                                            const TileIndex& index, const SelectOptions& select,
                                            const NearDuplicates& near) {
  return make_stabilizer(make_keeping_rule(kind, threshold, !select.plain()), index, select, near);
}

}  // namespace smalti
