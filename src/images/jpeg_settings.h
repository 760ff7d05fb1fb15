#pragma once

// clang-format off
#include <cstdio>  // before jpeglib.h, which needs it and does not include it
#include <jpeglib.h>
// clang-format on

#include "base/picture.h"

namespace smalti {

/// How every JPEG file here begins: RGB rows of that size, the same bytes on every machine, colour
/// at full resolution, because small pictures of bright things look washed out without, and where
/// tiles of bright colours meet, halved chroma shows. Whoever calls it has error handlers that
/// jump.
inline void set_up_jpeg(jpeg_compress_struct& info, Size size, int quality) {
  info.image_width = static_cast<JDIMENSION>(size.width);
  info.image_height = static_cast<JDIMENSION>(size.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  info.dct_method = JDCT_ISLOW;
  info.comp_info[0].h_samp_factor = 1;
  info.comp_info[0].v_samp_factor = 1;
}

}  // namespace smalti
