#include "support/animations.h"

#include <doctest/doctest.h>
#include <webp/demux.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti::test {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<ShownFrame> webp_frames(const std::filesystem::path& file) {
  const std::string bytes = bytes_of(file);
  const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  WebPAnimDecoder* decoder = WebPAnimDecoderNew(&data, nullptr);
  REQUIRE(decoder != nullptr);
  WebPAnimInfo info;
  REQUIRE(WebPAnimDecoderGetInfo(decoder, &info));
  std::vector<ShownFrame> frames;
  double start_s = 0;
  while (WebPAnimDecoderHasMoreFrames(decoder)) {
    std::uint8_t* rgba = nullptr;
    int end_ms = 0;
    REQUIRE(WebPAnimDecoderGetNext(decoder, &rgba, &end_ms));
    const cv::Mat shown(static_cast<int>(info.canvas_height), static_cast<int>(info.canvas_width),
                        CV_8UC4, rgba);
    cv::Mat rgb;
    cv::cvtColor(shown, rgb, cv::COLOR_RGBA2RGB);
    frames.push_back({rgb, start_s, end_ms / 1000.0 - start_s});
    start_s = end_ms / 1000.0;
  }
  WebPAnimDecoderDelete(decoder);
  return frames;
}

Ended probed(const std::filesystem::path& file, const std::string& entries) {
  const Ended ended = run_program({"ffprobe", "-v", "error", "-select_streams", "v:0",
                                   "-show_entries", entries, "-of", "csv=p=0", file});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  return ended;
}

}  // namespace

std::vector<ShownFrame> shown_frames(const std::filesystem::path& file) {
  if (file.extension() == ".webp") return webp_frames(file);
  int width = 0;
  int height = 0;
  char comma = 0;
  std::istringstream(probed(file, "stream=width,height").output) >> width >> comma >> height;

  const TempFolder folder;
  const Ended ended =
      run_program({"ffmpeg", "-v", "error", "-i", file, "-fps_mode", "passthrough", "-sws_flags",
                   "accurate_rnd+full_chroma_int+full_chroma_inp+bitexact", "-f", "rawvideo",
                   "-pix_fmt", "rgb24", folder / "frames.raw"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  std::string raw = bytes_of(folder / "frames.raw");
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  REQUIRE(size > 0);
  REQUIRE(raw.size() % size == 0);

  // Packets come in the order of decoding.
  std::vector<std::pair<double, double>> times;
  std::istringstream lines(probed(file, "packet=pts_time,duration_time").output);
  for (double start_s = 0, length_s = 0; lines >> start_s >> comma >> length_s;) {
    times.emplace_back(start_s, length_s);
    lines.ignore(100, '\n');
  }
  std::sort(times.begin(), times.end());
  REQUIRE(times.size() == raw.size() / size);

  std::vector<ShownFrame> frames;
  for (std::size_t at = 0; at < raw.size(); at += size) {
    const auto& [start_s, length_s] = times[at / size];
    frames.push_back({cv::Mat(height, width, CV_8UC3, raw.data() + at).clone(), start_s, length_s});
  }
  return frames;
}

bool loops_for_ever(const std::filesystem::path& file) {
  const std::string bytes = bytes_of(file);
  const auto at = [&](std::size_t place) { return static_cast<unsigned char>(bytes.at(place)); };
  if (file.extension() == ".gif") {
    const std::size_t block = bytes.find("NETSCAPE2.0");
    return block != std::string::npos && at(block + 13) == 0 && at(block + 14) == 0;
  }
  if (file.extension() == ".webp") {
    const std::size_t chunk = bytes.find("ANIM");
    return chunk != std::string::npos && at(chunk + 12) == 0 && at(chunk + 13) == 0;
  }
  const std::size_t chunk = bytes.find("acTL");
  return chunk != std::string::npos && bytes.substr(chunk + 8, 4) == std::string(4, '\0');
}

}  // namespace smalti::test
