#pragma once

#include <cstdint>
#include <filesystem>

namespace smalti::media {

/// How many bytes a file lacks of those that its own boxes, segments or chunks say it has, as after
/// a download that broke off. 0 when it is whole, and for formats that do not say: MPEG streams,
/// files of unknown length. Decoders cannot tell: a clip cut between two frames decodes well.
std::int64_t missing_bytes(const std::filesystem::path& path);

}  // namespace smalti::media
