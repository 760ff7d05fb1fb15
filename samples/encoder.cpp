#include "encoder.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "files.h"

extern char** environ;

namespace samples {
namespace {

std::vector<std::string> ffmpeg_arguments(const std::string& sound, const std::string& clip,
                                          cv::Size size, int frames_per_second) {
  const std::string dimensions = std::to_string(size.width) + "x" + std::to_string(size.height);
  // A fixed number of encoder threads and "bitexact" make the file the same on every machine that
  // has the same ffmpeg.
  return {"ffmpeg",
          "-hide_banner",
          "-loglevel",
          "error",
          "-nostdin",
          "-y",
          "-f",
          "rawvideo",
          "-pixel_format",
          "bgr24",
          "-video_size",
          dimensions,
          "-framerate",
          std::to_string(frames_per_second),
          "-i",
          "pipe:0",
          "-i",
          "file:" + sound,
          "-map",
          "0:v",
          "-map",
          "1:a",
          "-vf",
          "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
          "-c:v",
          "libx264",
          "-crf",
          "16",
          "-preset",
          "veryfast",
          "-threads",
          "4",
          "-colorspace",
          "bt709",
          "-color_primaries",
          "bt709",
          "-color_trc",
          "bt709",
          "-color_range",
          "tv",
          "-c:a",
          "aac",
          "-b:a",
          "192k",
          "-fflags",
          "+bitexact",
          "-flags:v",
          "+bitexact",
          "-flags:a",
          "+bitexact",
          "-movflags",
          "+faststart",
          "-f",
          "mp4",
          "file:" + clip};
}

}  // namespace

Encoder::Encoder(const std::filesystem::path& sound, const std::filesystem::path& clip,
                 cv::Size size, int frames_per_second)
    : clip_(clip) {
  // Without this a dying ffmpeg would kill us before we can say what happened.
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Failure(std::string("making a pipe to ffmpeg: ") + std::strerror(errno));
  }
  pipe_ = ends[1];
  auto arguments = ffmpeg_arguments(sound.string(), clip.string(), size, frames_per_second);
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  const int error = posix_spawnp(&process_, "ffmpeg", &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  if (error != 0) {
    close(pipe_);
    throw Failure(std::string("starting the program ffmpeg: ") + std::strerror(error) +
                  "; install ffmpeg (with libx264) and make sure it is in PATH");
  }
}

Encoder::~Encoder() {
  if (process_ > 0) close_and_wait();
}

void Encoder::write(const cv::Mat_<cv::Vec3b>& frame) {
  const auto* data = frame.ptr<std::uint8_t>();
  std::size_t left = frame.total() * frame.elemSize();
  while (left > 0) {
    const ssize_t written = ::write(pipe_, data, left);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      throw Failure("encoding " + clip_.string() + ": ffmpeg stopped early (" +
                    std::strerror(errno) +
                    "); see its message above, check the free disk space, then run again");
    }
    data += written;
    left -= static_cast<std::size_t>(written);
  }
}

void Encoder::finish() {
  const int status = close_and_wait();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Failure("encoding " + clip_.string() +
                  ": ffmpeg failed; see its message above, check that it has libx264 and that the "
                  "disk is not full, then run again");
  }
}

int Encoder::close_and_wait() {
  close(pipe_);
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return status;
}

}  // namespace samples
