#include "files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

namespace samples {

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  // An existing plain file of that name is not reported as an error by every library.
  if (error || !std::filesystem::is_directory(folder)) {
    throw Failure("making the folder " + folder.string() + ": " +
                  (error ? error.message() : "there is a file of that name") +
                  "; choose a folder you may write to");
  }
}

void write_file(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out.fail()) {
    throw Failure("writing " + file.string() + ": " +
                  (errno != 0 ? std::strerror(errno) : "unknown error") +
                  "; check the folder's permissions and the free disk space, then run again");
  }
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void remove_file(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::remove(file, error);
  if (error) {
    throw Failure("removing " + file.string() + ": " + error.message() +
                  "; check the folder's permissions, then run again");
  }
}

void rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) {
    throw Failure("renaming " + from.string() + " to " + to.string() + ": " + error.message() +
                  "; check the folder's permissions, then run again");
  }
}

}  // namespace samples
