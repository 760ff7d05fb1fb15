#pragma once

#include <filesystem>

#include "media/handles.h"

namespace smalti::media {

/// A container that smalti writes, chosen by file extension.
struct Container {
  const char* extension;  ///< with dot, lower case
  const char* muxer;      ///< libav's name
  const char* encoder;    ///< what its video is made with when nobody asks for anything else
};

/// Throws Error (kUsage), with the common extensions, for any other.
const Container& container_for(const std::filesystem::path& output);

/// The same, or null.
const Container* find_container(const std::filesystem::path& output);

/// libav's muxer. Throws Error (kUsage) when this build of libav has none of the name.
const AVOutputFormat& find_muxer(const std::string& name);

/// Whether streams of the codec go into the container and come out of it again.
bool takes(const AVOutputFormat& muxer, AVCodecID codec);

/// Whether files such as fonts can be attached.
bool takes_attachments(const AVOutputFormat& muxer);

/// Whether the container gives each frame its time by its number, at a constant rate.
bool counts_frames(const AVOutputFormat& muxer);

/// Whether the muxer goes back in the file to complete what it wrote before.
bool needs_seeking(const AVOutputFormat& muxer);

}  // namespace smalti::media
