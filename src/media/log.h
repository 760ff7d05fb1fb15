#pragma once

#include <string>

#include "smalti/events.h"

namespace smalti::media {

/// As long as it lives, what libav's libraries and codecs say goes to `events.note` line by line;
/// otherwise nowhere, and never to standard error. The last error line is at hand for the text of
/// an Error. One within another takes over for its own life.
class LogCapture {
 public:
  explicit LogCapture(const Events& events);
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

 private:
  const Events* before_;
};

/// The last error line that was captured on this thread since forget_error_line(); empty when there
/// was none. Lines of other threads do not count: they belong to other work.
std::string last_error_line();
void forget_error_line();

}  // namespace smalti::media
