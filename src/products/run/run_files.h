#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "smalti/events.h"

namespace smalti {

/// Throws Error (kMissingInput) for an input that is not there. `what` is what messages call it:
/// "target", or nothing; `expected` says what would do.
void check_is_there(const std::string& what, const std::filesystem::path& path,
                    const char* expected = "file or folder");

/// The files of a run by the part that each has in it. Every command names all of its own here, and
/// in this one place they are held against each other: nothing that is read is replaced, and
/// nothing is written twice.
class RunFiles {
 public:
  /// A file, or a folder with all files in it (as tiles are found there), or a tile library with
  /// all that it was made of. `what` is what messages call it: "target".
  void reads(std::string what, std::filesystem::path path);
  void writes(std::string what, std::filesystem::path path);

  /// Throws Error (kUsage) for an output that is one of the inputs or another output, through links
  /// of any kind too, whether it may be overwritten or not; then as check_output does. Character
  /// devices may be written more than once. Folders are looked through only where an output is
  /// there already; when events.stop becomes true, that ends early.
  void check(bool overwrite, const Events& events) const;

 private:
  struct Named {
    std::string what;
    std::filesystem::path path;
  };

  void refuse_named(const Named& output) const;
  void refuse_twins(std::size_t output) const;
  void refuse_in_folders(const std::vector<Named>& existing, const Events& events) const;
  void refuse_in_libraries(const std::vector<Named>& existing) const;

  std::vector<Named> inputs_;
  std::vector<Named> outputs_;
};

}  // namespace smalti
