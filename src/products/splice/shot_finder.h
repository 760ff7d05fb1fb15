#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "media/time_line.h"
#include "products/splice/splice_journal.h"
#include "smalti/events.h"

namespace smalti {

struct ShotSearch {
  std::filesystem::path video;
  media::Nanoseconds from = 0;  ///< the beginning, or where a shot starts
  int threads = 0;
};

/// Looks through a video for its shots and calls `found` for each as soon as its end is known, and
/// `looked` after every frame. Cuts are those of is_cut. A shot's sharpest frame is looked for away
/// from its ends, where a cut or a fade may show through. Returns whether the end was reached:
/// otherwise events.stop became true. Throws Error as VideoReader does.
bool find_shots(const ShotSearch& search, const Events& events,
                const std::function<void(const Shot&)>& found, const std::function<void()>& looked);

}  // namespace smalti
