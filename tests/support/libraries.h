#pragma once

#include <filesystem>
#include <opencv2/core.hpp>
#include <set>
#include <string>
#include <vector>

#include "smalti/tile_library.h"
#include "support/pictures.h"
#include "tiles/tile.h"

namespace smalti::test {

/// A small picture like no other of another number.
cv::Mat differing_photo(int number);

/// Pictures with and without alpha, one twice, one of glass, a broken one, an empty file and a
/// text.
void fill_with_awkward_pictures(const std::filesystem::path& folder);

BuildSummary build(const std::filesystem::path& library,
                   const std::vector<std::filesystem::path>& sources);

/// The same tiles in the same order, their thumbnails and descriptors too.
bool same_tiles(const tiles::TileSet& a, const tiles::TileSet& b);

std::set<std::string> names_in(const std::filesystem::path& folder);

/// Runs SQL on a library, past all that guards it.
void run_sql(const std::filesystem::path& library, const std::string& sql);

/// Makes checksums and counts right for whatever the rows hold now, as one who makes a library to
/// harm would.
void reseal(const std::filesystem::path& library);

/// Puts other bytes in the place of every thumbnail; they count as those that were described.
void replace_thumbnails(const std::filesystem::path& library, const File& bytes);

/// Makes the library believe that the file's inode had changed when it has now.
void forget_ctime(const std::filesystem::path& library, const std::filesystem::path& file);

}  // namespace smalti::test
