#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "fuzz/targets.h"
#include "smalti/error.h"
#include "support/temp_folder.h"

/// What targets have in common.
namespace smalti::fuzz {

/// Ends the run with a finding unless `holds`.
inline void must_hold(bool holds, const char* what) {
  if (!holds) throw std::logic_error(std::string("this does not hold: ") + what);
}

/// Takes an input apart. Behind its end all numbers are 0 and all texts empty.
class Feed {
 public:
  Feed(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }

  /// Of eight bytes, the lowest first.
  std::int64_t number() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 8) number |= std::uint64_t{byte()} << shift;
    return static_cast<std::int64_t>(number);
  }

  /// Its length in two bytes, then the bytes.
  std::string_view text() {
    const std::size_t low = byte();
    const std::size_t wanted = low | std::size_t{byte()} << 8;
    const std::size_t length = std::min(wanted, rest_.size());
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), length);
    rest_ = rest_.subspan(length);
    return text;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

/// Makes what Feed takes apart.
class Menu {
 public:
  void byte(std::uint8_t value) { input_.push_back(value); }
  void number(std::int64_t value) {
    for (int shift = 0; shift < 64; shift += 8)
      byte(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> shift));
  }
  void text(std::string_view text) {
    byte(static_cast<std::uint8_t>(text.size()));
    byte(static_cast<std::uint8_t>(text.size() >> 8));
    input_.insert(input_.end(), text.begin(), text.end());
  }
  const Input& input() const { return input_; }

 private:
  Input input_;
};

inline Input bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

inline void write_bytes(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

inline Input read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// This process's folder for files; gone at its end.
inline const std::filesystem::path& workplace() {
  static const test::TempFolder kFolder;
  return kFolder.path();
}

}  // namespace smalti::fuzz
