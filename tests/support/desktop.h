#pragma once

#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti::test {

/// A screen that nobody sees (Xvfb), with a mouse and keys (xdotool). Throws std::runtime_error
/// when it cannot be had: a test of a window without a screen is no test.
class Desktop {
 public:
  Desktop();

  /// Words that run a program on this screen, in that folder.
  std::vector<std::string> here(const std::filesystem::path& folder,
                                const std::vector<std::string>& words) const;

  void click(int x, int y);
  void drag(int x, int y, int to_x, int to_y);
  /// Notches away from the user, or towards with less than 0.
  void wheel(int x, int y, int notches);
  void press(const std::string& key);
  /// Asks the window of that title to close, as the button in its frame does.
  void close(const std::string& title);
  bool has_window(const std::string& title);

  /// What is on the screen, RGB.
  cv::Mat seen();

 private:
  void mouse(const std::vector<std::string>& words);

  TempFolder folder_;
  std::string display_;
  Program server_;
};

}  // namespace smalti::test
