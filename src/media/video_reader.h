#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/picture.h"
#include "media/source_frame.h"
#include "smalti/encoding.h"
#include "smalti/events.h"

namespace smalti::media {

struct ReadOptions {
  double start_s = 0;                ///< from the beginning of the file
  std::optional<double> duration_s;  ///< from there; the whole rest when absent
  std::optional<Rational> fps;       ///< constant rate instead of the source's own frames
  int threads = 0;                   ///< of the decoder; 0: as many as processors
  std::string name = {};             ///< what messages call it; by itself "the target 'beach.mp4'"
};

/// What is known of a target before its frames are read.
struct TargetInfo {
  Size size;           ///< upright, in square pixels
  Rational time_base;  ///< of SourceFrame::pts
  std::int64_t first_pts = 0;
  /// Where the header says that the last frame to be read ends, as far as it says so.
  std::optional<std::int64_t> end_pts;
  Rational fps;               ///< a hint only; 0/1 when unknown
  std::int64_t begin_ns = 0;  ///< where the file's time line begins, in nanoseconds
  /// How many frames will be read, as far as the header can be believed. A guess.
  std::optional<std::uint64_t> frames;
};

struct InputStreams;  // media's own: the demuxer's streams, for VideoWriter

/// Reads a video: demuxes, decodes, turns upright, and hands out frames with the packets of the
/// copied streams before them.
///
/// The video is the first video stream that is no attached picture. Playlists and other formats
/// that lead to further files are refused. What a damaged file still gives is read on: undecodable
/// packets are counted, not fatal. Stateful; one thread at a time.
class VideoReader {
 public:
  /// Opens the file and decodes its first frame (after `start_s`).
  /// Throws Error: kMissingInput when the file is not there or may not be read, kBadInput when it
  /// is no video smalti reads, its codec is unknown or nothing in it can be decoded, kUsage when
  /// `start_s` lies behind the last frame.
  VideoReader(const std::filesystem::path& path, const ReadOptions& options, const Events& events);
  ~VideoReader();

  const TargetInfo& info() const;
  const InputStreams& streams() const;
  /// Of a frame's pts, from the beginning of the file's time line.
  double seconds(std::int64_t pts) const;

  /// Which streams' packets to hand out besides the frames; before the first read().
  void copy_streams(const std::vector<int>& stream_indexes);

  /// The next frame, or nothing at the end. pts increases strictly. Throws Error (kInputOutput)
  /// when reading the file itself fails.
  std::optional<SourceFrame> read();

  /// Copied packets behind the last frame; after read() gave nothing.
  std::vector<std::shared_ptr<Packet>> take_remaining_packets();

  /// Packets that could not be decoded, and frames that came out damaged, so far; at the end, also
  /// those that the file promised and did not have.
  std::uint64_t damaged() const;

  /// Bytes that the file lacks of what its header says it has, unless the asked-for stretch of time
  /// ended before; after read() gave nothing.
  std::int64_t missing_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti::media
