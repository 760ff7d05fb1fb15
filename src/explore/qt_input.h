#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "explore/viewport.h"

namespace smalti::explore {

/// Input that OpenCV's Qt windows keep to themselves: there the wheel zooms a picture that is drawn
/// already, a slider that was touched takes the arrow keys, and of keys that come quickly the last
/// one alone is told. All come here instead. The thread of the windows.
class QtInput {
 public:
  /// A key by the small letter or other character that it types, or one of these.
  using Key = int;
  static constexpr Key kEscape = 27;
  static constexpr Key kLeft = 1001;
  static constexpr Key kRight = 1002;
  static constexpr Key kUp = 1003;
  static constexpr Key kDown = 1004;
  struct Turn {
    double notches = 0;  ///< of the wheel, away from the user above 0
    Spot at;             ///< in the picture's widget
  };

  /// Before the first window: what Qt has to say is dropped, but for why it ends the program, which
  /// goes to `on_fatal`.
  static void listen(std::function<void(const std::string&)> on_fatal);

  /// After the first window.
  QtInput();
  ~QtInput();

  /// Has all sliders begin at one place, whatever the lengths of their names.
  static void align_sliders();

  /// What has come in since the last call.
  std::vector<Turn> take_turns();
  std::vector<Key> take_keys();

 private:
  class Filter;
  std::unique_ptr<Filter> filter_;
};

}  // namespace smalti::explore
