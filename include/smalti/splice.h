#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "smalti/events.h"
#include "smalti/sizes.h"
#include "smalti/skipped_file.h"

namespace smalti {

/// The longer edge of spliced pictures when nobody says otherwise: cells are hardly ever larger.
inline constexpr int kSpliceEdge = 640;

struct SpliceOptions {
  std::vector<std::filesystem::path> videos;  ///< files, and folders with all folders in them
  std::filesystem::path output;               ///< a folder, made when it is missing

  double every_s = 1;        ///< one frame in so many seconds
  bool scenes = false;       ///< instead: the sharpest frame of each shot
  std::optional<int> limit;  ///< at most so many frames of each video, evenly spread over it

  std::optional<Aspect> aspect;  ///< what pictures are cropped to; the whole frame when absent
  int crops = 1;                 ///< windows of the aspect, spread evenly over each frame
  std::optional<Size> size;      ///< of each picture, exactly: decides the aspect, too
  int long_edge = kSpliceEdge;   ///< otherwise, larger ones are reduced to it

  bool distinct = false;  ///< leaves out what looks nearly as a picture taken before
  bool strict = false;    ///< an unusable or damaged video is a failure
  int threads = 0;        ///< of smalti and the decoder each; 0: as many as processors
  /// Decodes every frame up to those wanted: what tests compare the quicker ways with.
  bool decode_all = false;
};

struct SpliceSummary {
  std::filesystem::path output;
  bool stopped = false;  ///< events.stop became true; the next run goes on from here
  std::size_t videos = 0;
  std::uint64_t frames = 0;           ///< looked at for pictures
  std::uint64_t written = 0;          ///< pictures made by this run
  std::uint64_t there = 0;            ///< pictures that were there already
  std::uint64_t alike = 0;            ///< pictures left out for `distinct`
  std::vector<SkippedFile> unusable;  ///< named, or videos by their name, and why not
  std::size_t other_files = 0;        ///< in folders, and no videos
  std::uint64_t damaged = 0;          ///< packets and frames of all videos
  /// A file named by the user could not be used, nothing could, or `strict` forbids what happened.
  bool failed = false;
  double wall_s = 0;
};

/// Turns frames of videos into JPEG pictures to be tiles: "NAME-HH-MM-SS.mmm.jpg", after the
/// video's name and the frame's time from the beginning of the file, with -1, -2, ... where there
/// are several crops. Upright, in square pixels, in 8-bit RGB; each appears whole or not at all. Of
/// two videos of one name, the second gets a mark of its path behind it.
///
/// What it knows is kept in a hidden folder of the output, so that a run that was stopped or killed
/// at any moment is continued by the next one: pictures that are there are never made again, those
/// that are missing are. The same videos and options give the same pictures, however often that
/// happened.
///
/// Throws Error: kMissingInput for a name that does not exist, kCannotCreate when the folder cannot
/// be made or was filled with other options or by a run that is still at it, kUsage for options
/// without meaning, kInputOutput when writing fails. A file that cannot be used ends up in the
/// summary instead, and the others are done.
SpliceSummary splice(const SpliceOptions& options, const Events& events);

}  // namespace smalti
