#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <utility>

namespace smalti {

/// Things by key in the order of their last use: what a cache holds, whatever its bound. `Map`
/// finds them: std::map, or std::unordered_map with a hash behind it. One thread at a time.
template <typename Key, typename Value, template <typename...> typename Map = std::map,
          typename... Finds>
class RecentlyUsed {
 public:
  /// Null when it is not there; otherwise it has been used.
  Value* find(const Key& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    items_.splice(items_.begin(), items_, found->second);
    return &found->second->second;
  }

  /// There must be none of that key. It has been used.
  void add(const Key& key, Value value) {
    items_.emplace_front(key, std::move(value));
    by_key_.emplace(key, items_.begin());
  }

  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }

  /// Of what is there: the one that has not been used for the longest.
  const Value& oldest() const { return items_.back().second; }
  void drop_oldest() {
    by_key_.erase(items_.back().first);
    items_.pop_back();
  }

 private:
  using Items = std::list<std::pair<Key, Value>>;

  Items items_;  ///< latest use first
  Map<Key, typename Items::iterator, Finds...> by_key_;
};

}  // namespace smalti
