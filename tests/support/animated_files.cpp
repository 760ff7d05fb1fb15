#include "support/animated_files.h"

#include <doctest/doctest.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

namespace smalti::test {
namespace {

void append(File& to, const File& bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

void append_little(File& to, int value) {
  to.push_back(static_cast<std::uint8_t>(value));
  to.push_back(static_cast<std::uint8_t>(value >> 8));
}

void append_big(File& to, int value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

// Codes of eight bits, of which the first 128 are colours: with a "clear" often enough they never
// become wider, and nothing needs to be compressed.
constexpr int kColors = 128;
constexpr std::uint8_t kClearCode = 128;
constexpr std::uint8_t kEndCode = 129;
constexpr std::uint8_t kTransparent = 0;

using Palette = std::vector<cv::Vec4b>;

std::uint8_t index_in(Palette& palette, const cv::Vec4b& color) {
  if (color[3] == 0) return kTransparent;
  const auto found = std::find(palette.begin() + 1, palette.end(), color);
  const auto index = static_cast<std::size_t>(std::distance(palette.begin(), found));
  if (found == palette.end()) palette.push_back(color);
  return static_cast<std::uint8_t>(index);
}

void append_gif_pixels(File& file, const File& indices) {
  file.push_back(7);  // bits of a colour
  for (std::size_t at = 0; at < indices.size(); at += 100) {
    const std::size_t count = std::min<std::size_t>(100, indices.size() - at);
    file.push_back(static_cast<std::uint8_t>(count + 1));
    file.push_back(kClearCode);
    const auto first = indices.begin() + static_cast<std::ptrdiff_t>(at);
    file.insert(file.end(), first, first + static_cast<std::ptrdiff_t>(count));
  }
  append(file, {1, kEndCode, 0});
}

std::vector<int> rows_of(int height, bool interlaced) {
  std::vector<int> rows;
  for (int y = 0; y < height; y += interlaced ? 8 : 1) rows.push_back(y);
  if (!interlaced) return rows;
  for (int y = 4; y < height; y += 8) rows.push_back(y);
  for (int y = 2; y < height; y += 4) rows.push_back(y);
  for (int y = 1; y < height; y += 2) rows.push_back(y);
  return rows;
}

/// The data of all IDAT chunks.
File png_data(const File& png) {
  File data;
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::size_t size = std::size_t{png[at + 2]} << 8 | png[at + 3];
    REQUIRE((png[at] == 0 && png[at + 1] == 0));
    const auto first = png.begin() + static_cast<std::ptrdiff_t>(at + 8);
    if (std::string(first - 4, first) == "IDAT")
      data.insert(data.end(), first, first + static_cast<std::ptrdiff_t>(size));
    at += size + 12;
  }
  return data;
}

File frame_control(const AnimationPart& part, int sequence) {
  File control;
  append_big(control, sequence, 4);
  append_big(control, part.rgba.cols, 4);
  append_big(control, part.rgba.rows, 4);
  append_big(control, part.at.x, 4);
  append_big(control, part.at.y, 4);
  append_big(control, part.shown_ms, 2);
  append_big(control, 1000, 2);
  control.push_back(static_cast<std::uint8_t>(part.after));
  control.push_back(1);  // drawn over what is there
  return control;
}

}  // namespace

File gif_file(Size canvas, const std::vector<AnimationPart>& parts, bool interlaced) {
  Palette palette = {{0, 0, 0, 0}};
  File body;
  for (const AnimationPart& part : parts) {
    const int disposal = static_cast<int>(part.after) + 1;
    append(body, {0x21, 0xF9, 4, static_cast<std::uint8_t>(disposal << 2 | 1)});
    append_little(body, part.shown_ms / 10);
    append(body, {kTransparent, 0, 0x2C});
    for (const int number : {part.at.x, part.at.y, part.rgba.cols, part.rgba.rows})
      append_little(body, number);
    body.push_back(interlaced ? 0x40 : 0);
    File indices;
    for (const int y : rows_of(part.rgba.rows, interlaced))
      for (int x = 0; x < part.rgba.cols; ++x)
        indices.push_back(index_in(palette, part.rgba.at<cv::Vec4b>(y, x)));
    append_gif_pixels(body, indices);
  }
  File file = {'G', 'I', 'F', '8', '9', 'a'};
  append_little(file, canvas.width);
  append_little(file, canvas.height);
  append(file, {0x80 | 6, 0, 0});  // 128 colours for all
  REQUIRE(palette.size() <= kColors);
  palette.resize(kColors);
  for (const cv::Vec4b& color : palette) append(file, {color[0], color[1], color[2]});
  append(file, body);
  file.push_back(0x3B);
  return file;
}

File apng_file(Size canvas, const std::vector<AnimationPart>& parts, const cv::Mat& still) {
  File header;
  append_big(header, canvas.width, 4);
  append_big(header, canvas.height, 4);
  append(header, {8, 6, 0, 0, 0});
  File file = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  append(file, png_chunk("IHDR", header));
  File count;
  append_big(count, static_cast<int>(parts.size()), 4);
  append_big(count, 0, 4);
  append(file, png_chunk("acTL", count));
  if (!still.empty()) append(file, png_chunk("IDAT", png_data(png_file(still))));
  int sequence = 0;
  for (const AnimationPart& part : parts) {
    append(file, png_chunk("fcTL", frame_control(part, sequence)));
    ++sequence;
    const File data = png_data(png_file(part.rgba));
    if (sequence == 1 && still.empty()) {
      append(file, png_chunk("IDAT", data));
      continue;
    }
    File numbered;
    append_big(numbered, sequence++, 4);
    append(numbered, data);
    append(file, png_chunk("fdAT", numbered));
  }
  append(file, png_chunk("IEND", {}));
  return file;
}

File webp_animation(const std::vector<AnimationPart>& parts) {
  const cv::Size size = parts.front().rgba.size();
  WebPAnimEncoder* encoder = WebPAnimEncoderNew(size.width, size.height, nullptr);
  REQUIRE(encoder != nullptr);
  WebPConfig config;
  REQUIRE(WebPConfigInit(&config));
  config.lossless = 1;
  config.exact = 1;
  int time_ms = 0;
  for (const AnimationPart& part : parts) {
    WebPPicture picture;
    REQUIRE(WebPPictureInit(&picture));
    picture.use_argb = 1;
    picture.width = size.width;
    picture.height = size.height;
    REQUIRE(WebPPictureImportRGBA(&picture, part.rgba.data, static_cast<int>(part.rgba.step[0])));
    REQUIRE(WebPAnimEncoderAdd(encoder, &picture, time_ms, &config));
    WebPPictureFree(&picture);
    time_ms += part.shown_ms;
  }
  REQUIRE(WebPAnimEncoderAdd(encoder, nullptr, time_ms, nullptr));
  WebPData data;
  WebPDataInit(&data);
  REQUIRE(WebPAnimEncoderAssemble(encoder, &data));
  const File file(data.bytes, data.bytes + data.size);
  WebPDataClear(&data);
  WebPAnimEncoderDelete(encoder);
  return file;
}

std::vector<AnimationPart> differing_parts(int count, Size size) {
  std::vector<AnimationPart> parts;
  for (int i = 0; i < count; ++i) {
    cv::Mat rgba(size.height, size.width, CV_8UC4,
                 cv::Scalar(20 + 37 * i % 230, 9 * i, 255 - 20 * i, 255));
    const cv::Rect spot(i * size.width / count, size.height / 3, size.width / count,
                        size.height / 3);
    rgba(spot).setTo(cv::Scalar(250, 240, 10 * i, 255));
    parts.push_back({rgba});
  }
  return parts;
}

}  // namespace smalti::test
