#pragma once

#include <nlohmann/json.hpp>
#include <string>

/// What JSON written by commands has in common.
namespace smalti::cli {

using Json = nlohmann::ordered_json;

/// RFC 4648, section 4.
std::string base64(const std::string& bytes);

bool is_utf8(const std::string& text);

/// Names are bytes and JSON has only text: puts a name that is not UTF-8 under "KEY_bytes", in
/// base64.
void put_path(Json& object, const std::string& key, const std::string& path);

}  // namespace smalti::cli
