#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "smalti/sizes.h"

namespace smalti {

/// How a mosaic video is encoded.
struct EncodeOptions {
  std::optional<std::string> encoder;  ///< libav's name; libx264, or what the container needs
  std::optional<double> crf;           ///< the encoder's own default when absent
  std::optional<std::string> preset;
  std::vector<std::pair<std::string, std::string>> encoder_options;  ///< passed on as they are
  int threads = 0;  ///< of the encoder; 0: as many as processors
};

}  // namespace smalti
