#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/output_file.h"
#include "base/output_handle.h"
#include "smalti/events.h"

namespace smalti::explore {

/// "data:image/jpeg;base64,..."; JPEG or WebP.
std::string data_uri(std::span<const std::uint8_t> picture);

/// Writes the explorer's page, data block by data block, so that it need not fit into memory. It
/// appears whole or not at all. One thread at a time.
class PageWriter {
 public:
  /// Throws Error as OutputFile and OutputHandle do.
  PageWriter(const std::filesystem::path& path, bool overwrite, const Events& events);

  /// A block of data for the script to find: `attributes` of its element, such as id="tiles".
  void write(std::string_view attributes, const Json& data);

  /// Puts the file in place; returns its size in bytes. Throws Error (kInputOutput) when it could
  /// not be written.
  std::uint64_t finish();

 private:
  void put(std::string_view text) { handle_.write(text.data(), text.size()); }

  OutputFile file_;
  OutputHandle handle_;
};

}  // namespace smalti::explore
