// Hands raw frames to the ffmpeg program, which encodes and muxes them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <opencv2/core.hpp>

namespace samples {

class Encoder {
 public:
  // Starts ffmpeg. The sound is read from `sound`; the finished clip is left in `clip`.
  Encoder(const std::filesystem::path& sound, const std::filesystem::path& clip, cv::Size size,
          int frames_per_second);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  void write(const cv::Mat_<cv::Vec3b>& frame);

  // Ends the stream, waits for ffmpeg and throws when it did not succeed.
  void finish();

 private:
  int close_and_wait();

  std::filesystem::path clip_;
  int pipe_ = -1;
  pid_t process_ = -1;
};

}  // namespace samples
