#include "products/animation/animation_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/output_file.h"
#include "base/wording.h"
#include "color/color_histogram.h"
#include "images/resampler.h"
#include "images/webp_animation.h"
#include "media/animation_file.h"
#include "pipeline/belt.h"
#include "pipeline/ordered.h"
#include "products/animation/animation_attempts.h"
#include "products/animation/frame_spool.h"
#include "products/run/run.h"
#include "smalti/animation.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

// The side that frames are not shrunk below.
constexpr int kSmallestSide = 16;

}  // namespace

struct AnimationWriter::State {
  // Bytes, or nothing when it was stopped. `file` is then whole, and not in place yet; or has more
  // than `most`, which there is no point in going on from.
  std::optional<std::uint64_t> encode(OutputFile& file, const Attempt& attempt, Size frame_size,
                                      std::optional<std::uint64_t> most, const Events& events);
  bool count_colors(Size frame_size, const Events& events);
  bool paint(images::FrameSink& sink, Size frame_size, const std::function<bool()>& stop,
             const Events& events) const;
  std::unique_ptr<images::FrameSink> make_sink(const OutputFile& file, const Attempt& attempt,
                                               Size frame_size, const Events& events);
  Picture frame(std::uint64_t number, Size frame_size) const;
  Size shrunk(Size frame_size, std::uint64_t bytes) const;
  AnimationSummary summary(const Attempt& attempt, Size frame_size, std::uint64_t bytes) const;

  fs::path path;
  Size size;
  AnimationOptions options;
  AnimationFormat format;
  std::vector<Attempt> attempts;
  FrameSpool spool;
  std::vector<std::uint64_t> shown;  // numbers in the spool, in order
  /// Colours of the frames of one size: at first of those that come, while others are being made.
  std::optional<color::ColorHistogram> counted;
  Size counted_size;
};

std::unique_ptr<images::FrameSink> AnimationWriter::State::make_sink(const OutputFile& file,
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
      return images::make_webp_animation(
          file, {frame_size, options.fps, attempt.quality.value(), events.stop});
    case AnimationFormat::kVideo:
      return media::make_video(file, setup, events);
  }
  return nullptr;
}

Picture AnimationWriter::State::frame(std::uint64_t number, Size frame_size) const {
  const Picture whole = spool.get(number);
  if (frame_size == size) return whole;
  Picture small = Picture::allocate(whole.format, frame_size, {});
  images::Resampler(whole, frame_size).fill(0, 0, small);
  return small;
}

// False when it was stopped.
bool AnimationWriter::State::count_colors(Size frame_size, const Events& events) {
  if (counted && counted_size == frame_size) return true;
  counted.emplace();
  counted_size = frame_size;
  Progress progress{Progress::Phase::kFrames, 0, spool.frames()};
  events.report(progress);
  pipeline::run_ordered(
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
  std::vector<images::FrameSink::Painted> painted;
};

// False when it was stopped.
bool AnimationWriter::State::paint(images::FrameSink& sink, Size frame_size,
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
  pipeline::Belt<Together> belt;
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
    for (const images::FrameSink::Painted& painted : some.painted) {
      sink.write(painted);
      ++progress.done;
      events.report(progress);
    }
  };
  pipeline::run_belt(belt, alive);
  return progress.done == shown.size();
}

std::optional<std::uint64_t> AnimationWriter::State::encode(OutputFile& file,
                                                            const Attempt& attempt, Size frame_size,
                                                            std::optional<std::uint64_t> most,
                                                            const Events& events) {
  if (attempt.colors && !count_colors(frame_size, events)) return std::nullopt;
  const std::unique_ptr<images::FrameSink> sink = make_sink(file, attempt, frame_size, events);
  const auto stop = [&] {
    std::error_code error;
    return events.stop_requested() || (most && fs::file_size(file.path(), error) > *most);
  };
  const bool painted = paint(*sink, frame_size, stop, events);
  if (!painted && events.stop_requested()) return std::nullopt;
  return sink->finish();
}

// A size of which as many bytes as wanted can be expected. Throws Error when there is none.
Size AnimationWriter::State::shrunk(Size frame_size, std::uint64_t bytes) const {
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
  if (width < kSmallestSide || height < kSmallestSide)
    throw Error(ErrorKind::kUsage,
                fmt::format("{} frames do not fit into {} bytes, however small", shown.size(),
                            *options.max_bytes),
                worded("allow a larger {max-file-size}, or make fewer frames"));
  return {width, height};
}

AnimationSummary AnimationWriter::State::summary(const Attempt& attempt, Size frame_size,
                                                 std::uint64_t bytes) const {
  AnimationSummary result;
  result.format = format;
  result.bytes = bytes;
  result.frames = shown.size();
  result.duration_s = static_cast<double>(shown.size()) / options.fps.value();
  result.size = frame_size;
  result.colors = attempt.colors;
  result.fewer_colors = attempt != attempts.front();
  result.smaller = frame_size != size;
  return result;
}

AnimationWriter::AnimationWriter(const fs::path& path, Size size, const AnimationOptions& options) {
  check_animation(path, size, options);
  check_output(path, options.overwrite);
  const AnimationFormat format = *animation_format(path);
  std::error_code error;
  const bool in_place = fs::is_other(path, error);
  state_.reset(new State{path,
                         size,
                         options,
                         format,
                         attempts_for(format, options, in_place),
                         FrameSpool(size),
                         {},
                         {},
                         size});
  if (state_->attempts.front().colors) state_->counted.emplace();
}

AnimationWriter::~AnimationWriter() = default;

void AnimationWriter::write(const Picture& frame) {
  state_->shown.push_back(state_->spool.frames());
  state_->spool.add(frame);
  if (state_->counted) state_->counted->add(frame);
}

void AnimationWriter::repeat(std::uint64_t number) { state_->shown.push_back(number); }

// Tries one way after the other, from the best on, and then ever smaller frames with the last,
// until the file is small enough.
std::optional<AnimationSummary> AnimationWriter::finish(const Events& events) {
  State& state = *state_;
  const AnimationOptions& options = state.options;
  const std::uint64_t most = options.max_bytes.value_or(kComfortableGifBytes);
  auto attempt = state.attempts.begin();
  Size size = state.size;
  for (;;) {
    OutputFile file(state.path, options.overwrite);
    const bool last = attempt + 1 == state.attempts.end();
    const auto bytes =
        state.encode(file, *attempt, size, last ? std::nullopt : std::optional(most), events);
    if (!bytes) return std::nullopt;
    if (*bytes <= most || (last && !options.max_bytes)) {
      file.commit();
      return state.summary(*attempt, size, *bytes);
    }
    if (last) {
      size = state.shrunk(size, *bytes);
    } else {
      ++attempt;
    }
  }
}

}  // namespace smalti
