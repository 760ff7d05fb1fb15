#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace smalti::test {

/// What the ffprobe program says of a media file: an opinion that is not ours.
struct ProbedStream {
  int index = 0;
  std::string kind;  ///< "video", "audio", "subtitle", ...
  std::string codec;
  std::string language;
  std::string profile_tags;  ///< colour tags "range/space/transfer/primaries" of video
  int width = 0;
  int height = 0;
  double time_base_s = 0;
  bool attached_picture = false;
  bool is_default = false;
  bool has_rotation = false;
};

struct ProbedPacket {
  std::optional<double> pts_s;
  std::string hash;  ///< of its bytes
};

struct Probe {
  std::vector<ProbedStream> streams;
  double duration_s = 0;
  std::string title;
  std::size_t chapters = 0;

  std::vector<ProbedStream> of_kind(const std::string& kind) const;
};

/// Throws std::runtime_error when ffprobe fails.
Probe probe(const std::filesystem::path& file);

/// The times of the decoded frames of a stream, seconds, in order of presentation.
std::vector<double> frame_times(const std::filesystem::path& file, int stream);

/// The packets of a stream in file order.
std::vector<ProbedPacket> packets(const std::filesystem::path& file, int stream);

/// MD5 of every decoded video frame, by the ffmpeg program.
std::vector<std::string> frame_hashes(const std::filesystem::path& file);

/// The folder of real media, when it is there. Says plainly that a test is skipped when it is not.
std::optional<std::filesystem::path> media_folder();

}  // namespace smalti::test
