#include "media/log.h"

extern "C" {
#include <libavutil/log.h>
}

#include <array>
#include <mutex>
#include <string_view>

namespace smalti::media {
namespace {

std::mutex capture_mutex;
const Events* captured_events = nullptr;

// libav logs in pieces; a line is whole at its newline.
struct ThreadLines {
  std::string unfinished;
  std::string last_error;
  int prefix_due = 1;
};
thread_local ThreadLines thread_lines;

// "[h264 @ 0x55d0c0ffee00] text" without the address, which tells nobody anything.
void drop_addresses(std::string& line) {
  constexpr std::string_view kMark = " @ 0x";
  for (auto at = line.find(kMark); at != std::string::npos; at = line.find(kMark, at)) {
    const auto end = line.find_first_not_of("0123456789abcdef", at + kMark.size());
    line.erase(at, end == std::string::npos ? end : end - at);
  }
}

void deliver(std::string& line, int level) {
  drop_addresses(line);
  if (level <= AV_LOG_ERROR) thread_lines.last_error = line;
  const std::lock_guard lock(capture_mutex);
  if (captured_events != nullptr) captured_events->detail(line);
}

void capture(void* context, int level, const char* format, va_list arguments) {
  level &= 0xff;  // the bits above carry a colour
  if (level > av_log_get_level()) return;

  std::array<char, 1024> piece{};
  av_log_format_line2(context, level, format, arguments, piece.data(), piece.size(),
                      &thread_lines.prefix_due);
  std::string& line = thread_lines.unfinished;
  for (const char c : std::string(piece.data())) {
    if (c != '\n' && c != '\r') {
      line += c;
    } else if (!line.empty()) {
      deliver(line, level);
      line.clear();
    }
  }
}

// From the program's start, for what nobody listens to must not be printed either.
[[maybe_unused]] const bool kIsCaptured = (av_log_set_callback(capture), true);

}  // namespace

LogCapture::LogCapture(const Events& events) {
  const std::lock_guard lock(capture_mutex);
  before_ = captured_events;
  captured_events = new Events(events);
}

LogCapture::~LogCapture() {
  const std::lock_guard lock(capture_mutex);
  delete captured_events;
  captured_events = before_;
}

std::string last_error_line() { return thread_lines.last_error; }

void forget_error_line() { thread_lines.last_error.clear(); }

}  // namespace smalti::media
