#pragma once

#include "media/handles.h"

namespace smalti::media {

/// A packet of a copied stream, on its way from the demuxer to the muxer: times still in the input
/// stream's time base. Immutable once it rides with a SourceFrame.
class Packet {
 public:
  /// Takes over what `packet` refers to and leaves it blank.
  Packet(AVPacket& packet, AVRational time_base) : packet_(make_packet()), time_base_(time_base) {
    av_packet_move_ref(packet_.get(), &packet);
  }

  const AVPacket& get() const { return *packet_; }
  int input_stream() const { return packet_->stream_index; }
  AVRational time_base() const { return time_base_; }

 private:
  UniquePacket packet_;
  AVRational time_base_;
};

}  // namespace smalti::media
