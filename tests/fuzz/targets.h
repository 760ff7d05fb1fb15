#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What smalti reads from others, each reader on its own, to be fed whatever a fuzzer thinks of:
/// `tools/fuzz` does so for as long as it is given, and tests replay what it has found.
namespace smalti::fuzz {

using Input = std::vector<std::uint8_t>;

/// A target takes any bytes. What it finds ends it: a crash, a sanitizer's report, or an exception
/// that no reader may throw.
struct Target {
  const char* name;
  int (*run)(const std::uint8_t* data, std::size_t size);  ///< returns 0
  std::vector<Input> (*seeds)();  ///< good inputs to begin with, made anew by our own code
};

/// All there are.
std::span<const Target> targets();

int fuzz_jpeg(const std::uint8_t* data, std::size_t size);
int fuzz_png(const std::uint8_t* data, std::size_t size);
int fuzz_webp(const std::uint8_t* data, std::size_t size);
int fuzz_tiff(const std::uint8_t* data, std::size_t size);
int fuzz_bmp(const std::uint8_t* data, std::size_t size);
int fuzz_heif(const std::uint8_t* data, std::size_t size);
int fuzz_gif(const std::uint8_t* data, std::size_t size);
int fuzz_metadata(const std::uint8_t* data, std::size_t size);
int fuzz_library(const std::uint8_t* data, std::size_t size);
int fuzz_placements(const std::uint8_t* data, std::size_t size);
int fuzz_journal(const std::uint8_t* data, std::size_t size);
int fuzz_names(const std::uint8_t* data, std::size_t size);
int fuzz_values(const std::uint8_t* data, std::size_t size);
int fuzz_video(const std::uint8_t* data, std::size_t size);

std::vector<Input> jpeg_seeds();
std::vector<Input> png_seeds();
std::vector<Input> webp_seeds();
std::vector<Input> tiff_seeds();
std::vector<Input> bmp_seeds();
std::vector<Input> heif_seeds();
std::vector<Input> gif_seeds();
std::vector<Input> metadata_seeds();
std::vector<Input> library_seeds();
std::vector<Input> placements_seeds();
std::vector<Input> journal_seeds();
std::vector<Input> names_seeds();
std::vector<Input> values_seeds();
std::vector<Input> video_seeds();

}  // namespace smalti::fuzz
