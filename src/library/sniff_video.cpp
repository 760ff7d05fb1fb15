#include "library/sniff_video.h"

#include <algorithm>
#include <string_view>

namespace smalti::library {
namespace {

using namespace std::string_view_literals;

bool has_at(std::span<const std::uint8_t> bytes, std::size_t at, std::string_view text) {
  return bytes.size() >= at + text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

/// Packets of 188 bytes, each beginning with "G"; cameras put four bytes before each.
bool is_transport_stream(std::span<const std::uint8_t> bytes) {
  return (has_at(bytes, 0, "G") && has_at(bytes, 188, "G")) ||
         (has_at(bytes, 4, "G") && has_at(bytes, 4 + 192, "G"));
}

bool is_quicktime(std::span<const std::uint8_t> bytes) {
  if (has_at(bytes, 4, "ftyp")) return !has_at(bytes, 8, "M4A") && !has_at(bytes, 8, "M4B");
  return has_at(bytes, 4, "moov") || has_at(bytes, 4, "mdat") || has_at(bytes, 4, "wide");
}

}  // namespace

const char* sniff_video(std::span<const std::uint8_t> bytes) {
  if (is_quicktime(bytes)) return "MP4";
  if (has_at(bytes, 0, "\x1A\x45\xDF\xA3")) return "Matroska";
  if (has_at(bytes, 0, "RIFF") && has_at(bytes, 8, "AVI ")) return "AVI";
  if (has_at(bytes, 0, "\0\0\x01\xBA"sv)) return "MPEG";
  if (has_at(bytes, 0, "FLV\x01")) return "FLV";
  if (has_at(bytes, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11")) return "ASF";
  if (is_transport_stream(bytes)) return "MPEG-TS";
  return nullptr;
}

}  // namespace smalti::library
