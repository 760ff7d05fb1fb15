#pragma once

#include <libheif/heif.h>

#include <memory>

#include "base/free_by.h"

namespace smalti::images {

// libheif's handles, each let go by its own function.
using UniqueHeifContext = std::unique_ptr<heif_context, FreeBy<heif_context_free>>;
using UniqueHeifHandle = std::unique_ptr<heif_image_handle, FreeBy<heif_image_handle_release>>;
using UniqueHeifImage = std::unique_ptr<heif_image, FreeBy<heif_image_release>>;
using UniqueHeifDecoding =
    std::unique_ptr<heif_decoding_options, FreeBy<heif_decoding_options_free>>;
using UniqueHeifEncoding =
    std::unique_ptr<heif_encoding_options, FreeBy<heif_encoding_options_free>>;
using UniqueHeifEncoder = std::unique_ptr<heif_encoder, FreeBy<heif_encoder_release>>;
using UniqueHeifColors =
    std::unique_ptr<heif_color_profile_nclx, FreeBy<heif_nclx_color_profile_free>>;

}  // namespace smalti::images
