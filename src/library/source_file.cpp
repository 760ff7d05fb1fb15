#include "library/source_file.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <new>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "base/names.h"
#include "images/animation.h"
#include "images/codecs.h"
#include "images/image_loader.h"
#include "images/input_file.h"
#include "images/orientation.h"
#include "images/pixels.h"
#include "library/sniff_video.h"
#include "smalti/error.h"
#include "tiles/crops.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;

/// Enough to sniff any format; large files of other kinds are not read further.
constexpr std::size_t kHeadSize = 256;

const char* name_of(images::ImageFormat format) {
  constexpr std::array<const char*, 8> kNames = {"JPEG", "PNG",  "WebP", "TIFF",
                                                 "BMP",  "HEIC", "AVIF", "GIF"};
  return kNames[static_cast<std::size_t>(format)];
}

/// Whether each of 8 x 8 places is brighter than its neighbour to the right.
std::int64_t likeness_of(const Picture& shown) {
  cv::Mat pixels = images::to_mat(shown);
  if (pixels.channels() == 4) pixels = images::over_mean_color(pixels);
  cv::Mat grey;
  cv::cvtColor(pixels, grey, cv::COLOR_RGB2GRAY);
  cv::resize(grey, grey, {9, 8}, 0, 0, cv::INTER_AREA);
  std::uint64_t bits = 0;
  for (int y = 0; y < 8; ++y) {
    const auto* row = grey.ptr(y);
    for (int x = 0; x < 8; ++x) bits = bits << 1 | (row[x] > row[x + 1] ? 1U : 0U);
  }
  return static_cast<std::int64_t>(bits);
}

/// Describes what the thumbnail decodes to, not the picture it was made of: that is what will be
/// shown, and what a library can describe again.
MadePicture make_picture(const Picture& picture, std::int64_t timestamp_us,
                         const tiles::DescribeOptions& describe) {
  MadePicture made;
  made.timestamp_us = timestamp_us;
  made.thumbnail = images::make_thumbnail(picture, images::kThumbnailEdge);
  const Picture shown = images::decode_thumbnail(made.thumbnail);
  made.size = shown.size();
  made.likeness = likeness_of(shown);
  made.description = tiles::describe_centre(shown, describe);
  return made;
}

/// All pictures but the first, which is there. What comes before damage is used.
void add_other_pictures(images::Bytes file, int orientation, const SourceWishes& wishes,
                        MadeSource& made) {
  made.facts.interval_us = kEveryPicture;
  try {
    const auto reader = images::open_animation(file, {});
    if (reader) reader->next();
    while (const auto picture = reader ? reader->next() : std::nullopt) {
      const cv::Mat pixels = images::shown(*reader, *picture, orientation);
      made.pictures.push_back(
          make_picture(images::to_picture(pixels), picture->timestamp_us, wishes.describe));
    }
  } catch (const images::BadPicture& bad) {
    made.facts.remark = bad.what();
  }
}

void fill_from_picture(images::Bytes file, const SourceWishes& wishes, MadeSource& made) {
  const images::LoadedImage image =
      images::load_image(file, {.long_edge = images::kThumbnailEdge, .limits = {}});
  made.pictures.push_back(make_picture(image.picture, 0, wishes.describe));
  made.facts.size = image.full_size;
  made.facts.orientation = image.orientation;
  made.facts.taken = image.taken;
  made.facts.remark = image.warning;
  if (image.animated) made.facts.kind = SourceKind::kAnimation;
  if (image.animated && wishes.all_frames)
    add_other_pictures(file, image.orientation, wishes, made);
  made.facts.state = made.facts.remark.empty() ? SourceState::kUsable : SourceState::kDamaged;
}

void fill_from_video(const fs::path& path, const SourceWishes& wishes, MadeSource& made) {
  const auto video = wishes.open_video(path, kVideoIntervalUs, images::kThumbnailEdge);
  made.facts.size = video->size();
  while (const auto frame = video->next())
    made.pictures.push_back(make_picture(frame->picture, frame->timestamp_us, wishes.describe));
  if (made.pictures.empty()) throw images::BadPicture("no frame of it can be decoded");
  const std::uint64_t damaged = video->damaged();
  made.facts.state = damaged == 0 ? SourceState::kUsable : SourceState::kDamaged;
  if (damaged > 0)
    made.facts.remark = std::to_string(damaged) + " of its frames could not be decoded";
}

/// Reads on, whatever the size, and holds no more than a block.
ContentHash hash_of_rest(images::InputFile& file) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                              XXH3_freeState);
  if (!state) throw std::bad_alloc();
  XXH3_128bits_reset(state.get());
  file.rewind();
  std::vector<std::uint8_t> block;
  do {
    block.clear();
    file.read_on(block, kBlock);
    XXH3_128bits_update(state.get(), block.data(), block.size());
  } while (!block.empty());
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return {hash.high64, hash.low64};
}

bool is_known(const SourceWishes& wishes, MadeSource& made) {
  if (!wishes.known) return false;
  const auto facts = wishes.known(made.facts.hash);
  const bool fits = facts && !(wishes.all_frames && facts->lacks_pictures()) &&
                    (facts->kind != SourceKind::kVideo ||
                     (facts->interval_us == kVideoIntervalUs && wishes.open_video));
  if (fits) made.facts = *facts;
  return fits;
}

void make_of_video(const fs::path& path, images::InputFile& file, const char* format,
                   const SourceWishes& wishes, MadeSource& made) {
  made.facts.kind = SourceKind::kVideo;
  made.facts.format = format;
  made.facts.interval_us = kVideoIntervalUs;
  made.facts.hash = hash_of_rest(file);
  made.facts.state = SourceState::kRefused;
  if (is_known(wishes, made)) return;
  made.decoded = true;
  fill_from_video(path, wishes, made);
}

// `bytes` is what was read of the file so far.
void make_of_picture(images::InputFile& file, std::vector<std::uint8_t>& bytes,
                     images::ImageFormat format, const SourceWishes& wishes, MadeSource& made) {
  file.check_fits_memory();
  file.read_on(bytes, file.size());
  made.facts.kind = SourceKind::kPicture;
  made.facts.format = name_of(format);
  made.facts.hash = content_hash(bytes);
  made.facts.state = SourceState::kRefused;
  if (is_known(wishes, made)) return;
  made.decoded = true;
  fill_from_picture(bytes, wishes, made);
}

std::string why_foreign(const fs::path& path, bool empty) {
  if (empty) return "zero bytes";
  return is_named_like_a_video(path) ? "no video in any format smalti reads" : images::no_picture();
}

// Goes by the first bytes, whatever the name.
void make(const fs::path& path, const SourceWishes& wishes, MadeSource& made) {
  images::InputFile file(path);
  made.file = file.state();
  std::vector<std::uint8_t> head;
  file.read_on(head, std::min(file.size(), kHeadSize));
  if (const auto picture = images::sniff_image(head)) {
    make_of_picture(file, head, *picture, wishes, made);
  } else if (const char* video = wishes.open_video ? sniff_video(head) : nullptr) {
    make_of_video(path, file, video, wishes, made);
  } else {
    made.facts.state = SourceState::kForeign;
    made.facts.remark = why_foreign(path, head.empty());
  }
}

}  // namespace

ContentHash hash_file(const fs::path& path) {
  try {
    images::InputFile file(path);
    return hash_of_rest(file);
  } catch (const images::BadPicture& bad) {
    throw Error(bad.kind(), fmt::format("cannot read '{}': {}", path.native(), bad.what()));
  }
}

bool is_named_like_a_picture(const fs::path& path) {
  constexpr std::array<std::string_view, 13> kExtensions = {
      ".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",  ".webp", ".tif",
      ".tiff", ".bmp",  ".heic", ".heif", ".avif", ".gif"};
  const std::string extension = lower_extension(path);
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

bool is_meant(const fs::path& path, bool named) {
  return named || is_named_like_a_picture(path) || is_named_like_a_video(path);
}

std::int64_t thumbnail_hash(std::span<const std::uint8_t> thumbnail) {
  return static_cast<std::int64_t>(XXH3_64bits(thumbnail.data(), thumbnail.size()));
}

MadeSource make_source(const fs::path& path, const SourceWishes& wishes) {
  MadeSource made;
  made.scanned_ns = now_ns();
  const auto refuse = [&](const std::string& why, bool for_good) {
    made.pictures.clear();
    made.facts.pictures = 0;
    made.facts.state = for_good ? SourceState::kRefused : SourceState::kFailed;
    made.facts.remark = why;
  };
  try {
    make(path, wishes, made);
    if (made.decoded) made.facts.pictures = static_cast<std::int64_t>(made.pictures.size());
  } catch (const images::BadPicture& bad) {
    refuse(bad.what(), bad.kind() == ErrorKind::kBadInput);
  } catch (const std::bad_alloc&) {
    refuse("not enough memory to decode it", false);
  } catch (const cv::Exception& error) {  // also how OpenCV says that memory ran out
    refuse(error.err, error.code != cv::Error::StsNoMem);
  } catch (const Error& error) {
    refuse(error.what(), error.kind() == ErrorKind::kBadInput);
  }
  return made;
}

}  // namespace smalti::library
