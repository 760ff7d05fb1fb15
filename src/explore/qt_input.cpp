#include "explore/qt_input.h"

#include <QApplication>
#include <QKeyEvent>
#include <QObject>
#include <QWheelEvent>
#include <cstdlib>
#include <optional>
#include <utility>

namespace smalti {
namespace {

constexpr double kAngleOfNotch = 120;  // Qt's eighths of a degree

std::function<void(const std::string&)> fatal;

void on_message(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type != QtFatalMsg) return;
  fatal(text.toStdString());
  std::_Exit(EXIT_FAILURE);  // Qt would abort, and leave a core dump
}

std::optional<QtInput::Arrow> arrow_of(int key) {
  switch (key) {
    case Qt::Key_Left:
      return QtInput::Arrow::kLeft;
    case Qt::Key_Right:
      return QtInput::Arrow::kRight;
    case Qt::Key_Up:
      return QtInput::Arrow::kUp;
    case Qt::Key_Down:
      return QtInput::Arrow::kDown;
    default:
      return std::nullopt;
  }
}

bool shows_picture(const QObject* widget) {
  return widget->isWidgetType() && widget->parent() != nullptr &&
         widget->parent()->inherits("QGraphicsView");
}

}  // namespace

class QtInput::Filter : public QObject {
 public:
  bool eventFilter(QObject* object, QEvent* event) override {
    if (event->type() == QEvent::Wheel && shows_picture(object)) {
      const auto* wheel = static_cast<QWheelEvent*>(event);
      turns.push_back({wheel->angleDelta().y() / kAngleOfNotch,
                       {wheel->position().x(), wheel->position().y()}});
      return true;
    }
    if (event->type() == QEvent::KeyPress && object->isWidgetType()) {
      const auto arrow = arrow_of(static_cast<QKeyEvent*>(event)->key());
      if (arrow) arrows.push_back(*arrow);
      return arrow.has_value();
    }
    return false;
  }

  std::vector<Turn> turns;
  std::vector<Arrow> arrows;
};

void QtInput::listen(std::function<void(const std::string&)> on_fatal) {
  fatal = std::move(on_fatal);
  qInstallMessageHandler(on_message);
}

QtInput::QtInput() : filter_(std::make_unique<Filter>()) {
  qApp->installEventFilter(filter_.get());
}

QtInput::~QtInput() {
  if (qApp != nullptr) qApp->removeEventFilter(filter_.get());
}

std::vector<QtInput::Turn> QtInput::take_turns() { return std::exchange(filter_->turns, {}); }

std::vector<QtInput::Arrow> QtInput::take_arrows() { return std::exchange(filter_->arrows, {}); }

}  // namespace smalti
