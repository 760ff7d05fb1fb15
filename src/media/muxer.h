#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "media/file_io.h"
#include "media/handles.h"
#include "media/time_line.h"

namespace smalti::media {

/// A container for one stream of a codec, the same bytes whoever writes it. Throws Error.
UniqueOutput open_container(const std::string& muxer, const OutputFile& file,
                            const AVCodecContext& codec);

/// Writes packets of several streams into one file, interleaved by time. Stateful; one thread at a
/// time.
class Muxer {
 public:
  /// Opens `path`, which must exist, and writes the header. `name` is what messages call the file.
  /// `origin` is the time on the packets' time lines that becomes the file's beginning.
  /// Throws Error: kInputOutput, or kUsage when the container refuses the streams.
  Muxer(UniqueOutput output, const std::filesystem::path& path, const std::filesystem::path& name,
        Nanoseconds origin, const Events& events);

  /// Takes over the packet's contents; its times are in `time_base` and count from `zero`.
  /// Packets of one stream come in decoding order; times that are missing or go back are mended.
  /// Throws Error (kInputOutput).
  void write(AVPacket& packet, int output_stream, AVRational time_base, Nanoseconds zero = 0);

  /// Writes what is held for interleaving and the trailer, and closes the file. Returns the bytes
  /// written. Throws Error (kInputOutput).
  std::uint64_t finish();

 private:
  void check_io(int result, const char* action) const;
  void mend_times(AVPacket& packet, int stream);

  std::filesystem::path name_;
  Nanoseconds origin_;
  FileIo io_;  // before output_: closed after it
  UniqueOutput output_;
  struct LastTime {
    std::int64_t dts = AV_NOPTS_VALUE;
    std::int64_t end = 0;
  };
  std::vector<LastTime> last_;  // by output stream
};

}  // namespace smalti::media
