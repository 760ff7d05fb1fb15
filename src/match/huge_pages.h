#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace smalti::match {

/// Allocates memory that is read here and there: large pieces of it in huge pages where the system
/// has them, so that fewer addresses must be looked up.
template <typename T>
struct HugePages {
  using value_type = T;

  T* allocate(std::size_t count) {
    constexpr std::size_t kPage = std::size_t{1} << 21;
    const std::size_t alignment = count * sizeof(T) >= kPage ? kPage : alignof(std::max_align_t);
    const std::size_t size = (count * sizeof(T) + alignment - 1) / alignment * alignment;
    void* const memory = std::aligned_alloc(std::max(alignment, alignof(T)), size);
    if (memory == nullptr) throw std::bad_alloc();
    if (alignment == kPage) madvise(memory, size, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }
  bool operator==(const HugePages&) const = default;
};

}  // namespace smalti::match
