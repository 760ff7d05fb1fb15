#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/picture.h"
#include "smalti/image_limits.h"

namespace smalti::images {

/// The picture file formats smalti reads, told apart by content and never by a file's name.
enum class ImageFormat { kJpeg, kPng, kWebp, kTiff, kBmp, kHeic, kAvif, kGif };

/// For messages: what smalti reads.
inline constexpr const char* kImageFormats = "JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC and AVIF";

/// The format that the first bytes of a file claim, or nothing when it is none of ours.
std::optional<ImageFormat> sniff_image(std::span<const std::uint8_t> bytes);

/// The same of a file. Nothing for what is not there, and for what is no regular file: a pipe gives
/// its first bytes only once. Throws Error when it cannot be read.
std::optional<ImageFormat> sniff_file(const std::filesystem::path& path);

/// A whole file in memory. Throws Error: kMissingInput when it cannot be opened, kInputOutput when
/// reading fails, kBadInput when it is no regular file or larger than 1 GiB.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path);

/// A decoded still: 8-bit RGB with alpha where the file has any that is not opaque throughout,
/// turned upright (EXIF orientation, or what the format itself says). Colours are sRGB's: those of
/// an RGB profile (ICC) are converted, all others taken for sRGB.
struct LoadedImage {
  Picture picture;
  Size full_size;         ///< of the file's picture, upright, before any reduction
  std::string warning;    ///< what the decoder complained about and went on; empty when nothing
  bool animated = false;  ///< the file has more pictures, shown one after the other
  int orientation = 1;    ///< EXIF's 1 to 8: how the file stores what stands upright here
  std::string taken;      ///< when, as EXIF says it ("2024:07:31 18:05:00"); or empty
};

/// Decodes a picture file held in memory. With `long_edge`, the picture may come out reduced, by
/// whatever costs least, but not below that many pixels on its longer edge (or its full size where
/// that is smaller); grey, CMYK, palette and 16-bit pictures come out as 8-bit RGB. Of an animated
/// or many-paged file, the first picture.
///
/// A file that breaks off in mid-picture is refused: half a picture is no tile.
/// `name` is what messages call the file. Throws Error (kBadInput). Any thread.
LoadedImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name,
                         std::optional<int> long_edge = {}, const ImageLimits& limits = {});

/// Pixels of a thumbnail's longer edge, at most.
inline constexpr int kThumbnailEdge = 128;

/// Reduces a picture of decode_image to `long_edge` (never enlarges) and packs it as tile libraries
/// store it: JPEG of quality 90, or WebP of quality 90 where it has alpha. Any thread.
std::vector<std::uint8_t> make_thumbnail(const Picture& picture, int long_edge = kThumbnailEdge);

/// The picture in a thumbnail of make_thumbnail; same bytes in, same samples out.
/// Throws Error (kBadInput) for anything else. Any thread.
Picture decode_thumbnail(std::span<const std::uint8_t> thumbnail);

}  // namespace smalti::images
