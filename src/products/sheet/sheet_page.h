#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "smalti/sizes.h"

namespace smalti {

/// A page of pictures in rows, each with a caption and a line to copy: plain HTML without a script,
/// the pictures within it, so that it can be moved, sent and read anywhere.
class SheetPage {
 public:
  /// All text is UTF-8, and shown as it is.
  SheetPage(std::string_view title, std::size_t columns);

  void add(std::span<const std::uint8_t> jpeg, Size size, std::string_view caption,
           std::string_view line);

  /// The whole page, after the last picture.
  std::string finish();

 private:
  std::string html_;
};

}  // namespace smalti
