#include "products/animation/animation_format.h"

#include <fmt/format.h>

#include <string>
#include <system_error>

#include "base/names.h"
#include "base/wording.h"
#include "media/animation_file.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr int kLargestGifSide = 65'535;
constexpr int kLargestWebpSide = 16'383;
constexpr int kMostGifRate = 50;  // what is faster, browsers show at 10 frames a second
constexpr int kMostRate = 1000;

AnimationFormat format_of(const fs::path& path) {
  if (const auto format = animation_format(path)) return *format;
  throw Error(ErrorKind::kUsage,
              fmt::format("no animation format is known by the extension of '{}'", path.string()),
              "use .gif, .apng, .webp, .mp4, .mkv or .webm");
}

[[noreturn]] void refuse_without_effect(const char* what, AnimationFormat format) {
  throw Error(ErrorKind::kUsage,
              fmt::format("a number of {} has no effect on {}", what, format_name(format)),
              "leave it out, or write a .gif or .apng");
}

void check_size(const fs::path& path, Size size, AnimationFormat format) {
  const int most = format == AnimationFormat::kGif    ? kLargestGifSide
                   : format == AnimationFormat::kWebp ? kLargestWebpSide
                                                      : kLargestFrameSide;
  if (size.width < 1 || size.height < 1 || size.width > most || size.height > most)
    throw Error(ErrorKind::kUsage,
                fmt::format("{} holds no frames of {}x{}: no side may pass {} pixels",
                            format_name(format), size.width, size.height, most),
                worded("choose them smaller with {size}"));
  const Size step = animation_step(path);
  if (size.width % step.width != 0 || size.height % step.height != 0)
    throw Error(ErrorKind::kUsage, fmt::format("frames of '{}' have even sides, and {}x{} is not",
                                               path.string(), size.width, size.height));
}

void check_rate(Rational fps, AnimationFormat format) {
  const int most = format == AnimationFormat::kGif ? kMostGifRate : kMostRate;
  if (fps.num > 0 && fps.den > 0 && fps.value() <= most && fps.value() >= 0.01) return;
  throw Error(
      ErrorKind::kUsage,
      fmt::format("{:g} frames a second are out of range for {}", fps.value(), format_name(format)),
      fmt::format("choose from 0.01 to {}", most));
}

bool goes_back(const fs::path& path, AnimationFormat format) {
  return format == AnimationFormat::kApng ||
         (format == AnimationFormat::kVideo && media::video_needs_seeking(path));
}

void check_place(const fs::path& path, AnimationFormat format, const AnimationOptions& options) {
  std::error_code error;
  if (!fs::is_other(path, error)) return;
  if (goes_back(path, format))
    throw Error(ErrorKind::kUsage,
                fmt::format("cannot write {} to '{}': it is no regular file, and this format goes "
                            "back to complete what it wrote",
                            format_name(format), path.string()),
                "use a name that ends in .gif, .webp or .mkv");
  if (options.max_bytes)
    throw Error(ErrorKind::kUsage,
                fmt::format("'{}' is no regular file: what fits cannot be tried", path.string()),
                worded("leave out {max-file-size}"));
}

}  // namespace

std::optional<AnimationFormat> animation_format(const fs::path& name) {
  const std::string extension = lower_extension(name);
  if (extension == ".gif") return AnimationFormat::kGif;
  if (extension == ".apng" || extension == ".png") return AnimationFormat::kApng;
  if (extension == ".webp") return AnimationFormat::kWebp;
  if (media::names_video(name)) return AnimationFormat::kVideo;
  return std::nullopt;
}

const char* format_name(AnimationFormat format) {
  switch (format) {
    case AnimationFormat::kGif:
      return "GIF";
    case AnimationFormat::kApng:
      return "APNG";
    case AnimationFormat::kWebp:
      return "WebP";
    case AnimationFormat::kVideo:
      return "video";
  }
  return "";
}

Size animation_step(const fs::path& path) {
  return format_of(path) == AnimationFormat::kVideo ? media::video_step(path) : Size{1, 1};
}

void check_animation(const fs::path& path, Size size, const AnimationOptions& options) {
  const AnimationFormat format = format_of(path);
  check_size(path, size, format);
  check_rate(options.fps, format);
  check_place(path, format, options);
  const bool has_palette = format == AnimationFormat::kGif || format == AnimationFormat::kApng;
  if (options.colors && !has_palette) refuse_without_effect("colours", format);
  if (options.colors && (*options.colors < 2 || *options.colors > kMostPaletteColors))
    throw Error(ErrorKind::kUsage, fmt::format("a palette has 2 to {} colours, not {}",
                                               kMostPaletteColors, *options.colors));
  const bool may_have_one =
      format == AnimationFormat::kGif || (has_palette && (options.colors || options.max_bytes));
  if (options.dither && !may_have_one)
    throw Error(ErrorKind::kUsage,
                fmt::format("dithering has no effect on {} without a palette", format_name(format)),
                has_palette ? "choose a number of colours too" : "leave it out");
}

}  // namespace smalti
