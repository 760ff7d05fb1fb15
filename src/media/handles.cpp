#include "media/handles.h"

#include <fmt/format.h>

#include <array>

#include "media/log.h"

namespace smalti::media {

void Dictionary::set(const std::string& key, const std::string& value) {
  const int result = lend(
      [&](AVDictionary** values) { return av_dict_set(values, key.c_str(), value.c_str(), 0); });
  if (result < 0) throw std::bad_alloc();
}

std::string error_text(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

std::string quoted(const std::filesystem::path& path) { return fmt::format("'{}'", path.string()); }

std::string file_url(const std::filesystem::path& path) { return "file:" + path.string(); }

namespace {

[[noreturn]] void fail(int code, const std::string& action, ErrorKind kind,
                       const std::string& hint) {
  if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (code == AVERROR_EXIT) throw Error(ErrorKind::kFailure, kStopped);
  std::string message = fmt::format("{}: {}", action, error_text(code));
  if (const std::string line = last_error_line(); !line.empty()) {
    message += fmt::format(" ({})", line);
  }
  throw Error(kind, message, hint);
}

}  // namespace

int check(int result, const std::string& what, const std::filesystem::path& file, ErrorKind kind,
          const std::string& hint) {
  if (result < 0) fail(result, what + " " + quoted(file), kind, hint);
  return result;
}

int check(int result, const std::string& what, ErrorKind kind, const std::string& hint) {
  if (result < 0) fail(result, what, kind, hint);
  return result;
}

}  // namespace smalti::media
