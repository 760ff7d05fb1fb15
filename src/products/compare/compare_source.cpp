#include "products/compare/compare_source.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "images/image_loader.h"
#include "products/run/run_files.h"
#include "products/still/still_target.h"
#include "smalti/error.h"
#include "smalti/image_limits.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

CompareSource open_still(const fs::path& path, const ImageLimits& limits, const Events& events) {
  images::LoadedImage image =
      images::decode_image(images::read_file(path), path.string(), {}, limits);
  if (!image.warning.empty()) events.warning(fmt::format("'{}': {}", path.string(), image.warning));
  const Size size = image.picture.size();
  return {path, std::move(image.picture), nullptr, size};
}

CompareSource open_video(const fs::path& path, const char* role, int threads,
                         const Events& events) {
  try {
    media::ReadOptions options;
    options.threads = threads;
    options.name = fmt::format("the {} '{}'", role, path.string());
    auto video = std::make_unique<media::VideoReader>(path, options, events);
    const Size size = video->info().size;
    return {path, {}, std::move(video), size};
  } catch (const Error& error) {
    std::string hint = error.hint();
    if (hint.empty() && error.kind() == ErrorKind::kBadInput)
      hint = fmt::format("{} are taken for pictures", images::kImageFormats);
    throw Error(error.kind(), error.what(), hint);
  }
}

// Makes a still of a video of one frame.
void take_only_frame(CompareSource& source, const CompareSource& other) {
  const std::optional<media::SourceFrame> first = source.video->read();
  if (source.video->read())
    throw Error(ErrorKind::kUsage,
                fmt::format("'{}' is a video and '{}' a picture", source.path.string(),
                            other.path.string()),
                "compare a video with a video, or a picture with a picture");
  source.still = first->picture;
  source.video.reset();
}

}  // namespace

CompareSource open_source(const fs::path& path, const char* role, const CompareOptions& options,
                          const Events& events) {
  check_is_there(role, path, "file");
  if (is_picture_file(path)) return open_still(path, options.limits, events);
  return open_video(path, role, options.threads, events);
}

void settle_kinds(CompareSource& target, CompareSource& mosaic) {
  if (target.video && !mosaic.video) take_only_frame(target, mosaic);
  if (mosaic.video && !target.video) take_only_frame(mosaic, target);
}

}  // namespace smalti
