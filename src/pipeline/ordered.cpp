#include "pipeline/ordered.h"

#include <tbb/parallel_pipeline.h>

namespace smalti::pipeline {

std::size_t run_ordered(std::size_t count, std::size_t alive, const std::function<bool()>& stop,
                        const std::function<Picture(std::size_t)>& make,
                        const std::function<void(const Picture&)>& take) {
  std::size_t begun = 0;
  std::size_t taken = 0;
  const auto number = tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order,
                                                          [&](tbb::flow_control& control) {
                                                            if (begun == count || stop()) {
                                                              control.stop();
                                                              return std::size_t{0};
                                                            }
                                                            return begun++;
                                                          });
  const auto work = tbb::make_filter<std::size_t, Picture>(tbb::filter_mode::parallel, make);
  const auto hand_on =
      tbb::make_filter<Picture, void>(tbb::filter_mode::serial_in_order, [&](const Picture& part) {
        take(part);
        ++taken;
      });
  tbb::parallel_pipeline(alive, number & work & hand_on);
  return taken;
}

}  // namespace smalti::pipeline
