#include "products/run/temporary_folder.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <system_error>

#include "smalti/error.h"

namespace smalti {

std::filesystem::path temporary_folder() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (!error) return folder;
  std::string named = "/tmp";
  for (const char* variable : {"TEMPDIR", "TEMP", "TMP", "TMPDIR"})  // the last one counts most
    if (const char* value = std::getenv(variable)) named = value;
  throw Error(ErrorKind::kCannotCreate,
              fmt::format("cannot put temporary files into '{}': {}", named, error.message()),
              kOtherTemporaryFolder);
}

}  // namespace smalti
