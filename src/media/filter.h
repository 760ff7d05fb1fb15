#pragma once

#include <cstdint>
#include <optional>

#include "media/handles.h"

namespace smalti::media {

/// How a picture is to be turned before it is shown: the eight ways a rectangle fits onto itself.
enum class Orientation {
  kUpright,
  kMirrored,        ///< left and right change places
  kFlipped,         ///< top and bottom change places
  kTurnedHalf,      ///< by 180 degrees
  kTurnedRight,     ///< by 90 degrees, clockwise
  kTurnedLeft,      ///< by 90 degrees, counter-clockwise
  kTransposed,      ///< rows become columns
  kTransposedAnti,  ///< the same along the other diagonal
};

/// The stream's display matrix as an orientation; matrices in between go to the nearest.
Orientation orientation_of(const AVStream& stream);

/// Whether width and height change places.
bool swaps_sides(Orientation orientation);

/// Turns frames upright, brings them to a constant rate, and converts those whose pixel format
/// Picture cannot express. Stateful, in frame order.
class Filter {
 public:
  /// For frames like `first`, whose pts are in `time_base`.
  Filter(const AVFrame& first, AVRational time_base, Orientation orientation,
         std::optional<AVRational> fps);

  /// Whether frames need any of this.
  static bool needed(const AVFrame& frame, Orientation orientation, std::optional<AVRational> fps);

  /// Whether the frame is of the size and format that this was made for.
  bool fits(const AVFrame& frame) const;

  void push(UniqueFrame frame);
  /// No more frames; the last one is shown until `end_pts`.
  void close(std::int64_t end_pts);
  /// The next finished frame, or null when there is none yet or no more.
  UniqueFrame pull();

 private:
  UniqueGraph graph_;
  AVFilterContext* source_ = nullptr;  // these two belong to graph_
  AVFilterContext* sink_ = nullptr;
  int width_;
  int height_;
  int format_;
};

}  // namespace smalti::media
