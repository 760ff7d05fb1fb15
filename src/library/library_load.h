#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

#include "library/library_file.h"
#include "library/loaded_tiles.h"

namespace smalti::library {

/// The files of a library that are wanted, by the paths that it knows them by.
using WantedFiles = std::unordered_map<std::string, ShownFile>;

/// Adds the library's tiles, those of all its files or of the wanted ones. Wanted files that it
/// knows are taken out of `wanted`. Throws Error (kBadInput) when the library is damaged.
void load_from(LibraryFile& library, WantedFiles* wanted, LoadedTiles& tiles, const Events& events);

}  // namespace smalti::library
