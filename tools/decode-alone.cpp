// Decodes every JPEG file of a folder with libjpeg-turbo alone, as small as it can be while its
// long edge stays at 128 pixels or more: what making tiles of them cannot cost less than.
//
//   decode-alone FOLDER THREADS

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "read-jpeg.h"

namespace {

constexpr unsigned kLongEdge = 128;

void decode(const std::filesystem::path& path) {
  JpegFile file(path);
  jpeg_decompress_struct& decoder = file.decoder;
  const unsigned edge = std::max(decoder.image_width, decoder.image_height);
  decoder.scale_num = 1;
  decoder.scale_denom = 8;
  while (decoder.scale_num < 8 && edge * decoder.scale_num / 8 < kLongEdge) ++decoder.scale_num;
  jpeg_start_decompress(&decoder);
  std::vector<unsigned char> row(std::size_t{decoder.output_width} * 3);
  unsigned char* rows = row.data();
  while (decoder.output_scanline < decoder.output_height) jpeg_read_scanlines(&decoder, &rows, 1);
  jpeg_finish_decompress(&decoder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
    files.push_back(entry.path());
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < std::stoi(argv[2]); ++i)
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < files.size(); at = next++) decode(files[at]);
    });
  for (std::thread& thread : threads) thread.join();
}
