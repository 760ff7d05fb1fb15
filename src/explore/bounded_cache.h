#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "base/recently_used.h"

namespace smalti::explore {

/// Things by key, within a bound of bytes: when it is passed, those that have not been asked for
/// the longest go; the latest stays however large it is. One thread at a time.
template <typename Key, typename Value>
class BoundedCache {
 public:
  explicit BoundedCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  std::shared_ptr<const Value> find(const Key& key) {
    const Item* found = items_.find(key);
    return found != nullptr ? found->value : nullptr;
  }

  void put(const Key& key, std::shared_ptr<const Value> value, std::size_t bytes) {
    if (find(key)) return;
    items_.add(key, {std::move(value), bytes});
    bytes_ += bytes;
    while (bytes_ > most_bytes_ && items_.size() > 1) {
      bytes_ -= items_.oldest().bytes;
      items_.drop_oldest();
    }
  }

 private:
  struct Item {
    std::shared_ptr<const Value> value;
    std::size_t bytes;
  };

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  RecentlyUsed<Key, Item> items_;
};

}  // namespace smalti::explore
