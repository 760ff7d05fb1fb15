#pragma once

#include <xxhash.h>

#include <cstdint>
#include <span>

namespace smalti {

/// XXH3, 128 bits: what tells a file's content from every other's (TileId).
struct ContentHash {
  std::uint64_t high;
  std::uint64_t low;
  bool operator==(const ContentHash&) const = default;
};

inline ContentHash content_hash(std::span<const std::uint8_t> bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

}  // namespace smalti
