#include "support/desktop.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <thread>

namespace smalti::test {
namespace {

struct Closer {
  void operator()(Display* display) const { ::XCloseDisplay(display); }
};
using Connection = std::unique_ptr<Display, Closer>;

const cv::Size kScreen(1300, 900);

Connection try_to_connect(const std::string& display) {
  return Connection(::XOpenDisplay(display.c_str()));
}

Connection connect(const std::string& display) {
  Connection connection = try_to_connect(display);
  if (!connection) throw std::runtime_error("Xvfb is gone");
  return connection;
}

// A window may close while it is looked at.
int ignore_error(Display*, XErrorEvent*) { return 0; }

std::string free_display() {
  for (int number = 100 + ::getpid() % 400;; ++number)
    if (!std::filesystem::exists(fmt::format("/tmp/.X11-unix/X{}", number)) &&
        !std::filesystem::exists(fmt::format("/tmp/.X{}-lock", number)))
      return fmt::format(":{}", number);
}

// The window of that title, or 0.
::Window find(Display* display, ::Window parent, const std::string& title) {
  char* name = nullptr;
  if (::XFetchName(display, parent, &name) != 0 && name != nullptr) {
    const bool is_it = title == name;
    ::XFree(name);
    if (is_it) return parent;
  }
  ::Window root = 0;
  ::Window above = 0;
  ::Window* children = nullptr;
  unsigned count = 0;
  ::Window found = 0;
  if (::XQueryTree(display, parent, &root, &above, &children, &count) != 0)
    for (unsigned i = 0; i < count && found == 0; ++i) found = find(display, children[i], title);
  if (children != nullptr) ::XFree(children);
  return found;
}

}  // namespace

Desktop::Desktop()
    : display_(free_display()),
      server_({"Xvfb", display_, "-screen", "0",
               fmt::format("{}x{}x24", kScreen.width, kScreen.height), "-nolisten", "tcp",
               "-noreset"}) {
  ::XSetErrorHandler(ignore_error);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!try_to_connect(display_)) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("Xvfb does not start: is it installed?");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

std::vector<std::string> Desktop::here(const std::filesystem::path& folder,
                                       const std::vector<std::string>& words) const {
  std::vector<std::string> all = {"env", "-C", folder.string(), "DISPLAY=" + display_};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

void Desktop::mouse(const std::vector<std::string>& words) {
  std::vector<std::string> all = {"xdotool"};
  all.insert(all.end(), words.begin(), words.end());
  const Ended ended = run_program(here(folder_.path(), all), 20);
  if (ended.code != 0) throw std::runtime_error("xdotool: " + ended.errors);
}

void Desktop::click(int x, int y) {
  mouse({"mousemove", std::to_string(x), std::to_string(y), "click", "1"});
}

void Desktop::drag(int x, int y, int to_x, int to_y) {
  mouse({"mousemove", std::to_string(x), std::to_string(y), "mousedown", "1", "mousemove",
         std::to_string((x + to_x) / 2), std::to_string((y + to_y) / 2), "sleep", "0.1",
         "mousemove", std::to_string(to_x), std::to_string(to_y), "sleep", "0.1", "mouseup", "1"});
}

void Desktop::wheel(int x, int y, int notches) {
  mouse({"mousemove", std::to_string(x), std::to_string(y), "click", "--repeat",
         std::to_string(std::abs(notches)), "--delay", "40", notches > 0 ? "4" : "5"});
}

void Desktop::press(const std::string& key) { mouse({"key", key}); }

bool Desktop::has_window(const std::string& title) {
  const Connection connection = connect(display_);
  return find(connection.get(), DefaultRootWindow(connection.get()), title) != 0;
}

void Desktop::close(const std::string& title) {
  const Connection connection = connect(display_);
  Display* display = connection.get();
  const ::Window window = find(display, DefaultRootWindow(display), title);
  if (window == 0) throw std::runtime_error("there is no window " + title);
  XEvent event{};
  event.xclient.type = ClientMessage;
  event.xclient.window = window;
  event.xclient.message_type = ::XInternAtom(display, "WM_PROTOCOLS", False);
  event.xclient.format = 32;
  event.xclient.data.l[0] = static_cast<long>(::XInternAtom(display, "WM_DELETE_WINDOW", False));
  event.xclient.data.l[1] = CurrentTime;
  ::XSendEvent(display, window, False, NoEventMask, &event);
  ::XSync(display, False);
}

cv::Mat Desktop::seen() {
  const Connection connection = connect(display_);
  XImage* image = ::XGetImage(connection.get(), DefaultRootWindow(connection.get()), 0, 0,
                              kScreen.width, kScreen.height, AllPlanes, ZPixmap);
  if (image == nullptr) throw std::runtime_error("no screenshot");
  const cv::Mat bgrx(kScreen, CV_8UC4, image->data,
                     static_cast<std::size_t>(image->bytes_per_line));
  cv::Mat rgb;
  cv::cvtColor(bgrx, rgb, cv::COLOR_BGRA2RGB);
  XDestroyImage(image);
  return rgb;
}

}  // namespace smalti::test
