// Cuts pictures out of every JPEG file of a folder, half as wide and high as it, each at another
// place: many small photographs to build a library of.
//
//   make-crops FOLDER OUT     190 of each into OUT/NUMBER/

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "read-jpeg.h"

namespace {

namespace fs = std::filesystem;

constexpr unsigned kCount = 190;
constexpr unsigned kAcross = 14;  // places in a row, and rows
constexpr int kQuality = 85;

struct Picture {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<unsigned char> rgb;
};

Picture decode(const fs::path& path) {
  JpegFile file(path);
  jpeg_decompress_struct& decoder = file.decoder;
  jpeg_start_decompress(&decoder);
  Picture picture{decoder.output_width, decoder.output_height, {}};
  picture.rgb.resize(std::size_t{picture.width} * picture.height * 3);
  while (decoder.output_scanline < picture.height) {
    unsigned char* row =
        picture.rgb.data() + std::size_t{decoder.output_scanline} * picture.width * 3;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  return picture;
}

void write_part(const Picture& picture, unsigned number, const fs::path& path) {
  const unsigned width = picture.width / 2;
  const unsigned height = picture.height / 2;
  const unsigned left = (picture.width - width) * (number % kAcross) / (kAcross - 1);
  const unsigned top = (picture.height - height) * (number / kAcross) / (kAcross - 1);
  jpeg_compress_struct encoder;
  jpeg_error_mgr errors;
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &bytes, &size);
  encoder.image_width = width;
  encoder.image_height = height;
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, kQuality, TRUE);
  jpeg_start_compress(&encoder, TRUE);
  while (encoder.next_scanline < height) {
    const std::size_t at = std::size_t{top + encoder.next_scanline} * picture.width + left;
    auto* row = const_cast<unsigned char*>(picture.rgb.data() + at * 3);
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  jpeg_destroy_compress(&encoder);
  std::free(bytes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(argv[1]))
    if (entry.path().extension() == ".jpg") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Picture picture = decode(files[i]);
    const fs::path folder = fs::path(argv[2]) / std::to_string(i);
    fs::create_directories(folder);
    for (unsigned n = 0; n < kCount; ++n)
      write_part(picture, n, folder / (std::to_string(n) + ".jpg"));
  }
}
