#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/picture.h"
#include "media/source_frame.h"
#include "media/video_reader.h"
#include "smalti/encoding.h"
#include "smalti/events.h"

namespace smalti::media {

/// An encoder and container that go together, and the pixels they want.
struct EncoderPlan {
  std::string container;  ///< libav's muxer name
  std::string encoder;
  PixelFormat format;     ///< what mosaics must be in: planar, no alpha
  ColorTags color;        ///< and how its colours are tagged
  int pixel_format = -1;  ///< the same as libav's number
};

/// Chooses by the output's file extension and the options. Throws Error (kUsage) for an unknown
/// extension, an unknown encoder, one that makes no video or does not fit the container, an option
/// or value the encoder does not know.
EncoderPlan plan_encoder(const std::filesystem::path& output, const EncodeOptions& options);

/// The extension (with dot) that the mosaic of a target gets when the user names no output: its own
/// where that container takes the default encoder's video, else .mp4, or .mkv for what mp4 could
/// not carry along.
std::string default_extension(const InputStreams& streams);

struct OutputSummary {
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
  double duration_s = 0;
};

/// Encodes mosaics and muxes them with the copied streams of the target.
///
/// All audio tracks, and subtitles, chapters, metadata and attachments are copied where the
/// container takes them as they are; each that is left out is said in one warning. The time line
/// starts at the target's beginning, or at the first frame when it was asked to start later; sound
/// and picture keep their offset. The output is an OutputFile: nothing is at the final name before
/// finish() returns. Stateful, in frame order; one thread at a time.
class VideoWriter {
 public:
  /// Throws Error: kCannotCreate as OutputFile does, kUsage when the encoder refuses size or
  /// options.
  VideoWriter(const std::filesystem::path& output, bool overwrite, const EncoderPlan& plan,
              const EncodeOptions& options, Size canvas, VideoReader& target, const Events& events);
  /// Without finish(), leaves nothing behind.
  ~VideoWriter();

  /// What becomes of each stream of the target, a line a stream.
  const std::vector<std::string>& stream_lines() const;

  /// Writes the packets before a frame of the target, then its mosaic at its time. Throws Error
  /// (kInputOutput).
  void write(const SourceFrame& frame, const Picture& mosaic);

  /// Drains the encoder, writes what is left, closes, and puts the file in place, or at `other` in
  /// the same folder.
  OutputSummary finish(const std::vector<std::shared_ptr<Packet>>& remaining,
                       const std::optional<std::filesystem::path>& other = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti::media
