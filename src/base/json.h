#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

/// What JSON that smalti writes and reads has in common.
namespace smalti {

using Json = nlohmann::ordered_json;

/// RFC 4648, section 4.
std::string base64(std::string_view bytes);

/// The bytes again, or nothing for what is no base64.
std::optional<std::string> from_base64(std::string_view text);

/// Names are bytes and JSON has only text: puts a name that is not UTF-8 under "KEY_bytes", in
/// base64.
void put_path(Json& object, const std::string& key, const std::string& path);

/// What put_path put there. Throws Json::exception for what it would not have.
std::string path_at(const Json& object, const std::string& key);

}  // namespace smalti
