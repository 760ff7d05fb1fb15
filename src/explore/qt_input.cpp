#include "explore/qt_input.h"

#include <QApplication>
#include <QKeyEvent>
#include <QObject>
#include <QPushButton>
#include <QWheelEvent>
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace smalti::explore {
namespace {

constexpr double kAngleOfNotch = 120;  // Qt's eighths of a degree

std::function<void(const std::string&)> fatal;

void on_message(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type != QtFatalMsg) return;
  fatal(text.toStdString());
  std::_Exit(EXIT_FAILURE);  // Qt would abort, and leave a core dump
}

// Nothing for keys that are Qt's, such as Tab.
std::optional<QtInput::Key> key_of(const QKeyEvent& event) {
  switch (event.key()) {
    case Qt::Key_Left:
      return QtInput::kLeft;
    case Qt::Key_Right:
      return QtInput::kRight;
    case Qt::Key_Up:
      return QtInput::kUp;
    case Qt::Key_Down:
      return QtInput::kDown;
    case Qt::Key_Escape:
      return QtInput::kEscape;
    default:
      break;
  }
  const QString text = event.text().toLower();
  if (text.size() != 1 || !text.at(0).isPrint() || text.at(0).isSpace()) return std::nullopt;
  return text.at(0).unicode();
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
      const auto key = key_of(*static_cast<QKeyEvent*>(event));
      if (key) keys.push_back(*key);
      return key.has_value();
    }
    return false;
  }

  std::vector<Turn> turns;
  std::vector<Key> keys;
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

void QtInput::align_sliders() {
  std::vector<QPushButton*> names;  // as which OpenCV shows them
  for (QWidget* widget : QApplication::allWidgets())
    if (auto* button = qobject_cast<QPushButton*>(widget); button != nullptr && button->isFlat())
      names.push_back(button);
  constexpr int kBorder = 6;
  int widest = 0;
  for (const QPushButton* name : names) widest = std::max(widest, name->sizeHint().width());
  for (QPushButton* name : names) {
    name->setFixedSize(kBorder + widest, name->sizeHint().height());
    name->setStyleSheet(QString("text-align: left; padding-left: %1px").arg(kBorder));
  }
}

std::vector<QtInput::Turn> QtInput::take_turns() { return std::exchange(filter_->turns, {}); }

std::vector<QtInput::Key> QtInput::take_keys() { return std::exchange(filter_->keys, {}); }

}  // namespace smalti::explore
