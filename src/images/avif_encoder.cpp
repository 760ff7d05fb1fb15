#include <cstring>
#include <new>

#include "images/heif_handles.h"
#include "images/row_encoder.h"

namespace smalti::images {
namespace {

constexpr int kSpeed = 8;  // half the time of 6, at the same size
// Always as many: libaom writes other bytes with one thread than with several.
constexpr int kThreads = 8;

template <typename T>
T* allocated(T* handle) {
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

heif_error write_bytes(heif_context*, const void* bytes, std::size_t count, void* file) {
  if (static_cast<OutputHandle*>(file)->write(bytes, count))
    return {heif_error_Ok, heif_suberror_Unspecified, "Success"};
  return {heif_error_Encoding_error, heif_suberror_Cannot_write_output_data, "write error"};
}

UniqueHeifColors srgb_profile() {
  UniqueHeifColors profile(allocated(heif_nclx_color_profile_alloc()));
  profile->color_primaries = heif_color_primaries_ITU_R_BT_709_5;
  profile->transfer_characteristics = heif_transfer_characteristic_IEC_61966_2_1;
  profile->matrix_coefficients = heif_matrix_coefficients_ITU_R_BT_601_6;
  profile->full_range_flag = 1;
  return profile;
}

class AvifEncoder : public RowEncoder {
 public:
  AvifEncoder(OutputHandle& file, const StillSettings& settings)
      : file_(file), row_bytes_(settings.row_bytes()), quality_(settings.quality) {
    heif_image* image = nullptr;
    const Size size = settings.size;
    check(heif_image_create(
        size.width, size.height, heif_colorspace_RGB,
        settings.alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, &image));
    image_.reset(image);
    check(heif_image_add_plane(image, heif_channel_interleaved, size.width, size.height, 8));
    samples_ = heif_image_get_plane(image, heif_channel_interleaved, &stride_);
  }

  void write_row(const std::uint8_t* row) override {
    std::memcpy(samples_ + std::ptrdiff_t{rows_++} * stride_, row, row_bytes_);
  }

  void finish() override {
    const UniqueHeifContext context(allocated(heif_context_alloc()));
    const UniqueHeifEncoder encoder = make_encoder(context.get());
    const UniqueHeifColors profile = srgb_profile();
    check(heif_image_set_nclx_color_profile(image_.get(), profile.get()));
    const UniqueHeifEncoding options(allocated(heif_encoding_options_alloc()));
    options->output_nclx_profile = profile.get();
    check(heif_context_encode_image(context.get(), image_.get(), encoder.get(), options.get(),
                                    nullptr));
    heif_writer writer{.writer_api_version = 1, .write = write_bytes};
    check(heif_context_write(context.get(), &writer, &file_));
  }

 private:
  void check(const heif_error& error) const {
    if (error.code != heif_error_Ok) file_.fail(error.message);
  }

  UniqueHeifEncoder make_encoder(heif_context* context) const {
    heif_encoder* made = nullptr;
    check(heif_context_get_encoder_for_format(context, heif_compression_AV1, &made));
    UniqueHeifEncoder encoder(made);
    check(heif_encoder_set_lossy_quality(made, quality_));
    // Colour at full resolution, as in JPEG. It also keeps odd sizes out of libheif's way.
    check(heif_encoder_set_parameter_string(made, "chroma", "444"));
    check(heif_encoder_set_parameter_integer(made, "speed", kSpeed));
    check(heif_encoder_set_parameter_integer(made, "threads", kThreads));
    return encoder;
  }

  OutputHandle& file_;
  std::size_t row_bytes_;
  int quality_;
  UniqueHeifImage image_;
  std::uint8_t* samples_ = nullptr;
  int stride_ = 0;
  int rows_ = 0;
};

}  // namespace

bool can_encode_avif() { return heif_have_encoder_for_format(heif_compression_AV1) != 0; }

std::unique_ptr<RowEncoder> make_avif_encoder(OutputHandle& file, const StillSettings& settings) {
  return std::make_unique<AvifEncoder>(file, settings);
}

}  // namespace smalti::images
