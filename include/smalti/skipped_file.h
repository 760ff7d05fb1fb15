#pragma once

#include <filesystem>
#include <string>

namespace smalti {

/// A file that was meant as a tile and is none, and why.
struct SkippedFile {
  std::filesystem::path path;
  std::string reason;
};

}  // namespace smalti
