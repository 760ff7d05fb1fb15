#include "tiles/picture_cache.h"

#include <limits>

namespace smalti::tiles {
namespace {

std::size_t bytes_of(const Picture& picture) {
  return picture_bytes(picture.format, picture.size());
}

}  // namespace

std::size_t PictureCache::KeyHash::operator()(const Key& key) const {
  // Neighbouring tiles and the few sizes of one grid have to come apart in the low bits.
  std::uint64_t h = static_cast<std::uint32_t>(key.tile);
  h = h << 32 ^ static_cast<std::uint64_t>(key.size.width) << 16 ^
      static_cast<std::uint64_t>(key.size.height);
  h *= 0x9E3779B97F4A7C15U;
  return h ^ h >> 32;
}

PictureCache::Entry PictureCache::used(Item& item) {
  item.last_use = tick();
  return item.picture;
}

PictureCache::Entry PictureCache::find(const Key& key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  Item* found = shard.items.find(key);
  return found != nullptr ? used(*found) : nullptr;
}

PictureCache::Entry PictureCache::insert(const Key& key, Entry picture) {
  {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (Item* found = shard.items.find(key)) return used(*found);
    shard.items.add(key, {picture, tick()});
    bytes_ += bytes_of(*picture);
  }
  if (bytes_ > max_bytes_) evict();
  return picture;
}

void PictureCache::evict() {
  const std::lock_guard one_at_a_time(evicting_);
  while (bytes_ > max_bytes_) {
    Shard* shard = shard_with_oldest();
    if (shard == nullptr) return;
    const std::lock_guard lock(shard->mutex);
    bytes_ -= bytes_of(*shard->items.oldest().picture);
    shard->items.drop_oldest();
  }
}

/// Only evict() takes items away, so the shard is not empty when it comes back to it.
PictureCache::Shard* PictureCache::shard_with_oldest() {
  Shard* oldest_shard = nullptr;
  std::uint64_t oldest_use = std::numeric_limits<std::uint64_t>::max();
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    if (shard.items.empty() || shard.items.oldest().last_use >= oldest_use) continue;
    oldest_use = shard.items.oldest().last_use;
    oldest_shard = &shard;
  }
  return oldest_shard;
}

}  // namespace smalti::tiles
