#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace smalti::pipeline {

/// What happens to each of many pieces of work, without how it is scheduled. Steps "in order" are
/// called for one piece at a time, as they were taken, though from changing threads; "parallel"
/// ones for several pieces at once.
template <typename Piece>
struct Belt {
  std::function<std::shared_ptr<Piece>()> take;  ///< in order; null at the end
  std::function<void(Piece&)> prepare;           ///< parallel
  std::function<void(Piece&)> decide;            ///< in order
  std::function<void(Piece&)> make;              ///< parallel
  std::function<void(Piece&)> put;               ///< in order
};

/// The same for pieces of any type.
struct AnyBelt {
  std::function<std::shared_ptr<void>()> take;
  std::function<void(void*)> prepare;
  std::function<void(void*)> decide;
  std::function<void(void*)> make;
  std::function<void(void*)> put;
};
void run_any_belt(const AnyBelt& belt, std::size_t alive);

/// Takes pieces through all steps; at most `alive` are there at once. The first exception of a step
/// ends the run and is rethrown; pieces on their way are then dropped.
template <typename Piece>
void run_belt(const Belt<Piece>& belt, std::size_t alive) {
  const auto step = [](const std::function<void(Piece&)>& work) {
    return [&work](void* piece) { work(*static_cast<Piece*>(piece)); };
  };
  run_any_belt({[&] { return std::shared_ptr<void>(belt.take()); }, step(belt.prepare),
                step(belt.decide), step(belt.make), step(belt.put)},
               alive);
}

}  // namespace smalti::pipeline
