// An animation, from pictures to a file: animate_pictures at the end says what happens, in order.

#include "smalti/animate.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "base/file_state.h"
#include "base/output_file.h"
#include "base/wording.h"
#include "images/image_loader.h"
#include "images/resampler.h"
#include "pipeline/ordered.h"
#include "products/animation/animation_writer.h"
#include "products/run/run.h"
#include "products/still/over_white.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits from `at` on, without leading zeros; `at` goes behind them.
std::string number_at(const std::string& text, std::size_t& at) {
  while (at < text.size() && text[at] == '0') ++at;
  const std::size_t first = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(first, at - first);
}

struct Source {
  fs::path path;
  std::int64_t written_ns;
};

Source source_of(const fs::path& path) {
  struct stat status {};
  const bool is_known = ::stat(path.c_str(), &status) == 0;
  return {path, is_known ? file_state(status).mtime_ns : std::numeric_limits<std::int64_t>::min()};
}

// What cannot be read counts as one: reading it later says why.
bool may_be_picture(const fs::path& path) {
  try {
    return images::sniff_file(path).has_value();
  } catch (const Error&) {
    return true;
  }
}

// An animation made before, to be made anew where it lies: none of the pictures.
bool is_older_animation(const fs::path& path, const fs::path& output) {
  if (!same_file(path, output)) return false;
  try {
    return images::decode_image(images::read_file(path), path.string(), 1).animated;
  } catch (const Error&) {
    return false;  // what cannot be read may be anything
  }
}

void add_folder(const fs::path& folder, const fs::path& output, std::vector<Source>& sources) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored) || path.filename().string().starts_with(".")) continue;
    if (may_be_picture(path) && !is_older_animation(path, output))
      sources.push_back(source_of(path));
  }
  if (error)
    throw Error(ErrorKind::kMissingInput,
                fmt::format("cannot read the folder '{}': {}", folder.string(), error.message()));
}

std::vector<Source> find_sources(const AnimateOptions& options, const fs::path& output) {
  std::vector<Source> sources;
  for (const fs::path& path : options.pictures) {
    check_is_there("", path);
    std::error_code error;
    if (fs::is_directory(path, error)) {
      add_folder(path, output, sources);
    } else {
      sources.push_back(source_of(path));
    }
  }
  if (sources.empty())
    throw Error(ErrorKind::kBadInput,
                fmt::format("there are no pictures in '{}'", options.pictures.front().string()),
                fmt::format("{} are taken", images::kImageFormats));
  return sources;
}

RunFiles files_of(const std::vector<Source>& sources, const fs::path& output) {
  RunFiles files;
  for (const Source& source : sources) files.reads("picture", source.path);
  files.writes("output", output);
  return files;
}

void sort_sources(PictureOrder order, std::vector<Source>& sources) {
  const auto by_name = [](const Source& a, const Source& b) {
    return comes_before(a.path.string(), b.path.string());
  };
  std::sort(sources.begin(), sources.end(), by_name);
  if (order == PictureOrder::kDescending) std::reverse(sources.begin(), sources.end());
  if (order == PictureOrder::kDate)
    std::stable_sort(sources.begin(), sources.end(),
                     [](const Source& a, const Source& b) { return a.written_ns < b.written_ns; });
}

fs::path output_path(const AnimateOptions& options) {
  fs::path output;
  if (options.output) {
    output = *options.output;
  } else {
    std::error_code error;
    const fs::path first = fs::absolute(options.pictures.front(), error).lexically_normal();
    const fs::path name = first.has_filename() ? first : first.parent_path();
    output = fs::is_directory(name, error) ? name.filename() : name.stem();
    output += ".gif";
  }
  return output;
}

// Reads pictures and keeps account of those that cannot be.
class Reader {
 public:
  Reader(const AnimateOptions& options, const Events& events)
      : options_(options), events_(events) {}

  // Empty when it cannot be used. Any thread.
  Picture read(const fs::path& path) {
    try {
      images::LoadedImage image =
          images::decode_image(images::read_file(path), path.string(), {}, options_.limits);
      if (!image.warning.empty()) note_damage(path, image.warning);
      return image.picture;
    } catch (const Error& error) {
      if (options_.strict) throw;
      const std::lock_guard lock(mutex_);
      skipped_.push_back({path, error.what()});
      events_.warning(fmt::format("picture left out: {}", error.what()));
      return {};
    }
  }

  // By their names.
  std::vector<SkippedFile> skipped() const {
    std::vector<SkippedFile> sorted = skipped_;
    std::sort(sorted.begin(), sorted.end(),
              [](const SkippedFile& a, const SkippedFile& b) { return a.path < b.path; });
    return sorted;
  }

 private:
  void note_damage(const fs::path& path, const std::string& why) {
    const std::string line = fmt::format("'{}' is damaged ({})", path.string(), why);
    if (options_.strict)
      throw Error(ErrorKind::kBadInput, line, worded("leave out {strict} to take it as it is"));
    const std::lock_guard lock(mutex_);
    events_.warning(line);
  }

  const AnimateOptions& options_;
  const Events& events_;
  std::mutex mutex_;
  std::vector<SkippedFile> skipped_;
};

int scaled(int length, double factor) {
  return std::max(1, static_cast<int>(std::lround(length * factor)));
}

Size frame_size(const AnimateOptions& options, Size first, Size step) {
  Size size = fit_long_edge(first, kDefaultAnimationSide);
  if (options.size) size = *options.size;
  if (options.long_edge) size = with_long_edge(first, *options.long_edge);
  const auto up = [](int length, int unit) { return (length + unit - 1) / unit * unit; };
  return {up(size.width, step.width), up(size.height, step.height)};
}

// The largest size of that shape within the frame.
Size inside(Size picture, Size frame) {
  const double factor = std::min(static_cast<double>(frame.width) / picture.width,
                                 static_cast<double>(frame.height) / picture.height);
  const Size size = {std::min(frame.width, scaled(picture.width, factor)),
                     std::min(frame.height, scaled(picture.height, factor))};
  // A pixel is no border.
  const auto close = [](int a, int b) { return b - a <= 1; };
  return {close(size.width, frame.width) ? frame.width : size.width,
          close(size.height, frame.height) ? frame.height : size.height};
}

// Fits pictures into frames of one size, centred on white. Any thread.
class Framing {
 public:
  // `shape` is the first picture's.
  Framing(Size shape, Size frame) : frame_(frame), expected_(inside(shape, frame)) {}

  Size size() const { return frame_; }

  Picture framed(const Picture& picture) {
    const Size shown = inside(picture.size(), frame_);
    if (shown != expected_) ++fitted_;
    const Picture frame = white_picture(frame_);
    Picture middle =
        part_of(frame, {(frame_.width - shown.width) / 2, (frame_.height - shown.height) / 2,
                        shown.width, shown.height});
    fill_over_white(images::Resampler(picture, shown), {}, middle);
    return frame;
  }

  // Pictures of another shape than the first.
  std::size_t fitted() const { return fitted_; }

 private:
  Size frame_;
  Size expected_;
  std::atomic<std::size_t> fitted_ = 0;
};

// The first picture that can be used, and how many were tried for it.
struct First {
  Picture picture;
  std::size_t tried = 0;
};

First read_first(const std::vector<Source>& sources, Reader& reader) {
  First first;
  while (first.picture.empty() && first.tried < sources.size())
    first.picture = reader.read(sources[first.tried++].path);
  if (first.picture.empty())
    throw Error(ErrorKind::kBadInput,
                fmt::format("none of {} pictures can be used", sources.size()));
  return first;
}

// How many pictures of about that size may be on their way at a time.
std::size_t affordable(Size picture, const AnimateOptions& options, const Run& run) {
  const std::uint64_t bytes = std::uint64_t{8} * static_cast<std::uint64_t>(picture.width) *
                              static_cast<std::uint64_t>(picture.height);
  return static_cast<std::size_t>(
      std::clamp<std::uint64_t>(options.memory_bytes / bytes, 1, run.threads() + 1));
}

// Writes the frames of all sources; false when it was stopped. Lets go of the first picture.
bool write_frames(const std::vector<Source>& sources, First first, std::size_t alive,
                  Reader& reader, Framing& framing, AnimationWriter& writer, const Run& run) {
  Progress progress{Progress::Phase::kFrames, first.tried, sources.size()};
  run.events().report(progress);
  writer.write(framing.framed(first.picture));
  first.picture = {};
  const std::size_t left = sources.size() - first.tried;
  const std::size_t made = pipeline::run_ordered(
      left, alive, [&] { return run.stopped(); },
      [&](std::size_t i) {
        const Picture picture = reader.read(sources[first.tried + i].path);
        return picture.empty() ? Picture{} : framing.framed(picture);
      },
      [&](const Picture& frame) {
        if (!frame.empty()) writer.write(frame);
        ++progress.done;
        run.events().report(progress);
      });
  return made == left;
}

void warn_of_borders(std::size_t fitted, const Events& events) {
  if (fitted == 0) return;
  events.warning(fmt::format(
      "{} of another shape than the first: white fills the frame",
      fitted == 1 ? std::string("one picture is") : fmt::format("{} pictures are", fitted)));
}

}  // namespace

bool comes_before(const std::string& name, const std::string& other) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < name.size() && j < other.size()) {
    if (is_digit(name[i]) && is_digit(other[j])) {
      const std::string a = number_at(name, i);
      const std::string b = number_at(other, j);
      if (a.size() != b.size()) return a.size() < b.size();
      if (a != b) return a < b;
      continue;
    }
    const int a = std::tolower(static_cast<unsigned char>(name[i]));
    const int b = std::tolower(static_cast<unsigned char>(other[j]));
    if (a != b) return a < b;
    ++i;
    ++j;
  }
  const bool both_end = i == name.size() && j == other.size();
  return both_end ? name < other : i == name.size();
}

AnimateSummary animate_pictures(const AnimateOptions& options, const Events& events) {
  const Run run(options.threads, events);
  AnimateSummary summary;
  summary.output = output_path(options);
  const Size step = animation_step(summary.output);
  std::vector<Source> sources = find_sources(options, summary.output);
  run.check(files_of(sources, summary.output), options.animation.overwrite);
  sort_sources(options.order, sources);

  Reader reader(options, events);
  First first = read_first(sources, reader);
  const Size shape = first.picture.size();
  Framing framing(shape, frame_size(options, shape, step));
  AnimationWriter writer(summary.output, framing.size(), options.animation);
  const bool whole = write_frames(sources, std::move(first), affordable(shape, options, run),
                                  reader, framing, writer, run);
  warn_of_borders(framing.fitted(), events);

  const auto animation = whole ? writer.finish(events) : std::nullopt;
  summary.stopped = !animation;
  summary.animation = animation.value_or(AnimationSummary{});
  summary.fitted = framing.fitted();
  summary.skipped = reader.skipped();
  summary.wall_s = run.seconds();
  return summary;
}

}  // namespace smalti
