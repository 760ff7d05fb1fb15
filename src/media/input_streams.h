#pragma once

#include <filesystem>

#include "media/handles.h"
#include "media/time_line.h"

namespace smalti::media {

/// What the writer needs of an opened target besides its frames. Valid as long as its VideoReader.
struct InputStreams {
  const AVFormatContext* format = nullptr;
  int video = -1;  ///< the stream the frames come from
  std::filesystem::path path;

  Nanoseconds first_frame = 0;  ///< when it is shown, on the input's time line
  Nanoseconds pts_zero =
      0;  ///< the time that SourceFrame::pts counts from; 0 unless a constant rate is asked for
  bool starts_later = false;    ///< the run was asked not to start at the beginning
  Nanoseconds end = INT64_MAX;  ///< where it was asked to end
};

}  // namespace smalti::media
