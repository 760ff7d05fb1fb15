#pragma once

#include <filesystem>
#include <optional>

#include "media/file_io.h"
#include "media/handles.h"
#include "media/time_line.h"
#include "smalti/events.h"

namespace smalti::media {

/// Opens a local media file or pipe and reads its packets.
///
/// Only formats that carry everything in the one file are let in: playlists, picture sequences and
/// devices are refused, and no file is ever opened because another one names it.
/// Stateful; one thread at a time.
class Demuxer {
 public:
  /// Throws Error: kMissingInput when the file is not there or may not be read, kBadInput when it
  /// is in no format smalti reads, with what it is instead.
  Demuxer(const NamedFile& file, const Events& events);
  Demuxer(Demuxer&&) = default;

  AVFormatContext& format() { return *format_; }
  const AVFormatContext& format() const { return *format_; }

  /// The first video stream that is neither a cover picture nor a thumbnail track.
  /// Throws Error (kBadInput) when there is none, or one of a codec unknown to libav.
  AVStream& video_stream();

  /// Reads the next packet of a stream that is not discarded. False at the end, which is also where
  /// a damaged file yields nothing more. Throws Error (kInputOutput) when reading itself fails.
  /// Times that cannot be reckoned with are left out of it.
  bool read(AVPacket& packet);

  /// Goes to where the stream's packets for `timestamp` and before are, as far as the format knows.
  /// False when it cannot: then nothing is known of the position.
  bool seek(const AVStream& stream, std::int64_t timestamp);

  /// Whether seek() can work at all: not on a pipe.
  bool seekable() const;

  /// The decoding time of the last key packet up to `timestamp` that the file's index knows of.
  std::optional<std::int64_t> key_before(const AVStream& stream, std::int64_t timestamp) const;

  /// Whether the file's index knows of packets at `timestamp` or later.
  bool index_reaches(const AVStream& stream, std::int64_t timestamp) const;

  /// Bytes in the file; 0 for a pipe.
  std::int64_t size() const;

  /// Stretches of the file that held no readable packet, so far.
  std::uint64_t damaged() const { return damaged_; }

 private:
  void check_reading() const;

  std::string name_;
  std::unique_ptr<Events> events_;  // libav keeps its address
  FileIo io_;                       // before format_: closed after it
  UniqueInput format_;
  std::uint64_t damaged_ = 0;
};

}  // namespace smalti::media
