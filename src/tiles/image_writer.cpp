#include "smalti/image_writer.h"

#include <fmt/format.h>

#include <fstream>
#include <opencv2/core.hpp>
#include <vector>

#include "smalti/error.h"
#include "smalti/output_file.h"
#include "tiles/codecs.h"
#include "tiles/pixels.h"

namespace smalti {

void write_jpeg(const Picture& picture, const std::filesystem::path& path, bool overwrite) {
  constexpr int kQuality = 92;
  const std::vector<std::uint8_t> bytes = encode_jpeg(to_mat(picture), kQuality);
  OutputFile output(path, overwrite);
  std::ofstream stream(output.path(), std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream)
    throw Error(ErrorKind::kInputOutput, fmt::format("cannot write '{}'", path.string()),
                "check that there is room on the disk");
  output.commit();
}

}  // namespace smalti
