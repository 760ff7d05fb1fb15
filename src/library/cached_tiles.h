#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "library/ingest.h"
#include "library/library_build.h"
#include "library/library_load.h"
#include "smalti/events.h"

namespace smalti::library {

/// Adds the tiles of a source by way of its library in the cache, which is brought up to date.
/// Takes the files whose tiles were added out of `wanted`. Never throws for the cache's sake: when
/// it cannot be used `wanted` stays as it is, and why comes back.
std::optional<std::string> load_cached(const std::filesystem::path& cache, const RootFiles& root,
                                       WantedFiles& wanted, const TileOptions& options,
                                       LoadedTiles& tiles, const Events& events);

/// Removes the libraries used the longest ago, all but `keep`, until the rest takes no more than
/// `most` bytes or others use what is left.
void trim_cache(const std::filesystem::path& folder, std::uint64_t most,
                const std::filesystem::path& keep);

}  // namespace smalti::library
