#include "pipeline/belt.h"

#include <tbb/parallel_pipeline.h>

namespace smalti::pipeline {

void run_any_belt(const AnyBelt& belt, std::size_t alive) {
  using Held = std::shared_ptr<void>;
  using tbb::filter_mode;
  bool ended = false;
  const auto take =
      tbb::make_filter<void, Held>(filter_mode::serial_in_order, [&](tbb::flow_control& control) {
        Held piece = ended ? nullptr : belt.take();
        if (!piece) {
          ended = true;
          control.stop();
        }
        return piece;
      });
  const auto step = [](filter_mode mode, const std::function<void(void*)>& work) {
    return tbb::make_filter<Held, Held>(mode, [&work](Held piece) {
      work(piece.get());
      return piece;
    });
  };
  const auto put = tbb::make_filter<Held, void>(filter_mode::serial_in_order,
                                                [&](const Held& piece) { belt.put(piece.get()); });
  tbb::parallel_pipeline(alive, take & step(filter_mode::parallel, belt.prepare) &
                                    step(filter_mode::serial_in_order, belt.decide) &
                                    step(filter_mode::parallel, belt.make) & put);
}

}  // namespace smalti::pipeline
