// File access that fails loudly.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

namespace samples {

// Says what was being done, to which file, why it failed, and what to do about it.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void make_folder(const std::filesystem::path& folder);

// Writes the whole file or throws; also notices a disk that fills up at the last moment.
void write_file(const std::filesystem::path& file, std::span<const std::uint8_t> bytes);

// Contents of a small file; empty when there is none.
std::string read_text(const std::filesystem::path& file);

// Deletes the file if there is one.
void remove_file(const std::filesystem::path& file);

void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace samples
