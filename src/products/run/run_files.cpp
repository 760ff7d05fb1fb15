#include "products/run/run_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdint>
#include <utility>

#include "base/output_file.h"
#include "library/library_file.h"
#include "library/library_rows.h"
#include "library/tile_library.h"
#include "library/walk.h"
#include "smalti/error.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& what, const fs::path& path, const std::string& is) {
  throw Error(ErrorKind::kUsage, fmt::format("the {} '{}' is {}", what, path.string(), is),
              fmt::format("choose another name for the {}", what));
}

// The one name of a file that may not be there yet.
fs::path place_of(const fs::path& path) {
  const fs::path written = through_links(path);
  std::error_code error;
  const fs::path folder =
      fs::canonical(written.has_parent_path() ? written.parent_path() : ".", error);
  return error ? written : folder / written.filename();
}

bool is_device(const fs::path& path) {
  std::error_code error;
  return fs::is_character_file(path, error);
}

}  // namespace

void check_is_there(const std::string& what, const fs::path& path, const char* expected) {
  std::error_code error;
  if (fs::exists(path, error)) return;
  throw Error(ErrorKind::kMissingInput,
              fmt::format("cannot open {}'{}': {}",
                          what.empty() ? "" : fmt::format("the {} ", what), path.string(),
                          error ? error.message() : fmt::format("there is no such {}", expected)),
              "check the name");
}

void RunFiles::reads(std::string what, fs::path path) {
  inputs_.push_back({std::move(what), std::move(path)});
}

void RunFiles::writes(std::string what, fs::path path) {
  outputs_.push_back({std::move(what), std::move(path)});
}

void RunFiles::check(bool overwrite, const Events& events) const {
  std::vector<Named> existing;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    refuse_named(outputs_[i]);
    refuse_twins(i);
    std::error_code error;
    if (fs::is_regular_file(outputs_[i].path, error)) existing.push_back(outputs_[i]);
  }
  if (!existing.empty()) {
    refuse_in_folders(existing, events);
    refuse_in_libraries(existing);
  }
  for (const Named& output : outputs_) check_output(output.path, overwrite);
}

void RunFiles::refuse_named(const Named& output) const {
  for (const Named& input : inputs_)
    if (same_file(output.path, input.path))
      refuse(output.what, output.path, fmt::format("the {} itself", input.what));
}

void RunFiles::refuse_twins(std::size_t output) const {
  const auto& [what, path] = outputs_[output];
  if (is_device(path)) return;
  for (std::size_t i = 0; i < output; ++i)
    if (same_file(path, outputs_[i].path) || place_of(path) == place_of(outputs_[i].path))
      refuse(what, path, fmt::format("the {} itself", outputs_[i].what));
}

void RunFiles::refuse_in_folders(const std::vector<Named>& existing, const Events& events) const {
  std::vector<fs::path> folders;
  for (const Named& input : inputs_) {
    std::error_code error;
    if (fs::is_directory(input.path, error)) folders.push_back(input.path);
  }
  const library::FoundFiles found = library::find_files(std::move(folders), events);
  for (const Named& output : existing) {
    struct stat status {};
    if (::stat(output.path.c_str(), &status) != 0) continue;
    const std::int64_t inode = file_state(status).inode;
    for (const library::FoundFile& file : found.files)
      if (file.state.inode == inode && same_file(file.path, output.path))
        refuse(output.what, output.path,
               fmt::format("one of the files in '{}'", found.sources[file.source].string()));
  }
}

void RunFiles::refuse_in_libraries(const std::vector<Named>& existing) const {
  for (const Named& input : inputs_) {
    if (!library::is_library(input.path)) continue;
    library::LibraryFile library = library::LibraryFile::read(input.path);
    const library::Snapshot snapshot(library);
    for (const library::SourceRow& source : library::all_sources(library))
      for (const Named& output : existing)
        if (same_file(source.path, output.path))
          refuse(output.what, output.path,
                 fmt::format("one of the files that '{}' was made of", input.path.string()));
  }
}

}  // namespace smalti
