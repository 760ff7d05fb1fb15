#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "media/decoder.h"
#include "media/demuxer.h"
#include "media/packet.h"
#include "smalti/events.h"

namespace smalti::media {

/// The frames of a file's video as they were recorded, and the packets of its other streams.
/// Stateful; one thread at a time.
class DecodedStream {
 public:
  /// Throws what Demuxer and Decoder throw.
  DecodedStream(const std::filesystem::path& path, int threads, const Events& events);

  Demuxer& demuxer() { return *demuxer_; }
  const Demuxer& demuxer() const { return *demuxer_; }
  const AVStream& video() const { return *video_; }

  /// Where the file's time line begins.
  Nanoseconds container_start() const;

  /// The next frame, or null at the end. Its pts is set and increases strictly, whatever the file
  /// says; its colour matrix is settled.
  UniqueFrame next();

  /// Puts the stream where the next frames are exactly those from `pts` or earlier on that a run
  /// from the beginning gives. To be called before anything but that was read.
  void start_near(std::int64_t pts);

  /// Reads on without decoding, for the other streams' packets. The time of the packet read, or
  /// nothing at the end.
  struct PacketTime {
    int stream = -1;
    std::int64_t pts = AV_NOPTS_VALUE;
  };
  std::optional<PacketTime> skip_packet();

  /// The packets of streams other than the video read so far and not yet taken, in file order.
  std::vector<std::shared_ptr<Packet>> take_packets() { return std::exchange(packets_, {}); }

  /// At the end: packets that the file's index promised and that did not come.
  std::uint64_t missing_packets() const;

  /// Packets that could not be read or decoded, so far.
  std::uint64_t damaged() const { return demuxer_->damaged() + decoder_->damaged(); }

 private:
  void open();
  bool try_start(std::int64_t seek_pts, std::int64_t wanted_pts);
  bool feed();
  std::int64_t settle_pts(const AVFrame& frame);

  std::filesystem::path path_;
  int threads_;
  Events events_;
  std::unique_ptr<Demuxer> demuxer_;
  AVStream* video_ = nullptr;  // belongs to demuxer_
  std::unique_ptr<Decoder> decoder_;
  UniquePacket packet_ = make_packet();
  UniqueFrame first_;  // decoded already, to see where a seek had led
  std::optional<std::int64_t> last_pts_;
  std::optional<std::int64_t> key_pts_;  // of the first key packet
  bool at_key_ = true;                   // false after a seek, until a key packet comes
  bool drained_ = false;
  bool sought_ = false;
  std::uint64_t packets_read_ = 0;  // of the video
  std::vector<std::shared_ptr<Packet>> packets_;
};

}  // namespace smalti::media
