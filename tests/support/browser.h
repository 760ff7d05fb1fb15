#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/picture.h"
#include "support/program.h"

namespace smalti::test {

/// A headless Chromium with one page, driven over WebDriver. Throws std::runtime_error when
/// anything fails: a test without its browser is no test.
class Browser {
 public:
  struct Looks {
    Size window{1200, 800};
    bool phone = false;  ///< touch, no mouse, two device pixels a pixel
    bool dark = false;   ///< what prefers-color-scheme says
  };

  Browser(const std::filesystem::path& page, const Looks& looks);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// What an expression of JavaScript gives.
  nlohmann::json value(const std::string& expression);
  /// Whether an expression becomes true soon.
  bool becomes(const std::string& expression, double timeout_s = 10);

  /// What the system prefers from now on.
  void prefer(bool dark);

  void click(double x, double y);
  void drag(double x, double y, double to_x, double to_y);
  void wheel(double x, double y, int delta);
  /// Two fingers around a place, from one distance to another.
  void pinch(double x, double y, double from, double to);
  /// A key by its character, or by WebDriver's code for it.
  void press(const std::string& key);

  /// What is to be seen, BGR.
  cv::Mat seen();
  /// Errors that the page's console shows.
  std::size_t complaints();

 private:
  nlohmann::json ask(const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr);
  nlohmann::json ask_session(const std::string& path, const nlohmann::json& body) {
    return ask("POST", session_ + path, body);
  }
  nlohmann::json devtools(const std::string& command, const nlohmann::json& parameters);
  void act(const std::vector<nlohmann::json>& sources);
  void start_session(const Looks& looks);

  Looks looks_;
  int port_;
  Program driver_;
  std::string session_;
};

}  // namespace smalti::test
