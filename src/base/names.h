#pragma once

#include <filesystem>
#include <string>

namespace smalti {

/// With ASCII capitals made small; other bytes stay as they are.
std::string lower_case(std::string text);

/// The file name's extension with its dot, in lower case; empty when there is none.
std::string lower_extension(const std::filesystem::path& path);

/// Whether the name's extension is one of videos', whatever the file holds.
bool is_named_like_a_video(const std::filesystem::path& path);

}  // namespace smalti
