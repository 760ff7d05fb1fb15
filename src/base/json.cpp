#include "base/json.h"

#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace smalti {

namespace {

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += at + i <= bytes.size() ? kBase64Digits[group >> (18 - 6 * i) & 63U] : '=';
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::uint32_t group = 0;
    std::size_t padding = 0;
    for (const char c : text.substr(at, 4)) {
      const std::size_t digit = kBase64Digits.find(c);
      const bool pads = c == '=' && at + 4 == text.size();
      if ((digit == std::string_view::npos && !pads) || (padding > 0 && !pads)) return std::nullopt;
      padding += pads ? 1 : 0;
      group = group << 6 | (pads ? 0U : static_cast<std::uint32_t>(digit));
    }
    if (padding > 2) return std::nullopt;
    for (std::size_t i = 0; i < 3 - padding; ++i)
      bytes += static_cast<char>(group >> (16 - 8 * i) & 255U);
  }
  return bytes;
}

void put_path(Json& object, const std::string& key, const std::string& path) {
  if (is_utf8(path)) {
    object[key] = path;
  } else {
    object[key + "_bytes"] = base64(path);
  }
}

std::string path_at(const Json& object, const std::string& key) {
  if (object.contains(key)) return object.at(key).get<std::string>();
  const auto bytes = from_base64(object.at(key + "_bytes").get_ref<const std::string&>());
  if (!bytes) throw Json::other_error::create(500, key + "_bytes is no base64", &object);
  return *bytes;
}

}  // namespace smalti
