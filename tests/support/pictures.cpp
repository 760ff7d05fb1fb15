#include "support/pictures.h"

#include <doctest/doctest.h>

#include <cstdio>  // jpeglib.h needs it
//
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace smalti::test {
namespace {

void append(File& to, const File& bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

void append_text(File& to, const std::string& text) {
  to.insert(to.end(), text.begin(), text.end());
}

void append_big(File& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

void append_little(File& to, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint32_t crc_32(const File& bytes) {
  std::uint32_t crc = ~0U;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320U ^ crc >> 1 : crc >> 1;
  }
  return ~crc;
}

std::uint32_t adler_32(const File& bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

File zlib_stored(const File& bytes) {
  constexpr std::size_t kBlock = 65535;
  File out = {0x78, 0x01};
  for (std::size_t at = 0; at < bytes.size() || at == 0; at += kBlock) {
    const std::size_t size = std::min(kBlock, bytes.size() - at);
    out.push_back(at + size == bytes.size() ? 1 : 0);
    append_little(out, static_cast<std::uint32_t>(size), 2);
    append_little(out, static_cast<std::uint32_t>(size) ^ 0xFFFF, 2);
    out.insert(out.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
               bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
  }
  append_big(out, adler_32(bytes));
  return out;
}

constexpr std::uint32_t kDateBytes = 20;  // with a zero behind it

/// What EXIF is in every format: a TIFF header and one directory, whose text follows.
File exif_block(int orientation, const std::string& date) {
  const std::uint32_t entries = date.empty() ? 1 : 2;
  File block = {'I', 'I', 42, 0, 8, 0, 0, 0};
  append_little(block, entries, 2);
  append_little(block, 0x0112, 2);  // orientation
  append_little(block, 3, 2);       // 16 bits
  append_little(block, 1, 4);
  append_little(block, static_cast<std::uint32_t>(orientation), 4);
  if (!date.empty()) {
    append_little(block, 0x0132, 2);  // date and time
    append_little(block, 2, 2);       // text
    append_little(block, kDateBytes, 4);
    append_little(block, 8 + 2 + 12 * entries + 4, 4);
  }
  append_little(block, 0, 4);  // no further directory
  if (!date.empty()) append_text(block, date + '\0');
  return block;
}

File encoded(const std::string& extension, const cv::Mat& pixels, const std::vector<int>& how) {
  cv::Mat bgr = pixels.clone();
  if (pixels.channels() == 3) cv::cvtColor(pixels, bgr, cv::COLOR_RGB2BGR);
  if (pixels.channels() == 4) cv::cvtColor(pixels, bgr, cv::COLOR_RGBA2BGRA);
  File file;
  REQUIRE(cv::imencode(extension, bgr, file, how));
  return file;
}

}  // namespace

cv::Mat photo(Size size, bool alpha) {
  cv::Mat pixels(size.height, size.width, alpha ? CV_8UC4 : CV_8UC3);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      std::uint8_t* p = pixels.ptr(y, x);
      p[0] = static_cast<std::uint8_t>(255 * x / size.width);
      p[1] = static_cast<std::uint8_t>(255 * y / size.height);
      p[2] = x < size.width / 2 && y < size.height / 2 ? 200 : 60;
      if (alpha) p[3] = static_cast<std::uint8_t>(std::min(255, 510 - 500 * x / size.width));
    }
  }
  return pixels;
}

cv::Mat stored_as(const cv::Mat& upright, int orientation) {
  const int width = upright.cols;
  const int height = upright.rows;
  const bool sideways = orientation >= 5;
  const bool row_0_is_far =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool column_0_is_far =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  cv::Mat stored(sideways ? width : height, sideways ? height : width, upright.type());
  for (int r = 0; r < stored.rows; ++r) {
    for (int c = 0; c < stored.cols; ++c) {
      const int along_rows = row_0_is_far ? stored.rows - 1 - r : r;
      const int along_columns = column_0_is_far ? stored.cols - 1 - c : c;
      const int x = sideways ? along_rows : along_columns;
      const int y = sideways ? along_columns : along_rows;
      std::copy_n(upright.ptr(y, x), upright.elemSize(), stored.ptr(r, c));
    }
  }
  return stored;
}

File jpeg_file(const cv::Mat& pixels) {
  return encoded(".jpg", pixels, {cv::IMWRITE_JPEG_QUALITY, 95});
}
File png_file(const cv::Mat& pixels) { return encoded(".png", pixels, {}); }
File webp_file(const cv::Mat& pixels) {
  return encoded(".webp", pixels, {cv::IMWRITE_WEBP_QUALITY, 95});
}
File bmp_file(const cv::Mat& pixels) { return encoded(".bmp", pixels, {}); }

File tiff_file(const cv::Mat& pixels, int orientation, const std::string& date) {
  const auto channels = static_cast<std::uint32_t>(pixels.channels());
  const auto bytes = static_cast<std::uint32_t>(pixels.total() * pixels.elemSize());
  File file = {'I', 'I', 42, 0};
  const std::uint32_t bits_at = 8 + bytes;
  const std::uint32_t date_at = bits_at + 8;
  append_little(file, date_at + (date.empty() ? 0 : kDateBytes), 4);
  for (int y = 0; y < pixels.rows; ++y) {
    file.insert(file.end(), pixels.ptr(y), pixels.ptr(y) + pixels.cols * pixels.elemSize());
  }
  for (int i = 0; i < 4; ++i) append_little(file, 8, 2);
  if (!date.empty()) append_text(file, date + '\0');
  struct Entry {
    std::uint32_t tag, type, count, value;
  };
  constexpr std::uint32_t kShort = 3;
  constexpr std::uint32_t kLong = 4;
  const auto side = [](int n) { return static_cast<std::uint32_t>(n); };
  std::vector<Entry> entries = {{256, kLong, 1, side(pixels.cols)},
                                {257, kLong, 1, side(pixels.rows)},
                                {258, kShort, channels, channels == 1 ? 8 : bits_at},
                                {259, kShort, 1, 1},
                                {262, kShort, 1, channels == 1 ? 1U : 2U},
                                {273, kLong, 1, 8},
                                {274, kShort, 1, side(orientation)},
                                {277, kShort, 1, channels},
                                {278, kLong, 1, side(pixels.rows)},
                                {279, kLong, 1, bytes}};
  if (!date.empty()) entries.push_back({306, 2, kDateBytes, date_at});
  if (channels == 4) entries.push_back({338, kShort, 1, 2});
  append_little(file, static_cast<std::uint32_t>(entries.size()), 2);
  for (const Entry& entry : entries) {
    append_little(file, entry.tag, 2);
    append_little(file, entry.type, 2);
    append_little(file, entry.count, 4);
    append_little(file, entry.value, 4);
  }
  append_little(file, 0, 4);
  return file;
}

File cmyk_jpeg_file(const cv::Mat& inverted_inks) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<JDIMENSION>(inverted_inks.cols);
  info.image_height = static_cast<JDIMENSION>(inverted_inks.rows);
  info.input_components = 4;
  info.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, JCS_YCCK);  // this also writes Adobe's marker
  jpeg_set_quality(&info, 95, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPLE*>(inverted_inks.ptr(static_cast<int>(info.next_scanline)));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const File file(buffer, buffer + size);
  std::free(buffer);
  return file;
}

File png_chunk(const std::string& type, const File& data) {
  File checked;
  append_text(checked, type);
  append(checked, data);
  File chunk;
  chunk.reserve(checked.size() + 8);
  append_big(chunk, static_cast<std::uint32_t>(data.size()));
  append(chunk, checked);
  append_big(chunk, crc_32(checked));
  return chunk;
}

File raw_png_file(const PngParts& parts) {
  File header;
  append_big(header, parts.width);
  append_big(header, parts.height);
  append(header, {parts.depth, parts.color_type, 0, 0, 0});
  File filtered;
  for (const File& row : parts.rows) {
    filtered.push_back(0);
    append(filtered, row);
  }
  File file = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  append(file, png_chunk("IHDR", header));
  if (!parts.palette.empty()) append(file, png_chunk("PLTE", parts.palette));
  if (!parts.transparency.empty()) append(file, png_chunk("tRNS", parts.transparency));
  append(file, png_chunk("IDAT", zlib_stored(filtered)));
  append(file, png_chunk("IEND", {}));
  return file;
}

File jpeg_with_exif(const File& jpeg, int orientation, const std::string& date) {
  File data;
  append_text(data, std::string("Exif\0\0", 6));
  append(data, exif_block(orientation, date));
  File file(jpeg.begin(), jpeg.begin() + 2);
  append(file, {0xFF, 0xE1, 0, static_cast<std::uint8_t>(data.size() + 2)});
  append(file, data);
  file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
  return file;
}

File png_with_exif(const File& png, int orientation, const std::string& date) {
  constexpr std::ptrdiff_t kBehindHeader = 8 + 12 + 13;
  File file(png.begin(), png.begin() + kBehindHeader);
  append(file, png_chunk("eXIf", exif_block(orientation, date)));
  file.insert(file.end(), png.begin() + kBehindHeader, png.end());
  return file;
}

File webp_with_exif(const File& webp, Size size, bool alpha, int orientation,
                    const std::string& date) {
  constexpr std::ptrdiff_t kRiffHeader = 12;
  constexpr std::ptrdiff_t kExtendedHeader = 18;
  const bool extended = webp[12] == 'V' && webp[15] == 'X';
  File body;
  append_text(body, "WEBPVP8X");
  append_little(body, 10, 4);
  append_little(body, 0x08 | (alpha ? 0x10 : 0), 4);  // has EXIF, has alpha
  append_little(body, static_cast<std::uint32_t>(size.width - 1), 3);
  append_little(body, static_cast<std::uint32_t>(size.height - 1), 3);
  body.insert(body.end(), webp.begin() + kRiffHeader + (extended ? kExtendedHeader : 0),
              webp.end());
  append_text(body, "EXIF");
  const File exif = exif_block(orientation, date);
  append_little(body, static_cast<std::uint32_t>(exif.size()), 4);
  append(body, exif);
  File file;
  append_text(file, "RIFF");
  append_little(file, static_cast<std::uint32_t>(body.size()), 4);
  append(file, body);
  return file;
}

void write_file(const std::filesystem::path& path, const File& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  REQUIRE(file.flush());
}

cv::Mat pixels_of(const Picture& picture) {
  const int channels = picture.format.components();
  cv::Mat pixels(picture.height, picture.width, CV_8UC(channels));
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      for (int c = 0; c < channels; ++c) {
        const Plane& plane = picture.planes[static_cast<std::size_t>(c)];
        pixels.ptr(y, x)[c] = plane.row<const std::uint8_t>(y)[x * plane.step];
      }
    }
  }
  return pixels;
}

double difference(const cv::Mat& a, const cv::Mat& b) {
  if (a.type() != b.type() || a.size() != b.size()) return 255;
  return cv::norm(a, b, cv::NORM_L1) /
         static_cast<double>(a.total() * a.elemSize1() * a.channels());
}

std::optional<std::filesystem::path> media_folder(const std::string& name) {
  const char* set = std::getenv("SMALTI_MEDIA");
  const std::filesystem::path folder =
      std::filesystem::path(set != nullptr ? set : SMALTI_DEFAULT_MEDIA) / name;
  if (std::filesystem::is_directory(folder)) return folder;
  MESSAGE("left out: there is no folder of test media at " << folder.string());
  return {};
}

}  // namespace smalti::test
