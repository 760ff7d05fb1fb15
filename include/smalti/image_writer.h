#pragma once

#include <filesystem>

#include "smalti/picture.h"

namespace smalti {

/// Writes an 8-bit RGB picture as a JPEG file (quality 92), whole or not at all. Throws Error as
/// OutputFile does, kInputOutput when writing fails. Any thread.
void write_jpeg(const Picture& picture, const std::filesystem::path& path, bool overwrite);

}  // namespace smalti
