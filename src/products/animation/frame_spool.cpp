#include "products/animation/frame_spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "products/run/temporary_folder.h"
#include "smalti/error.h"

namespace smalti {
namespace {

constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};

[[noreturn]] void fail(const char* what, int error) {
  throw Error(ErrorKind::kInputOutput,
              fmt::format("cannot {} a temporary file in '{}': {}", what,
                          temporary_folder().string(), std::generic_category().message(error)),
              "name a folder with more room in TMPDIR");
}

}  // namespace

FrameSpool::FrameSpool(Size size) : size_(size) {
  std::string name = (temporary_folder() / "smalti-frames-XXXXXX").string();
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail("make", errno);
  ::unlink(name.c_str());
}

FrameSpool::~FrameSpool() { ::close(file_); }

std::size_t FrameSpool::frame_bytes() const {
  return std::size_t{3} * static_cast<std::size_t>(size_.width) *
         static_cast<std::size_t>(size_.height);
}

void FrameSpool::add(const Picture& frame) {
  assert(frame.size() == size_ && frame.format == kRgb);
  std::vector<std::uint8_t> samples;
  samples.reserve(frame_bytes());
  for (std::size_t c = 0; c < 3; ++c) {
    const Plane& plane = frame.planes[c];
    for (int y = 0; y < frame.height; ++y) {
      const auto* row = plane.row<const std::uint8_t>(y);
      for (int x = 0; x < frame.width; ++x) samples.push_back(row[x * plane.step]);
    }
  }
  for (std::size_t done = 0; done < samples.size();) {
    const auto at = static_cast<off_t>(frames_ * frame_bytes() + done);
    const ssize_t count = ::pwrite(file_, samples.data() + done, samples.size() - done, at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("write", count == 0 ? ENOSPC : errno);
    done += static_cast<std::size_t>(count);
  }
  ++frames_;
}

Picture FrameSpool::get(std::uint64_t number) const {
  const auto samples = std::make_shared<std::vector<std::uint8_t>>(frame_bytes());
  for (std::size_t done = 0; done < samples->size();) {
    const auto at = static_cast<off_t>(number * frame_bytes() + done);
    const ssize_t count = ::pread(file_, samples->data() + done, samples->size() - done, at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("read", count == 0 ? EIO : errno);
    done += static_cast<std::size_t>(count);
  }
  Picture frame{kRgb, size_.width, size_.height, {}, {}, samples};
  for (std::size_t c = 0; c < 3; ++c)
    frame.planes[c] = {reinterpret_cast<std::byte*>(samples->data() + c * frame_bytes() / 3),
                       size_.width, 1, size_.width, size_.height};
  return frame;
}

}  // namespace smalti
