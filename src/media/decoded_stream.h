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
  DecodedStream(const NamedFile& file, int threads, const Events& events);

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

  /// Reads the video alone from now on: the packets of other streams are passed over.
  void drop_other_streams();

  /// As start_near, at any time, forwards or back.
  void go_to(std::int64_t pts);

  /// Whether that is likely to come to frames at `pts`, which are still to come, sooner than
  /// reading on does.
  bool pays_to_go_to(std::int64_t pts) const;

  /// From now on frames before `pts` that no other frame refers to need not come, which saves
  /// decoding them.
  void skip_unreferenced_before(std::int64_t pts) { skip_before_ = pts; }

  /// Since the last jump, no frame after this was left out for that.
  std::int64_t last_skipped() const { return last_skipped_; }

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
  void restart();
  void choose_streams();
  void note_key(std::int64_t dts);
  bool try_start(std::int64_t seek_pts, std::int64_t wanted_pts);
  bool feed();
  std::int64_t settle_pts(const AVFrame& frame);

  NamedFile file_;
  int threads_;
  Events events_;
  std::unique_ptr<Demuxer> demuxer_;
  AVStream* video_ = nullptr;  // belongs to demuxer_
  std::unique_ptr<Decoder> decoder_;
  UniquePacket packet_ = make_packet();
  UniqueFrame first_;  // decoded already, to see where a seek had led
  std::optional<std::int64_t> last_pts_;
  std::optional<std::int64_t> key_pts_;  // of the first key packet
  bool video_alone_ = false;
  bool at_key_ = true;  // false after a seek, until a key packet comes
  bool drained_ = false;
  bool sought_ = false;
  std::uint64_t packets_read_ = 0;  // of the video
  std::int64_t skip_before_ = INT64_MIN;
  std::int64_t last_skipped_ = INT64_MIN;
  std::int64_t last_dts_ = AV_NOPTS_VALUE;      // of the video's last packet
  std::int64_t last_key_dts_ = AV_NOPTS_VALUE;  // of its last key packet since the last jump
  std::int64_t key_distance_ = 0;               // the longest seen between two; 0: none seen
  std::vector<std::shared_ptr<Packet>> packets_;
};

}  // namespace smalti::media
