#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "media/handles.h"
#include "media/input_streams.h"

namespace smalti::media {

/// What becomes of a stream of the target.
struct StreamFate {
  int index = 0;
  bool copied = false;
  bool missed = false;  ///< left out although somebody may see or hear the difference
  std::string line;     ///< says so, with what to do about it
};

/// The fates of all streams. Those that can go into the output as they are (audio, subtitles,
/// attachments) are copied; each is tried in the muxer's header together with the encoder's video.
std::vector<StreamFate> decide_streams(const InputStreams& input, const AVOutputFormat& muxer,
                                       const AVCodecContext& encoder);

/// Whether the container takes all of the target's sound and subtitles, as far as its tables say.
bool takes_all_streams(const InputStreams& input, const AVOutputFormat& muxer);

/// An output context with the encoder's stream first and then the copied ones in their order, and
/// the target's metadata. `url` may be empty.
UniqueOutput make_output(const AVOutputFormat& muxer, const std::string& url,
                         const AVCodecContext& encoder, const InputStreams& input,
                         const std::vector<int>& copied);

/// Copies the chapters that lie in what is written, counted from `origin` of the input's time line.
void copy_chapters(AVFormatContext& output, const InputStreams& input, Nanoseconds origin);

}  // namespace smalti::media
