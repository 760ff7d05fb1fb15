#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "media/handles.h"
#include "media/video_writer.h"

namespace smalti::media {

/// How an encoder is set up, whatever its pictures will show.
struct EncoderSetup {
  Size size;
  AVRational time_base;  ///< of the frames handed in
  AVRational fps;        ///< a hint for the bit rate; 0/1 when unknown
};

/// Closes an encoder wherever in its stream it is. SVT-AV1 1.4 waits for its threads when closed,
/// about once in 150 times on a busy machine for ever: one that is not closed within two seconds
/// is left to the end of the process.
struct CloseEncoder {
  void operator()(AVCodecContext* codec) const;
};
using UniqueEncoder = std::unique_ptr<AVCodecContext, CloseEncoder>;

/// The encoder of a plan, opened. Throws Error (kUsage) when it refuses the options or the size.
UniqueEncoder open_encoder(const EncoderPlan& plan, const EncodeOptions& options,
                           const EncoderSetup& setup);

/// Encodes pictures. Stateful, in frame order.
class Encoder {
 public:
  /// Throws what open_encoder throws.
  Encoder(const EncoderPlan& plan, const EncodeOptions& options, const EncoderSetup& setup);

  const AVCodecContext& context() const { return *codec_; }

  /// Takes the next picture; pts and duration are in the setup's time base. Where codec or
  /// container know only a constant rate, the picture goes to the nearest tick of it.
  void send(const Picture& picture, std::int64_t pts, std::int64_t duration);

  /// No more pictures.
  void finish();

  /// The next packet, its times in context().time_base, or false when there is none now or, after
  /// finish(), no more.
  bool receive(AVPacket& packet);

 private:
  AVRational source_time_base_;
  AVPixelFormat pixel_format_;
  UniqueEncoder codec_;
  std::optional<std::int64_t> last_pts_;
  std::map<std::int64_t, std::int64_t> durations_;  // by pts: encoders do not pass them on
};

}  // namespace smalti::media
