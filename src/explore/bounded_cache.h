#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <utility>

namespace smalti {

/// Things by key, within a bound of bytes: when it is passed, those that have not been asked for
/// the longest go; the latest stays however large it is. One thread at a time.
template <typename Key, typename Value>
class BoundedCache {
 public:
  explicit BoundedCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  std::shared_ptr<const Value> find(const Key& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    items_.splice(items_.begin(), items_, found->second);
    return found->second->value;
  }

  void put(const Key& key, std::shared_ptr<const Value> value, std::size_t bytes) {
    if (find(key)) return;
    items_.push_front({key, std::move(value), bytes});
    by_key_[key] = items_.begin();
    bytes_ += bytes;
    while (bytes_ > most_bytes_ && items_.size() > 1) {
      bytes_ -= items_.back().bytes;
      by_key_.erase(items_.back().key);
      items_.pop_back();
    }
  }

 private:
  struct Item {
    Key key;
    std::shared_ptr<const Value> value;
    std::size_t bytes;
  };

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::list<Item> items_;  ///< latest use first
  std::map<Key, typename std::list<Item>::iterator> by_key_;
};

}  // namespace smalti
