#pragma once

// clang-format off
#include <cstdio>  // before jpeglib.h, which needs it
#include <jpeglib.h>
// clang-format on

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

/// A JPEG file read by libjpeg-turbo alone, in RGB. Its errors end the program.
class JpegFile {
 public:
  explicit JpegFile(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(stream), {});
    decoder.err = jpeg_std_error(&errors_);
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
    jpeg_read_header(&decoder, TRUE);
    decoder.out_color_space = JCS_RGB;
  }
  ~JpegFile() { jpeg_destroy_decompress(&decoder); }
  JpegFile(const JpegFile&) = delete;
  JpegFile& operator=(const JpegFile&) = delete;

  jpeg_decompress_struct decoder;  ///< its header is read

 private:
  jpeg_error_mgr errors_;
  std::vector<char> bytes_;
};
