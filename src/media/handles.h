#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
}

#include <filesystem>
#include <memory>
#include <new>
#include <string>

#include "base/free_by.h"
#include "smalti/error.h"

/// Owners of libav's C handles, and the one way its error codes become an Error. Nothing else in
/// smalti calls av_*_free or avio_close, but for images/bmp.cpp below it.
namespace smalti::media {

struct FreeDynamicIo {
  void operator()(AVIOContext* io) const {
    std::uint8_t* bytes = nullptr;
    avio_close_dyn_buf(io, &bytes);
    av_free(bytes);
  }
};

using UniqueFrame = std::unique_ptr<AVFrame, FreeByAddress<av_frame_free>>;
using UniquePacket = std::unique_ptr<AVPacket, FreeByAddress<av_packet_free>>;
using UniqueCodec = std::unique_ptr<AVCodecContext, FreeByAddress<avcodec_free_context>>;
using UniqueGraph = std::unique_ptr<AVFilterGraph, FreeByAddress<avfilter_graph_free>>;
using UniquePads = std::unique_ptr<AVFilterInOut, FreeByAddress<avfilter_inout_free>>;
using UniqueDictionary = std::unique_ptr<AVDictionary, FreeByAddress<av_dict_free>>;
using UniqueInput = std::unique_ptr<AVFormatContext, FreeByAddress<avformat_close_input>>;
using UniqueOutput = std::unique_ptr<AVFormatContext, FreeBy<avformat_free_context>>;
using UniqueIo = std::unique_ptr<AVIOContext, FreeBy<avio_close>>;
using UniqueDynamicIo = std::unique_ptr<AVIOContext, FreeDynamicIo>;

/// The handle, or std::bad_alloc: what libav's allocators mean by a null pointer.
template <typename T>
T* allocated(T* handle) {
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

inline UniqueFrame make_frame() { return UniqueFrame(allocated(av_frame_alloc())); }
inline UniquePacket make_packet() { return UniquePacket(allocated(av_packet_alloc())); }

/// A dictionary that libav functions take and give back through a pointer to a pointer.
class Dictionary {
 public:
  void set(const std::string& key, const std::string& value);
  /// Passes the contents to a libav function; what it leaves belongs to this again.
  template <typename Call>
  auto lend(Call&& call) {
    AVDictionary* raw = values_.release();
    auto result = call(&raw);
    values_.reset(raw);
    return result;
  }
  const AVDictionary* get() const { return values_.get(); }

 private:
  UniqueDictionary values_;
};

/// libav's own words for an error code.
std::string error_text(int code);

/// "'name'", as messages call a file.
std::string quoted(const std::filesystem::path& path);

/// A file to read, and what messages call it: "the target 'beach.mp4'".
struct NamedFile {
  std::filesystem::path path;
  std::string name;
};

/// What libav opens a local file by, whatever characters its name has.
std::string file_url(const std::filesystem::path& path);

/// What an Error says when the user's stop came before there was anything to end cleanly.
inline constexpr const char* kStopped = "stopped: nothing was made";

/// Throws unless `result` is a success. The message reads "`what` 'file': libav's text", with the
/// last error line of the log where one was caught since forget_error_line(). Returns `result`.
int check(int result, const std::string& what, const std::filesystem::path& file,
          ErrorKind kind = ErrorKind::kFailure, const std::string& hint = {});

/// The same without a file.
int check(int result, const std::string& what, ErrorKind kind = ErrorKind::kFailure,
          const std::string& hint = {});

}  // namespace smalti::media
