#pragma once

#include <array>
#include <csetjmp>
#include <string>

#include "base/output_handle.h"

namespace smalti {

/// The way back from the error handlers of libjpeg and libpng, which must not return.
struct Escape {
  std::jmp_buf place;
  std::array<char, 200> message{};
};

/// Makes calls whose errors become Error. A handler jumps out of `calls` past every destructor, so
/// `calls` must not make objects that have one.
template <typename Calls>
void guarded(Escape& escape, const OutputHandle& file, const Calls& calls) {
  if (setjmp(escape.place) != 0) file.fail(escape.message.data());
  calls();
}

}  // namespace smalti
