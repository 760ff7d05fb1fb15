#pragma once

namespace smalti {

/// For std::unique_ptr: lets a C library's handle go by the library's own function.
template <auto Free>
struct FreeBy {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

/// The same for functions that take the handle's address, to set it to null.
template <auto Free>
struct FreeByAddress {
  template <typename T>
  void operator()(T* handle) const {
    Free(&handle);
  }
};

}  // namespace smalti
