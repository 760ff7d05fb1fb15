#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "smalti/encoding.h"
#include "smalti/events.h"
#include "smalti/fidelity.h"
#include "smalti/ingest.h"
#include "smalti/layout.h"
#include "smalti/stabilizer.h"

namespace smalti {

struct VideoMosaicOptions {
  std::filesystem::path target;
  std::vector<std::filesystem::path> tiles;     ///< folders and picture files
  std::optional<std::filesystem::path> output;  ///< STEM-mosaic.EXT in the current folder
  bool overwrite = false;
  bool keep_partial = false;  ///< a run that is stopped leaves its frames at partial_path(output)

  LayoutOptions layout;
  StabilizerKind stabilizer = StabilizerKind::kHysteresis;
  double stabilization_threshold = kDefaultStabilizationThreshold;

  double start_s = 0;
  std::optional<double> duration_s;
  std::optional<Rational> fps;  ///< constant rate; absent: every frame keeps its time
  EncodeOptions encode;

  /// For the frames on their way and the rendered tiles; codecs need memory of their own.
  std::uint64_t memory_bytes = 800'000'000;

  bool measure_fidelity = false;
  std::optional<std::filesystem::path> poster;  ///< a JPEG of the mosaic's middle frame
  bool strict = false;                          ///< a skipped tile or a damaged frame is an error
  int threads = 0;      ///< of smalti, the decoder and the encoder each; 0: as many as processors
  bool serial = false;  ///< without the flow graph: the plain loop that tests compare with
};

/// What the time of a run goes into.
enum class Stage { kTiles, kRead, kDescribe, kMatch, kStabilize, kCompose, kEncode, kFinish };
inline constexpr std::size_t kStages = 8;

struct VideoMosaicSummary {
  std::filesystem::path output;
  bool stopped = false;  ///< events.stop became true: nothing was left at `output`
  std::optional<std::filesystem::path> partial;  ///< where the frames of a stopped run were kept

  Size canvas;
  int columns = 0;
  int rows = 0;
  double enlarge = 1;
  bool enlarged_by_itself = false;

  std::size_t tiles_available = 0;
  std::size_t tiles_used = 0;
  std::vector<SkippedFile> tiles_skipped;
  std::size_t tile_duplicates = 0;

  std::uint64_t frames_read = 0;
  std::uint64_t frames = 0;  ///< written
  std::uint64_t damaged = 0;
  std::int64_t missing_bytes = 0;  ///< of the target, by its own account
  std::uint64_t cuts = 0;          ///< shots less one
  double switch_rate =
      0;  ///< share of cells that change their tile from frame to frame, without cuts
  double duration_s = 0;
  std::uint64_t bytes = 0;

  double fps = 0;                    ///< the target's, as far as it is known
  std::vector<std::string> streams;  ///< what became of each stream of the target, a line each
  std::string encoder;
  std::uint64_t cells_searched = 0;  ///< how the matcher answered
  std::uint64_t cells_skipped = 0;
  std::optional<Fidelity> fidelity;  ///< when it was asked for

  /// Seconds, by Stage, added up over all threads.
  std::array<double, kStages> stage_s{};
  double wall_s = 0;
  std::uint64_t peak_memory_bytes = 0;  ///< of the process, so far

  double seconds(Stage stage) const { return stage_s[static_cast<std::size_t>(stage)]; }
};

/// Turns a video into a video mosaic with its sound. Throws Error as the parts it is made of do.
VideoMosaicSummary make_video_mosaic(const VideoMosaicOptions& options, const Events& events);

}  // namespace smalti
