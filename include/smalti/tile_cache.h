#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// The libraries that smalti keeps by itself, one for each folder or video that gave tiles.
namespace smalti {

/// $XDG_CACHE_HOME/smalti or ~/.cache/smalti; nothing where there is no home.
std::optional<std::filesystem::path> cache_folder();

/// When the libraries take more than this together, those go that have not been used the longest.
inline constexpr std::uint64_t kCacheBytes = 2'000'000'000;

struct CachedLibrary {
  std::filesystem::path library;
  std::filesystem::path source;  ///< what it is made of; empty when it cannot be read
  std::uint64_t bytes = 0;
  std::int64_t last_use_s = 0;  ///< since 1970
};

/// The one used last comes first. A cache that is not there is empty.
std::vector<CachedLibrary> inspect_cache(const std::filesystem::path& folder);

struct CacheClearing {
  std::size_t removed = 0;
  std::size_t in_use = 0;   ///< by other programs; they stay
  std::uint64_t bytes = 0;  ///< set free
};

/// Removes the libraries that nobody is using.
CacheClearing clear_cache(const std::filesystem::path& folder);

}  // namespace smalti
