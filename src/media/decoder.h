#pragma once

#include <cstdint>
#include <filesystem>

#include "media/handles.h"

namespace smalti::media {

/// Decodes one video stream. Packets that cannot be decoded are counted and passed over.
/// Stateful, in packet order.
class Decoder {
 public:
  /// `threads`: 0 as many as there are processors; fewer where pictures are so large that frames in
  /// flight would fill the memory. Throws Error (kBadInput).
  Decoder(const AVStream& stream, int threads, const std::string& name);

  /// Takes the stream's next packet, or null once at the end. Call receive() until it gives nothing
  /// after every send.
  void send(const AVPacket* packet);

  /// The next decoded frame in the order of presentation, or null when more packets are needed or,
  /// after the end was sent, when there are no more.
  UniqueFrame receive();

  /// Forgets all packets sent so far: the next one is a key packet from somewhere else.
  void restart();

  /// Whether frames that no other frame refers to need not be decoded, from the next packet on.
  void skip_unreferenced(bool skip);

  /// Packets that could not be decoded, so far.
  std::uint64_t damaged() const { return damaged_; }

 private:
  UniqueCodec codec_;
  std::uint64_t damaged_ = 0;
};

/// Whether the decoder itself says that the frame is not what was recorded.
bool is_damaged(const AVFrame& frame);

bool is_interlaced(const AVFrame& frame);

/// How long the frame is to be shown as its packet says, in the stream's time base; 0 when unknown.
std::int64_t stated_duration(const AVFrame& frame);

}  // namespace smalti::media
