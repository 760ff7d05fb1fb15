#include "products/animation/animation_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/names.h"
#include "base/output_file.h"
#include "color/color_histogram.h"
#include "images/resampler.h"
#include "images/webp_animation.h"
#include "media/animation_file.h"
#include "pipeline/belt.h"
#include "pipeline/ordered.h"
#include "products/animation/frame_spool.h"
#include "products/run/run.h"
#include "smalti/animation.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr int kMostColors = 256;
constexpr int kLargestGifSide = 65'535;
constexpr int kLargestWebpSide = 16'383;
constexpr int kMostGifRate = 50;  // what is faster, browsers show at 10 frames a second
constexpr int kMostRate = 1000;
constexpr int kSmallestSide = 16;  // that frames are shrunk to

// One way to encode the frames; what is absent is the format's own.
struct Attempt {
  std::optional<int> colors;
  std::optional<int> quality;  // WebP
  std::optional<double> crf;   // video
};

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
                "choose them smaller with --size");
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
                "leave out --max-file-size");
}

// From the best on; the last one is what smaller frames are tried with.
std::vector<Attempt> attempts_for(AnimationFormat format, const AnimationOptions& options,
                                  bool in_place) {
  std::vector<Attempt> attempts;
  const bool fits = options.max_bytes.has_value();
  switch (format) {
    case AnimationFormat::kGif: {
      const int first = options.colors.value_or(kMostColors);
      const int fewest = fits ? 32 : options.colors || in_place ? first : kFewestDefaultColors;
      attempts.push_back({first, {}, {}});
      for (const int colors : {192, 128, 96, 64, 32})
        if (colors < first && colors >= fewest) attempts.push_back({colors, {}, {}});
      return attempts;
    }
    case AnimationFormat::kApng:
      attempts.push_back({options.colors, {}, {}});
      for (const int colors : {256, 128, 64, 32})
        if (fits && colors < options.colors.value_or(kMostColors + 1))
          attempts.push_back({colors, {}, {}});
      return attempts;
    case AnimationFormat::kWebp:
      for (const int quality : {80, 65, 50, 35, 20})
        if (fits || attempts.empty()) attempts.push_back({{}, quality, {}});
      return attempts;
    case AnimationFormat::kVideo:
      attempts.push_back({});
      for (const double crf : {32.0, 40.0, 48.0})
        if (fits) attempts.push_back({{}, {}, crf});
      return attempts;
  }
  return attempts;
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
  if (options.colors && (*options.colors < 2 || *options.colors > kMostColors))
    throw Error(ErrorKind::kUsage,
                fmt::format("a palette has 2 to {} colours, not {}", kMostColors, *options.colors));
  const bool may_have_one =
      format == AnimationFormat::kGif || (has_palette && (options.colors || options.max_bytes));
  if (options.dither && !may_have_one)
    throw Error(ErrorKind::kUsage,
                fmt::format("dithering has no effect on {} without a palette", format_name(format)),
                has_palette ? "choose a number of colours too" : "leave it out");
}

struct AnimationWriter::State {
  // Bytes, or nothing when it was stopped. `file` is then whole, and not in place yet; or has more
  // than `most`, which there is no point in going on from.
  std::optional<std::uint64_t> encode(OutputFile& file, const Attempt& attempt, Size frame_size,
                                      std::optional<std::uint64_t> most, const Events& events);
  bool count_colors(Size frame_size, const Events& events);
  bool paint(FrameSink& sink, Size frame_size, const std::function<bool()>& stop,
             const Events& events) const;
  std::unique_ptr<FrameSink> make_sink(const OutputFile& file, const Attempt& attempt,
                                       Size frame_size, const Events& events);
  Picture frame(std::uint64_t number, Size frame_size) const;
  std::optional<Size> shrunk(Size frame_size, std::uint64_t bytes) const;
  AnimationSummary summary(const Attempt& attempt, Size frame_size, std::uint64_t bytes) const;

  fs::path path;
  Size size;
  AnimationOptions options;
  AnimationFormat format;
  bool in_place;
  FrameSpool spool;
  std::vector<std::uint64_t> shown;  // numbers in the spool, in order
  /// Colours of the frames of one size: at first of those that come, while others are being made.
  std::optional<ColorHistogram> counted;
  Size counted_size;
};

std::unique_ptr<FrameSink> AnimationWriter::State::make_sink(const OutputFile& file,
                                                             const Attempt& attempt,
                                                             Size frame_size,
                                                             const Events& events) {
  const media::AnimationSetup setup{.size = frame_size,
                                    .fps = options.fps,
                                    .frames = shown.size(),
                                    .colors = attempt.colors,
                                    .counted = counted ? &*counted : nullptr,
                                    .dither = options.dither.value_or(Dither::kBayer),
                                    .crf = attempt.crf,
                                    .threads = options.threads};
  switch (format) {
    case AnimationFormat::kGif:
      return media::make_gif(file, setup, events);
    case AnimationFormat::kApng:
      return media::make_apng(file, setup, events);
    case AnimationFormat::kWebp:
      return make_webp_animation(file,
                                 {frame_size, options.fps, attempt.quality.value(), events.stop});
    case AnimationFormat::kVideo:
      return media::make_video(file, setup, events);
  }
  return nullptr;
}

Picture AnimationWriter::State::frame(std::uint64_t number, Size frame_size) const {
  const Picture whole = spool.get(number);
  if (frame_size == size) return whole;
  Picture small = Picture::allocate(whole.format, frame_size, {});
  Resampler(whole, frame_size).fill(0, 0, small);
  return small;
}

// False when it was stopped.
bool AnimationWriter::State::count_colors(Size frame_size, const Events& events) {
  if (counted && counted_size == frame_size) return true;
  counted.emplace();
  counted_size = frame_size;
  Progress progress{Progress::Phase::kFrames, 0, spool.frames()};
  events.report(progress);
  run_ordered(
      spool.frames(), thread_count(options.threads) + 1, [&] { return events.stop_requested(); },
      [&](std::size_t number) { return frame(number, frame_size); },
      [&](const Picture& seen) {
        counted->add(seen);
        ++progress.done;
        events.report(progress);
      });
  return progress.done == spool.frames();
}

// Some frames that follow each other, on their way to a sink.
struct Together {
  std::size_t first;
  std::size_t count;
  std::vector<FrameSink::Painted> painted;
};

// False when it was stopped.
bool AnimationWriter::State::paint(FrameSink& sink, Size frame_size,
                                   const std::function<bool()>& stop, const Events& events) const {
  constexpr std::size_t kMostTogether = 4;  // what a painter has learnt of one helps with the next
  constexpr std::size_t kBytesTogether = std::size_t{32} << 20;
  const std::size_t frame_bytes =
      3 * static_cast<std::size_t>(frame_size.width) * static_cast<std::size_t>(frame_size.height);
  const std::size_t together =
      sink.paints() ? std::clamp<std::size_t>(kBytesTogether / frame_bytes, 1, kMostTogether) : 1;
  const std::size_t alive = sink.paints() ? thread_count(options.threads) + 1 : 1;
  Progress progress{Progress::Phase::kWriting, 0, shown.size()};
  events.report(progress);
  std::size_t begun = 0;
  Belt<Together> belt;
  belt.take = [&]() -> std::shared_ptr<Together> {
    if (begun == shown.size() || stop()) return nullptr;
    const std::size_t first = begun;
    begun = std::min(begun + together, shown.size());
    return std::make_shared<Together>(Together{first, begun - first, {}});
  };
  belt.prepare = [&](Together& some) {
    std::vector<Picture> frames;
    for (std::size_t i = some.first; i < some.first + some.count; ++i)
      frames.push_back(frame(shown[i], frame_size));
    some.painted = sink.paint(frames);
  };
  belt.decide = belt.make = [](Together&) {};
  belt.put = [&](Together& some) {
    for (const FrameSink::Painted& painted : some.painted) {
      sink.write(painted);
      ++progress.done;
      events.report(progress);
    }
  };
  run_belt(belt, alive);
  return progress.done == shown.size();
}

std::optional<std::uint64_t> AnimationWriter::State::encode(OutputFile& file,
                                                            const Attempt& attempt, Size frame_size,
                                                            std::optional<std::uint64_t> most,
                                                            const Events& events) {
  if (attempt.colors && !count_colors(frame_size, events)) return std::nullopt;
  const std::unique_ptr<FrameSink> sink = make_sink(file, attempt, frame_size, events);
  const auto stop = [&] {
    std::error_code error;
    return events.stop_requested() || (most && fs::file_size(file.path(), error) > *most);
  };
  const bool painted = paint(*sink, frame_size, stop, events);
  if (!painted && events.stop_requested()) return std::nullopt;
  return sink->finish();
}

// A size of which as many bytes as wanted can be expected; nothing when there is none.
std::optional<Size> AnimationWriter::State::shrunk(Size frame_size, std::uint64_t bytes) const {
  constexpr double kCaution = 0.97;
  const double factor = std::min(
      kCaution * std::sqrt(static_cast<double>(*options.max_bytes) / static_cast<double>(bytes)),
      kCaution);
  const Size step = animation_step(path);
  const auto side = [&](int of_frame, int of_original, int unit) {
    const auto length = static_cast<int>(of_original * (of_frame * factor / of_original));
    return length / unit * unit;
  };
  // By the original's shape, which rounding again and again would bend.
  const int width = side(frame_size.width, size.width, step.width);
  const int height = static_cast<int>(std::lround(static_cast<double>(size.height) * width /
                                                  size.width / step.height)) *
                     step.height;
  if (width < kSmallestSide || height < kSmallestSide) return std::nullopt;
  return Size{width, height};
}

AnimationSummary AnimationWriter::State::summary(const Attempt& attempt, Size frame_size,
                                                 std::uint64_t bytes) const {
  const auto best = attempts_for(format, options, in_place).front();
  AnimationSummary result;
  result.format = format;
  result.bytes = bytes;
  result.frames = shown.size();
  result.duration_s = static_cast<double>(shown.size()) / options.fps.value();
  result.size = frame_size;
  result.colors = attempt.colors;
  result.fewer_colors =
      attempt.colors != best.colors || attempt.quality != best.quality || attempt.crf != best.crf;
  result.smaller = frame_size != size;
  return result;
}

AnimationWriter::AnimationWriter(const fs::path& path, Size size, const AnimationOptions& options) {
  check_animation(path, size, options);
  check_output(path, options.overwrite);
  std::error_code error;
  state_.reset(new State{path,
                         size,
                         options,
                         *animation_format(path),
                         fs::is_other(path, error),
                         FrameSpool(size),
                         {},
                         {},
                         size});
  const Attempt first = attempts_for(state_->format, options, state_->in_place).front();
  if (first.colors) state_->counted.emplace();
}

AnimationWriter::~AnimationWriter() = default;

void AnimationWriter::write(const Picture& frame) {
  state_->shown.push_back(state_->spool.frames());
  state_->spool.add(frame);
  if (state_->counted) state_->counted->add(frame);
}

void AnimationWriter::repeat(std::uint64_t number) { state_->shown.push_back(number); }

std::optional<AnimationSummary> AnimationWriter::finish(const Events& events) {
  State& state = *state_;
  const AnimationOptions& options = state.options;
  const std::vector<Attempt> attempts = attempts_for(state.format, options, state.in_place);
  const std::uint64_t most = options.max_bytes.value_or(kComfortableGifBytes);
  std::size_t at = 0;
  Size size = state.size;
  for (;;) {
    OutputFile file(state.path, options.overwrite);
    const bool last = at + 1 == attempts.size();
    const std::optional<std::uint64_t> bytes =
        state.encode(file, attempts[at], size, last ? std::nullopt : std::optional(most), events);
    if (!bytes) return std::nullopt;
    if (*bytes <= most || (last && !options.max_bytes)) {
      file.commit();
      return state.summary(attempts[at], size, *bytes);
    }
    if (!last) {
      ++at;
      continue;
    }
    const std::optional<Size> smaller = state.shrunk(size, *bytes);
    if (!smaller)
      throw Error(ErrorKind::kUsage,
                  fmt::format("{} frames do not fit into {} bytes, however small",
                              state.shown.size(), most),
                  "allow a larger --max-file-size, or make fewer frames");
    size = *smaller;
  }
}

}  // namespace smalti
