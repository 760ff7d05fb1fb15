#include <cmath>

#include "images/png_errors.h"
#include "images/row_encoder.h"

namespace smalti::images {
namespace {

void write_bytes(png_structp png, png_bytep bytes, std::size_t count) {
  auto& file = *static_cast<OutputHandle*>(png_get_io_ptr(png));
  if (!file.write(bytes, count)) png_error(png, "write error");
}

void keep_buffered(png_structp) {}

struct PngHandles {
  PngHandles() = default;
  ~PngHandles() { png_destroy_write_struct(&png, &info); }
  PngHandles(const PngHandles&) = delete;
  PngHandles& operator=(const PngHandles&) = delete;

  png_structp png = nullptr;
  png_infop info = nullptr;
};

class PngEncoder : public RowEncoder {
 public:
  PngEncoder(OutputHandle& file, const StillSettings& settings) : file_(file) {
    guarded([&] {
      to_.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors_, PngErrors::on_fatal,
                                        PngErrors::on_warning);
      if (to_.png != nullptr) to_.info = png_create_info_struct(to_.png);
    });
    if (to_.info == nullptr) file_.fail("libpng does not fit its header, or memory is short");
    start(settings);
  }

  void write_row(const std::uint8_t* row) override {
    guarded([&] { png_write_row(to_.png, row); });
  }

  void finish() override {
    guarded([&] { png_write_end(to_.png, to_.info); });
  }

 private:
  // Makes calls whose errors become Error.
  template <typename Calls>
  void guarded(const Calls& calls) {
    errors_.guarded(calls, [this](const char* why) { file_.fail(why); });
  }

  void start(const StillSettings& settings) {
    // Of a mosaic of photos, the usual 6 would save 1 % more and take three times as long or
    // longer.
    constexpr int kLevel = 3;
    constexpr std::size_t kChunkBytes = 1 << 16;
    guarded([&] {
      png_set_write_fn(to_.png, &file_, write_bytes, keep_buffered);
      png_set_user_limits(to_.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
      png_set_compression_level(to_.png, kLevel);
      png_set_compression_buffer_size(to_.png, kChunkBytes);
      png_set_IHDR(to_.png, to_.info, static_cast<png_uint_32>(settings.size.width),
                   static_cast<png_uint_32>(settings.size.height), 8,
                   settings.alpha ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                   PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
      png_set_sRGB(to_.png, to_.info, PNG_sRGB_INTENT_PERCEPTUAL);
      if (settings.dpi > 0) {
        constexpr double kMetresPerInch = 0.0254;
        const auto per_metre = static_cast<png_uint_32>(std::lround(settings.dpi / kMetresPerInch));
        png_set_pHYs(to_.png, to_.info, per_metre, per_metre, PNG_RESOLUTION_METER);
      }
      png_write_info(to_.png, to_.info);
    });
  }

  OutputHandle& file_;
  PngErrors errors_;
  PngHandles to_;
};

}  // namespace

std::unique_ptr<RowEncoder> make_png_encoder(OutputHandle& file, const StillSettings& settings) {
  return std::make_unique<PngEncoder>(file, settings);
}

}  // namespace smalti::images
