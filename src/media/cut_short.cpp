#include "media/cut_short.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fstream>
#include <optional>
#include <string_view>

namespace smalti::media {
namespace {

constexpr std::size_t kHeadBytes = 16;
using Head = std::array<std::uint8_t, kHeadBytes>;

// Where the part that begins at `start` ends, as it says itself; nothing when it does not say.
using EndOf = std::optional<std::int64_t> (*)(const Head& head, std::int64_t start);

std::uint64_t big_endian(const Head& head, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | head[at + i];
  return value;
}

std::string_view text(const Head& head, std::size_t at) {
  return {reinterpret_cast<const char*>(head.data()) + at, 4};
}

std::optional<std::int64_t> end_after(std::int64_t start, std::uint64_t size) {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 60;
  if (size == 0 || size > kLargest) return std::nullopt;
  return start + static_cast<std::int64_t>(size);
}

// ISO 14496-12: size, type, and the size in 64 bits when the first says 1.
std::optional<std::int64_t> end_of_box(const Head& head, std::int64_t start) {
  const std::string_view type = text(head, 4);
  const bool is_type = std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  if (!is_type) return std::nullopt;  // whatever hangs on behind
  const std::uint64_t size = big_endian(head, 0, 4);
  return end_after(start, size == 1 ? big_endian(head, 8, 8) : size);
}

// RFC 8794: the position of the first one bit tells how long a number is.
std::optional<std::int64_t> end_of_element(const Head& head, std::int64_t start) {
  constexpr std::size_t kIdBytes = 4;
  const auto length = static_cast<std::size_t>(std::countl_zero(head[kIdBytes])) + 1;
  if (length > 8) return std::nullopt;
  const std::uint64_t all_ones = (std::uint64_t{1} << (7 * length)) - 1;
  const std::uint64_t size = big_endian(head, kIdBytes, length) & all_ones;
  if (size == all_ones) return std::nullopt;  // unknown, as live recordings have it
  return end_after(start, kIdBytes + length + size);
}

std::optional<std::int64_t> end_of_chunk(const Head& head, std::int64_t start) {
  if (text(head, 0) != "RIFF") return std::nullopt;
  const std::uint64_t size = head[4] | head[5] << 8 | head[6] << 16 | std::uint64_t{head[7]} << 24;
  return end_after(start, 8 + size);
}

EndOf parts_of(const Head& head) {
  constexpr std::uint64_t kEbml = 0x1A45DFA3;
  if (big_endian(head, 0, 4) == kEbml) return end_of_element;
  if (text(head, 0) == "RIFF") return end_of_chunk;
  if (text(head, 4) == "ftyp" || text(head, 4) == "moov") return end_of_box;
  return nullptr;
}

}  // namespace

std::int64_t missing_bytes(const std::filesystem::path& path) {
  constexpr int kMostParts = 1 << 20;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return 0;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path, error));
  std::ifstream file(path, std::ios::binary);
  EndOf end_of = nullptr;
  std::int64_t position = 0;
  for (int part = 0; part < kMostParts && position < size; ++part) {
    Head head{};
    file.clear();
    file.seekg(position);
    file.read(reinterpret_cast<char*>(head.data()), head.size());
    if (part == 0) end_of = parts_of(head);
    const auto end = end_of != nullptr ? end_of(head, position) : std::nullopt;
    if (!end) return 0;
    position = *end;
  }
  return std::max<std::int64_t>(position - size, 0);
}

}  // namespace smalti::media
