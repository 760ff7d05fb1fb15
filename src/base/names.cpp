#include "base/names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace smalti {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string lower_extension(const std::filesystem::path& path) {
  return lower_case(path.extension().string());
}

bool is_named_like_a_video(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 20> kExtensions = {
      ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts",  ".m2ts",
      ".mts", ".flv", ".wmv", ".asf", ".3gp",  ".3g2", ".ogv", ".vob",  ".mxf", ".divx"};
  const std::string extension = lower_extension(path);
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

}  // namespace smalti
