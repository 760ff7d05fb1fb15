#pragma once

// clang-format off
#include <cstdio>  // libjpeg's headers need it and do not include it; jerror.h needs jpeglib.h
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <csetjmp>

namespace smalti::images {

/// libjpeg's errors, which jump to `escape`, past every destructor: between setjmp and the calls
/// there must be no object that has one. Nothing is printed.
struct JpegErrors : jpeg_error_mgr {
  std::jmp_buf escape;
  char fatal[JMSG_LENGTH_MAX] = "";

  /// For `info.err`.
  jpeg_error_mgr* set_up() {
    jpeg_std_error(this);
    error_exit = [](j_common_ptr info) {
      auto& errors = *static_cast<JpegErrors*>(info->err);
      errors.format_message(info, errors.fatal);
      std::longjmp(errors.escape, 1);
    };
    output_message = [](j_common_ptr) {};
    return this;
  }
};

}  // namespace smalti::images
