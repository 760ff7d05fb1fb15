#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/picture.h"
#include "base/recently_used.h"
#include "match/tile_index.h"

namespace smalti::tiles {

/// Rendered tiles by number and size, within a bound of bytes: when it is passed, those that have
/// not been asked for the longest go. Any thread; no lock is held while anything is rendered.
///
/// Split into shards with a lock each, because every cell of every frame asks, from all threads.
class PictureCache {
 public:
  struct Key {
    match::TileNumber tile = 0;
    Size size;
    bool operator==(const Key&) const = default;
  };
  using Entry = std::shared_ptr<const Picture>;

  explicit PictureCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Null when it is not there.
  Entry find(const Key& key);

  /// Keeps the picture unless one is there already, and returns the one that is kept. Both stay
  /// valid for who holds them.
  Entry insert(const Key& key, Entry picture);

  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Item {
    Entry picture;
    std::uint64_t last_use;
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    RecentlyUsed<Key, Item, std::unordered_map, KeyHash> items;
  };
  static constexpr std::size_t kShards = 32;

  Shard& shard_of(const Key& key) { return shards_[KeyHash()(key) % kShards]; }
  std::uint64_t tick() { return clock_.fetch_add(1, std::memory_order_relaxed); }
  Entry used(Item& item);
  void evict();
  Shard* shard_with_oldest();

  const std::size_t max_bytes_;
  std::atomic<std::size_t> bytes_ = 0;
  std::atomic<std::uint64_t> clock_ = 0;
  std::array<Shard, kShards> shards_;
  std::mutex evicting_;
};

}  // namespace smalti::tiles
