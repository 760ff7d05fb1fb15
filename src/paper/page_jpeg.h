#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/picture.h"

namespace smalti {

/// Makes a JPEG file in memory of one picture after the other, colour at full resolution. The same
/// picture gives the same bytes. All go to the same memory, as large as the largest. One thread at
/// a time.
class PageEncoder {
 public:
  /// Quality from 1 to 100. Throws std::bad_alloc, as does encode().
  explicit PageEncoder(int quality);
  ~PageEncoder();

  /// `picture`: planar RGB of depth 8 without alpha, no side beyond 65,500. The result is valid
  /// until the next call.
  std::span<const std::uint8_t> encode(const Picture& picture);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti
