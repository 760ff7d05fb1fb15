#pragma once

#include <png.h>

#include <array>
#include <csetjmp>
#include <cstdio>

namespace smalti::images {

/// libpng's errors, which jump to `escape`, past every destructor: what is called in `guarded` must
/// not make objects that have one. Nothing is printed.
struct PngErrors {
  std::jmp_buf escape;
  std::array<char, 200> fatal{};

  // For png_create_read_struct and png_create_write_struct, with `this` as what errors are told to.
  [[noreturn]] static void on_fatal(png_structp png, png_const_charp message) {
    auto& errors = *static_cast<PngErrors*>(png_get_error_ptr(png));
    std::snprintf(errors.fatal.data(), errors.fatal.size(), "%s", message);
    std::longjmp(errors.escape, 1);
  }
  static void on_warning(png_structp, png_const_charp) {}

  /// Makes `calls`; when one of them fails, calls `fail` with the reason, which must throw.
  template <typename Calls, typename Fail>
  void guarded(const Calls& calls, const Fail& fail) {
    if (setjmp(escape) != 0) fail(fatal.data());
    calls();
  }
};

}  // namespace smalti::images
