#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "smalti/encoding.h"
#include "smalti/events.h"
#include "smalti/mosaic_job.h"
#include "smalti/stabilizer_options.h"

namespace smalti {

struct VideoMosaicOptions : MosaicOptions {
  bool keep_partial = false;  ///< a run that is stopped leaves its frames at partial_path(output)

  StabilizerKind stabilizer = StabilizerKind::kHysteresis;
  /// By default kDefaultStabilizationThreshold, with adaptive cells kCalmerThreshold.
  std::optional<double> stabilization_threshold;

  double start_s = 0;
  std::optional<double> duration_s;
  std::optional<Rational> fps;  ///< constant rate; absent: every frame keeps its time
  EncodeOptions encode;

  std::optional<std::filesystem::path> poster;  ///< a JPEG of the mosaic's middle frame
  bool serial = false;  ///< without the flow graph: the plain loop that tests compare with
};

struct VideoMosaicSummary : MosaicSummary {
  std::optional<std::filesystem::path> partial;  ///< where the frames of a stopped run were kept
  std::int64_t missing_bytes = 0;                ///< of the target, by its own account
  double duration_s = 0;
  double fps = 0;                    ///< the target's, as far as it is known
  std::vector<std::string> streams;  ///< what became of each stream of the target, a line each
};

/// Turns a video into a video mosaic with its sound. Throws Error as the parts it is made of do.
VideoMosaicSummary make_video_mosaic(const VideoMosaicOptions& options, const Events& events);

}  // namespace smalti
