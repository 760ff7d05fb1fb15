#include "images/image_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

#include "base/names.h"
#include "base/output_file.h"
#include "base/output_handle.h"
#include "base/packed.h"
#include "base/wording.h"
#include "images/row_encoder.h"
#include "smalti/error.h"

namespace smalti::images {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kAnyNumber = std::numeric_limits<std::int64_t>::max();

struct Traits {
  const char* name;
  bool alpha;
  int default_quality;  ///< 0: it is exact
  std::int64_t longest_side;
  std::int64_t most_pixels;
  std::unique_ptr<RowEncoder> (*make)(OutputHandle&, const StillSettings&);
};

const Traits& traits_of(StillFormat format) {
  static constexpr std::array<Traits, 5> kTraits = {
      {{"JPEG", false, 92, 65'500, kAnyNumber, make_jpeg_encoder},
       {"PNG", true, 0, kAnyNumber, kAnyNumber, make_png_encoder},
       {"WebP", true, 90, 16'383, kAnyNumber, make_webp_encoder},
       {"TIFF", true, 0, kAnyNumber, kAnyNumber, make_tiff_encoder},
       {"AVIF", true, 75, 16'384, 64'000'000, make_avif_encoder}}};
  return kTraits[static_cast<std::size_t>(format)];
}

[[noreturn]] void refuse(const fs::path& path, const std::string& why, const std::string& hint) {
  throw Error(ErrorKind::kUsage, fmt::format("cannot write '{}': {}", path.string(), why), hint);
}

StillFormat known_format(const fs::path& path) {
  const std::optional<StillFormat> format = still_format(path);
  if (!format)
    refuse(path, "its extension names no picture format that smalti writes",
           "use .jpg, .png, .webp, .tif or .avif");
  return *format;
}

std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

void check_size(const fs::path& path, const Traits& traits, Size size) {
  const std::string hint =
      worded("write TIFF (.tif), which takes pictures of any size, or choose a smaller {size}");
  const std::string is = fmt::format("{} x {} pixels are more than", with_commas(size.width),
                                     with_commas(size.height));
  if (std::max(size.width, size.height) > traits.longest_side)
    refuse(path,
           fmt::format("{} {}'s {} a side", is, traits.name, with_commas(traits.longest_side)),
           hint);
  if (std::int64_t{size.width} * size.height > traits.most_pixels)
    refuse(path,
           fmt::format("{} the {} megapixels that smalti encodes as {}", is,
                       traits.most_pixels / 1'000'000, traits.name),
           hint);
}

void check_quality(const fs::path& path, const Traits& traits, std::optional<int> quality) {
  if (!quality) return;
  if (traits.default_quality == 0)
    refuse(path, fmt::format("{} is exact, so a quality has no effect", traits.name),
           "leave the quality out, or write JPEG, WebP or AVIF");
  if (*quality < 1 || *quality > 100)
    refuse(path, fmt::format("a quality of {} is out of range", *quality), "choose 1 to 100");
}

// What JPEG's 16 bits can hold, for all formats.
void check_dpi(const fs::path& path, double dpi) {
  constexpr double kMostDpi = 65'535;
  if (dpi != 0 && !(dpi >= 1 && dpi <= kMostDpi))
    refuse(path, fmt::format("{:g} dots per inch are out of range", dpi), "choose 1 to 65535");
}

void check_place(const fs::path& path, StillFormat format) {
  std::error_code ignored;
  if (format == StillFormat::kTiff && fs::is_other(path, ignored))
    refuse(path, "a TIFF is not written from front to back, as a device or FIFO needs",
           "write JPEG, PNG, WebP or AVIF there, or TIFF into a file");
}

StillSettings settings_of(const fs::path& path, Size size, bool alpha,
                          const ImageWriteOptions& options) {
  check_image_output(path, size, alpha, options);
  const int quality = options.quality.value_or(traits_of(known_format(path)).default_quality);
  return {.size = size, .alpha = alpha, .quality = quality, .dpi = options.dpi};
}

}  // namespace

std::optional<StillFormat> still_format(const fs::path& name) {
  const std::string extension = lower_extension(name);
  if (extension == ".jpg" || extension == ".jpeg") return StillFormat::kJpeg;
  if (extension == ".png") return StillFormat::kPng;
  if (extension == ".webp") return StillFormat::kWebp;
  if (extension == ".tif" || extension == ".tiff") return StillFormat::kTiff;
  if (extension == ".avif") return StillFormat::kAvif;
  return {};
}

const char* format_name(StillFormat format) { return traits_of(format).name; }

bool holds_alpha(StillFormat format) { return traits_of(format).alpha; }

void check_image_output(const fs::path& path, Size size, bool alpha,
                        const ImageWriteOptions& options) {
  assert(size.width > 0 && size.height > 0);
  const StillFormat format = known_format(path);
  const Traits& traits = traits_of(format);
  if (format == StillFormat::kAvif && !can_encode_avif())
    refuse(path, "libheif has no encoder for AV1 on this machine", "write .webp or .jpg instead");
  if (alpha && !traits.alpha)
    refuse(path, fmt::format("{} cannot hold transparency", traits.name),
           "write .png, .webp, .tif or .avif");
  check_size(path, traits, size);
  check_quality(path, traits, options.quality);
  check_dpi(path, options.dpi);
  check_place(path, format);
}

struct ImageWriter::State {
  State(const fs::path& path, const StillSettings& s, const ImageWriteOptions& options)
      : settings(s),
        output(path, options.overwrite),
        file(output, options.stop),
        encoder(traits_of(known_format(path)).make(file, settings)),
        row(settings.row_bytes()) {}

  StillSettings settings;
  OutputFile output;
  OutputHandle file;
  std::unique_ptr<RowEncoder> encoder;
  std::vector<std::uint8_t> row;
  int rows = 0;
};

ImageWriter::ImageWriter(const fs::path& path, Size size, bool alpha,
                         const ImageWriteOptions& options)
    : state_(std::make_unique<State>(path, settings_of(path, size, alpha, options), options)) {}

ImageWriter::~ImageWriter() = default;

void ImageWriter::write(const Picture& strip) {
  State& s = *state_;
  assert(strip.format.model == ColorModel::kRgb && strip.format.depth == 8);
  assert(strip.format.alpha == s.settings.alpha && strip.width == s.settings.size.width);
  assert(s.rows + strip.height <= s.settings.size.height);
  for (int y = 0; y < strip.height; ++y) {
    pack_row(strip, y, s.row.data());
    s.encoder->write_row(s.row.data());
  }
  s.rows += strip.height;
}

std::uint64_t ImageWriter::finish() {
  State& s = *state_;
  assert(s.rows == s.settings.size.height);
  s.encoder->finish();
  s.encoder.reset();
  s.file.close();
  s.output.commit();
  return s.file.size();
}

std::uint64_t write_image(const Picture& picture, const fs::path& path,
                          const ImageWriteOptions& options) {
  ImageWriter writer(path, picture.size(), picture.format.alpha, options);
  writer.write(picture);
  return writer.finish();
}

}  // namespace smalti::images
