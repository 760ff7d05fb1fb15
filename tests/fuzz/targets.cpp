#include "fuzz/targets.h"

#include <array>

namespace smalti::fuzz {

std::span<const Target> targets() {
  static constexpr std::array kTargets = {
      Target{"jpeg", fuzz_jpeg, jpeg_seeds},
      Target{"png", fuzz_png, png_seeds},
      Target{"webp", fuzz_webp, webp_seeds},
      Target{"tiff", fuzz_tiff, tiff_seeds},
      Target{"bmp", fuzz_bmp, bmp_seeds},
      Target{"heif", fuzz_heif, heif_seeds},
      Target{"gif", fuzz_gif, gif_seeds},
      Target{"metadata", fuzz_metadata, metadata_seeds},
      Target{"library", fuzz_library, library_seeds},
      Target{"placements", fuzz_placements, placements_seeds},
      Target{"journal", fuzz_journal, journal_seeds},
      Target{"names", fuzz_names, names_seeds},
      Target{"values", fuzz_values, values_seeds},
      Target{"video", fuzz_video, video_seeds},
  };
  return kTargets;
}

}  // namespace smalti::fuzz
