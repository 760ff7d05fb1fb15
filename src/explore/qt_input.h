#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "explore/viewport.h"

namespace smalti {

/// Input that OpenCV's windows keep to themselves: in its Qt windows the wheel zooms a picture that
/// is drawn already, and a slider that was touched takes the arrow keys. Both come here instead.
/// The thread of the windows.
class QtInput {
 public:
  enum class Arrow { kLeft, kRight, kUp, kDown };
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

  /// What has come in since the last call.
  std::vector<Turn> take_turns();
  std::vector<Arrow> take_arrows();

 private:
  class Filter;
  std::unique_ptr<Filter> filter_;
};

}  // namespace smalti
