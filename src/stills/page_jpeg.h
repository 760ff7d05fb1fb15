#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

#include "smalti/picture.h"

namespace smalti {

struct FreeBytes {
  void operator()(unsigned char* bytes) const { std::free(bytes); }
};

/// A JPEG file in memory, its bytes from malloc.
struct PageJpeg {
  std::unique_ptr<unsigned char, FreeBytes> bytes;
  std::size_t size = 0;
};

/// With colour at full resolution. `picture`: planar RGB of depth 8 without alpha, no side beyond
/// 65,500; quality from 1 to 100. The same picture gives the same bytes. Throws std::bad_alloc. Any
/// thread.
PageJpeg encode_page(const Picture& picture, int quality);

}  // namespace smalti
