#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/picture.h"

/// Clips made on the spot for tests, and an independent look at what is in a media file: libav used
/// the plain way, without any of src/media's own reading code.
namespace smalti::clips {

/// An AAC tone.
struct AudioTrack {
  std::string language = "eng";
  double start_s = 0;
  double length_s = 1;
};

struct Chapter {
  double start_s = 0;
  double end_s = 1;
  std::string title;
};

/// Four quadrants of different grey, so that every way of turning the picture shows.
struct ClipOptions {
  Size size{64, 48};
  int frames = 30;
  std::string encoder = "libx264";
  std::string pixel_format = "yuv420p";
  int b_frames = 2;
  int key_interval = 12;
  int fps = 25;
  std::vector<std::int64_t> pts_ms = {};  ///< of each frame, instead of fps and frames
  double start_s = 0;                     ///< of the video
  bool full_range = false;
  std::pair<int, int> sample_aspect{1, 1};
  std::optional<std::array<int, 4>> matrix = {};  ///< a, b, c, d of the display matrix, -1 to 1
  bool picture = true;                            ///< whether there is video at all
  std::vector<AudioTrack> audio = {};
  bool audio_first = false;                 ///< as stream 0, and all its packets before the video's
  std::vector<std::string> subtitles = {};  ///< SubRip lines of a second each
  std::vector<Chapter> chapters = {};
  bool attachment = false;
};

/// Grey of the quadrants: top left, top right, bottom left, bottom right.
inline constexpr std::array<int, 4> kQuadrants{210, 160, 110, 60};

/// The container goes by the extension.
void make_clip(const std::filesystem::path& path, const ClipOptions& options);

struct ProbedPacket {
  double pts_s = 0;
  double duration_s = 0;
  std::uint64_t hash = 0;
};

struct ProbedStream {
  std::string kind;  ///< "video", "audio", "subtitle", "attachment"
  std::string codec;
  std::map<std::string, std::string> metadata;
  bool is_default = false;
  std::vector<ProbedPacket> packets;
};

struct Probed {
  std::vector<ProbedStream> streams;
  std::vector<Chapter> chapters;
  std::map<std::string, std::string> metadata;
  double duration_s = 0;

  Size size;  ///< of the first video stream
  int color_matrix = 2;
  bool has_display_matrix = false;
  std::vector<double> frame_times_s;  ///< of its decoded frames
  std::vector<int> frame_greys;       ///< mean luma of each

  const ProbedStream& stream(const std::string& kind, int number = 0) const;
  int count(const std::string& kind) const;
};

/// Throws std::runtime_error when the file cannot be opened.
Probed probe(const std::filesystem::path& path);

void write_file(const std::filesystem::path& path, const std::string& bytes);
std::string read_bytes(const std::filesystem::path& path);

}  // namespace smalti::clips
