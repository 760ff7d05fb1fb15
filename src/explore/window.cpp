// The explorer's window: a thin shell that polls, draws and hands out work, and never works itself.

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <clocale>
#include <cmath>
#include <cstdlib>
#include <future>
#include <memory>
#include <opencv2/highgui.hpp>
#include <optional>
#include <string>

#include "base/text.h"
#include "base/wording.h"
#include "explore/explorer.h"
#include "explore/qt_input.h"
#include "explore/saving.h"
#include "explore/screen.h"
#include "explore/viewport.h"
#include "products/run/run.h"
#include "smalti/error.h"

namespace smalti::explore {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMs = 15;
constexpr double kZoomOfNotch = 1.25;
constexpr double kFarthestClick = 5;  // pixels that a mouse may move between press and release
const cv::Size kFirstSize(1100, 760);
constexpr int kMostSpacing = 20;

// The sliders, and what their positions mean.
constexpr const char* kScale = "scale (0: original)";
constexpr const char* kOpacity = "opacity %";
constexpr const char* kSpacing = "spacing";
constexpr const char* kAdjust = "colour adjust %";
constexpr const char* kRandom = "randomness %";

int percent(double share) { return static_cast<int>(std::lround(share * 100)); }

Error no_display(const std::string& why) {
  return Error(ErrorKind::kFailure, "cannot open a window: " + why,
               worded("make a page for a browser instead: {command explore} ... {html} FILE"));
}

class Window {
 public:
  Window(const ScalesOptions& options, const ExplorerHost& host, const Events& events);
  ~Window() { cv::destroyAllWindows(); }
  void run();

 private:
  void open();
  void load();
  bool is_loaded();
  bool is_open() const { return cv::getWindowProperty(name_, cv::WND_PROP_VISIBLE) >= 1; }
  void add_slider(const char* name, int position, int most);
  void read_sliders();
  void on_mouse(int event, int x, int y);
  void on_key(QtInput::Key key);
  void on_arrow(QtInput::Key arrow);
  void take_input();
  void pick(Spot at);
  void take_results();
  void save();
  void draw();
  std::string status() const;
  PhotomosaicOptions full_size(const ExplorerView& view) const;
  void say(const std::string& message) {
    message_ = message;
    message_ends_ = Clock::now() + std::chrono::seconds(6);
  }

  const ScalesOptions& options_;
  const ExplorerHost& host_;
  Events events_;
  std::string name_;
  bool leaving_ = false;

  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> tiles_loaded_{0};
  std::future<std::unique_ptr<Explorer>> loading_;
  std::unique_ptr<Explorer> explorer_;
  std::unique_ptr<QtInput> input_;
  std::unique_ptr<Saving> saving_;
  std::optional<Viewport> viewport_;
  ExploreSettings settings_;

  std::optional<Spot> pressed_;
  Spot mouse_;
  bool dragged_ = false;
  std::future<CellFacts> telling_;
  std::optional<CellFacts> picked_;
  std::optional<Spot> picked_at_;  // on the canvas
  std::shared_ptr<const ExplorerView> told_of_;
  std::string message_;
  Clock::time_point message_ends_;

  struct Drawn {
    std::optional<Viewport> viewport;
    std::shared_ptr<const ExplorerView> view;
    std::shared_ptr<const ExplorerDetail> detail;
    std::optional<Rect> picked;
    std::string status;
    std::string message;
    bool operator==(const Drawn&) const = default;
  };
  Drawn drawn_;
};

Window::Window(const ScalesOptions& options, const ExplorerHost& host, const Events& events)
    : options_(options),
      host_(host),
      events_(events),
      name_(printable(options.target.filename().string())) {
  settings_.spacing = options.select.spacing;
  settings_.color_adjust = options.color_adjust;
  settings_.opacity = options.opacity;
  settings_.randomness = options.select.randomness;
  settings_.scale = (options.min_scale + options.max_scale) / 2;
}

void Window::open() {
  QtInput::listen([this](const std::string& why) { host_.print_error(no_display(why)); });
  try {
    cv::namedWindow(name_, cv::WINDOW_NORMAL | cv::WINDOW_FREERATIO | cv::WINDOW_GUI_NORMAL);
  } catch (const cv::Exception& error) {
    throw no_display(error.err);
  }
  std::setlocale(LC_ALL, "C");  // Qt takes the user's, and then numbers have commas
  cv::setWindowTitle(name_, name_ + " - smalti");
  input_ = std::make_unique<QtInput>();
  viewport_.emplace(Size{kFirstSize.width, kFirstSize.height});
  cv::imshow(name_, cv::Mat(kFirstSize, CV_8UC3, cv::Scalar(36, 38, 40)));
  cv::resizeWindow(name_, kFirstSize.width, kFirstSize.height);
  cv::setMouseCallback(
      name_,
      [](int event, int x, int y, int, void* window) {
        static_cast<Window*>(window)->on_mouse(event, x, y);
      },
      this);
}

void Window::load() {
  Events events = events_;
  events.stop = &stop_;
  events.progress = [this](const Progress& p) {
    tiles_loaded_ = p.done;
    events_.report(p);
  };
  loading_ = std::async(std::launch::async,
                        [this, events] { return std::make_unique<Explorer>(options_, events); });
}

bool Window::is_loaded() {
  if (explorer_) return true;
  if (loading_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
  explorer_ = loading_.get();
  viewport_.emplace(explorer_->canvas());
  settings_.scale = std::clamp(settings_.scale, explorer_->min_scale(), explorer_->max_scale());
  add_slider(kScale, settings_.scale, explorer_->max_scale());
  add_slider(kOpacity, percent(settings_.opacity), 100);
  add_slider(kSpacing, settings_.spacing, std::max(kMostSpacing, settings_.spacing));
  add_slider(kAdjust, percent(settings_.color_adjust), 100);
  add_slider(kRandom, percent(settings_.randomness), 99);
  QtInput::align_sliders();
  return true;
}

void Window::add_slider(const char* name, int position, int most) {
  cv::createTrackbar(name, name_, nullptr, most);
  cv::setTrackbarPos(name, name_, position);
}

// Shares that no slider has touched stay as exact as they were given.
void Window::read_sliders() {
  const auto position = [&](const char* name) { return cv::getTrackbarPos(name, name_); };
  const auto share = [&](const char* name, double& value) {
    if (position(name) != percent(value)) value = position(name) / 100.0;
  };
  const int scale = position(kScale);
  settings_.scale = scale == 0 ? 0 : std::max(scale, explorer_->min_scale());
  settings_.spacing = position(kSpacing);
  share(kOpacity, settings_.opacity);
  share(kAdjust, settings_.color_adjust);
  share(kRandom, settings_.randomness);
}

void Window::on_mouse(int event, int x, int y) {
  const Spot at{static_cast<double>(x), static_cast<double>(y)};
  if (event == cv::EVENT_LBUTTONDOWN) {
    pressed_ = mouse_ = at;
    dragged_ = false;
  } else if (event == cv::EVENT_MOUSEMOVE && pressed_) {
    dragged_ = dragged_ || std::hypot(at.x - pressed_->x, at.y - pressed_->y) > kFarthestClick;
    if (dragged_) viewport_->pan(at.x - mouse_.x, at.y - mouse_.y);
    if (dragged_) mouse_ = at;
  } else if (event == cv::EVENT_LBUTTONUP && pressed_) {
    if (!dragged_) pick(at);
    pressed_.reset();
  }
}

void Window::pick(Spot at) {
  const Spot on_canvas = viewport_->on_canvas(at);
  picked_.reset();
  picked_at_.reset();
  if (explorer_ && viewport_->is_on_canvas(on_canvas)) picked_at_ = on_canvas;
  told_of_ = nullptr;
}

void Window::on_arrow(QtInput::Key arrow) {
  const bool forward = arrow == QtInput::kRight || arrow == QtInput::kUp;
  const bool across = arrow == QtInput::kLeft || arrow == QtInput::kRight;
  if (across && explorer_->is_video()) {
    settings_.frame += forward ? 1 : -1;
    return;
  }
  int scale = settings_.scale + (forward ? 1 : -1);
  if (scale < explorer_->min_scale()) scale = forward ? explorer_->min_scale() : 0;
  settings_.scale = std::min(scale, explorer_->max_scale());  // several keys may come at once
  cv::setTrackbarPos(kScale, name_, settings_.scale);
}

void Window::on_key(QtInput::Key key) {
  if (key == QtInput::kEscape) leaving_ = true;
  if (!explorer_) return;
  if (key >= QtInput::kLeft && key <= QtInput::kDown) return on_arrow(key);
  const Size window = viewport_->window();
  const Spot middle{window.width / 2.0, window.height / 2.0};
  const auto view = explorer_->view();
  if (key == '+' || key == '=') viewport_->zoom_by(kZoomOfNotch, middle);
  if (key == '-') viewport_->zoom_by(1 / kZoomOfNotch, middle);
  if (key == '0' || key == 'f') viewport_->zoom_out();
  if (key == 's') save();
  if (key != 'c') return;
  if (settings_.scale == 0 || !view) return say("this is the original: choose a scale first");
  host_.print_command(full_size(*view));
  say("the command is printed on the terminal");
}

PhotomosaicOptions Window::full_size(const ExplorerView& view) const {
  ExploreSettings settings = settings_;
  settings.frame = view.settings.frame;
  return full_size_options(
      options_, settings, explorer_->is_video() ? std::optional<double>(view.time_s) : std::nullopt,
      explorer_->is_shrunk());
}

void Window::save() {
  const auto view = explorer_->view();
  if (settings_.scale == 0 || !view) return say("this is the original: choose a scale first");
  if (saving_->is_running()) return say("one is being saved already");
  saving_->start(full_size(*view));
}

void Window::take_input() {
  const cv::Rect widget = cv::getWindowImageRect(name_);
  if (widget.width > 0 && widget.height > kStatusHeight)
    viewport_->resize({widget.width, widget.height - kStatusHeight});
  for (const QtInput::Key key : input_->take_keys()) on_key(key);
  for (const QtInput::Turn& turn : input_->take_turns())
    viewport_->zoom_by(std::pow(kZoomOfNotch, turn.notches), turn.at);
  if (!explorer_) return;
  read_sliders();
  explorer_->show(settings_, viewport_->detail());
  settings_.frame = explorer_->wanted().frame;
}

// What other threads have made.
void Window::take_results() {
  try {
    if (const auto saved = saving_->take()) {
      host_.print_saved(*saved);
      say("saved as " + printable(saved->output.string()));
    }
  } catch (const Error& error) {
    say(printable(error.what()));
  }
  if (telling_.valid() && telling_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    try {
      picked_ = telling_.get();
    } catch (const Error& error) {
      say(printable(error.what()));
    }
  }
  const auto view = explorer_->view();
  if (!picked_at_ || telling_.valid() || !view || view == told_of_) return;
  told_of_ = view;
  if (view->placement.empty()) return picked_.reset();
  telling_ = std::async(std::launch::async, [this, view, at = *picked_at_] {
    return explorer_->tell(*view, at.x, at.y);
  });
}

std::string Window::status() const {
  if (!explorer_) return fmt::format("reading tiles: {}", tiles_loaded_.load());
  if (std::string problem = explorer_->problem(); !problem.empty()) return printable(problem);
  const auto view = explorer_->view();
  std::string text = "the original";
  if (settings_.scale != 0) text = fmt::format("scale {}", settings_.scale);
  if (view && !view->placement.empty())
    text += view->cells.is_grid() ? fmt::format(", {} x {} cells", view->cells.fields().columns(),
                                                view->cells.fields().rows())
                                  : fmt::format(", {} cells", view->cells.size());
  if (view && explorer_->is_video()) text += fmt::format(", at {:.3f} s", view->time_s);
  if (!view || view->coarse || view->settings != explorer_->wanted()) text += ", working ...";
  if (saving_->is_running()) return text + "   |   " + saving_->status();
  return text + (explorer_->is_video() ? "   |   arrows: frames, scale" : "   |   arrows: scale") +
         "   wheel: zoom   click: tile   S: save   C: command   Esc: leave";
}

void Window::draw() {
  if (Clock::now() > message_ends_) message_.clear();
  Drawn now;
  now.viewport = viewport_;
  if (explorer_) now.view = explorer_->view();
  if (explorer_) now.detail = explorer_->detail();
  if (picked_ && picked_at_) now.picked = picked_->cell;
  now.status = status();
  now.message = message_;
  if (now == drawn_) return;
  drawn_ = now;
  ScreenState state{now.view.get(), now.detail.get(), {}, now.status, now.message};
  if (now.picked) state.picked = picked_;
  cv::imshow(name_, draw_screen(*viewport_, state));
}

void Window::run() {
  open();
  saving_ = std::make_unique<Saving>(events_);
  load();
  while (!leaving_ && !events_.stop_requested()) {
    cv::waitKeyEx(kPollMs);
    if (!is_open()) break;
    if (is_loaded()) take_results();
    take_input();
    draw();
  }
  stop_ = true;
  if (saving_->is_running()) events_.warning("what was being saved is dropped: the window closed");
  saving_.reset();
  if (telling_.valid()) telling_.wait();
  if (loading_.valid()) loading_.wait();
}

}  // namespace

}  // namespace smalti::explore

namespace smalti {

using namespace explore;

void check_display() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return;
  throw no_display("there is no display here");
}

void run_explorer(const ScalesOptions& options, const ExplorerHost& host, const Events& events) {
  check_display();
  check_scales(options);
  const Run run(options.threads, events);
  Window(options, host, events).run();
}

}  // namespace smalti
