#include "products/splice/splicer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include "images/image_writer.h"
#include "match/near_duplicates.h"
#include "media/cut_short.h"
#include "media/frame_sampler.h"
#include "pipeline/belt.h"
#include "products/run/run.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

using media::Nanoseconds;

Nanoseconds time_of_sample(std::uint64_t k, double every_s) {
  return media::seconds_to_ns(static_cast<double>(k) * every_s);
}

// Which one of `count` is the i-th of `wanted` spread evenly over them.
std::uint64_t spread(std::uint64_t i, std::uint64_t wanted, std::uint64_t count) {
  return (2 * i + 1) * count / (2 * wanted);
}

// Of samples every so many seconds: how many times lie within the video.
std::optional<std::uint64_t> samples_in(const media::VideoFacts& facts, double every_s) {
  constexpr double kMost = 1e9;  // a header may claim any length
  if (!facts.length_s) return std::nullopt;
  return static_cast<std::uint64_t>(std::clamp(std::ceil(*facts.length_s / every_s), 1.0, kMost));
}

std::string clock_name(Nanoseconds time) {
  const std::int64_t ms = (std::max<Nanoseconds>(time, 0) + 500'000) / 1'000'000;
  return fmt::format("{:02}-{:02}-{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60,
                     ms % 1000);
}

}  // namespace

bool KnownLooks::add(match::Descriptor looks) {
  for (std::size_t at = 0; at < known_.size(); at += match::kDescriptorSize)
    if (match::distance(match::Descriptor(known_.data() + at, match::kDescriptorSize), looks) <=
        match::kNearlyAlikeDistance)
      return false;
  add_anyhow(looks);
  return true;
}

// A frame on its way to being pictures.
struct Splicer::Cut {
  Nanoseconds asked = 0;
  media::SampledFrame frame;
  bool noted = false;  // an earlier run decided
  SplicedFrame outcome;
  std::vector<Picture> pictures;
  std::vector<match::DescriptorTable> looks;
  std::uint64_t written = 0;
  std::uint64_t there = 0;
};

// The frames of a video that are to become pictures and are none yet, one after the other.
class Splicer::Missing {
 public:
  Missing(const Splicer& splicer, const SplicedVideo& known, Times times)
      : splicer_(splicer), known_(known), next_time_(std::move(times)), events_(splicer.events_) {
    for (const auto& [asked, frame] : known.frames) taken_.insert(frame.time);
    if (splicer.options_.scenes) events_.warn = nullptr;  // the search for shots has told it all
  }

  // Null at the end of the video, and when the run is to stop. Throws Error when it cannot be read.
  std::shared_ptr<Cut> next() {
    while (!events_.stop_requested()) {
      const auto asked = next_time_();
      if (!asked) return nullptr;
      if (const auto pictures = splicer_.pictures_there(known_, *asked)) {
        there_ += *pictures;
      } else if (!was_passed_over(*asked)) {
        auto frame = sampler().shown_at(*asked);
        if (!frame) return nullptr;
        const bool noted = known_.frames.contains(*asked);
        if (noted || taken_.insert(frame->time).second) return cut_of(*asked, noted, *frame);
      }
      splicer_.taken_();
    }
    return nullptr;
  }

  // Pictures that were passed by because they are there.
  std::uint64_t there() const { return there_; }
  // Nothing where no frame was looked at.
  std::optional<std::uint64_t> damaged() const {
    return sampler_ ? std::optional(sampler_->damaged()) : std::nullopt;
  }

 private:
  // Frames are noted in this order: one without a note showed a frame that was taken before.
  bool was_passed_over(Nanoseconds asked) const {
    const auto& frames = known_.frames;
    return !frames.empty() && asked < frames.rbegin()->first && !frames.contains(asked);
  }

  // Opens the video when the first frame of it is missing.
  media::FrameSampler& sampler() {
    const SpliceOptions& options = splicer_.options_;
    if (!sampler_)
      sampler_ = std::make_unique<media::FrameSampler>(known_.path, options.threads,
                                                       options.decode_all, events_);
    return *sampler_;
  }

  static std::shared_ptr<Cut> cut_of(Nanoseconds asked, bool noted, media::SampledFrame& frame) {
    auto cut = std::make_shared<Cut>();
    cut->asked = asked;
    cut->noted = noted;
    cut->frame = std::move(frame);
    return cut;
  }

  const Splicer& splicer_;
  const SplicedVideo& known_;
  Times next_time_;
  Events events_;
  std::set<Nanoseconds> taken_;  // frames by their own times: one shown twice is taken once
  std::unique_ptr<media::FrameSampler> sampler_;
  std::uint64_t there_ = 0;
};

Splicer::Splicer(const SpliceOptions& options, SpliceJournal& journal, SpliceSummary& summary,
                 const Events& events, std::function<void()> taken)
    : options_(options),
      journal_(journal),
      summary_(summary),
      events_(events),
      taken_(std::move(taken)),
      cutter_(options) {
  for (const SplicedVideo& known : journal.videos())
    for (const auto& [asked, frame] : known.frames)
      for (const match::DescriptorTable& looks : frame.looks) looks_.add_anyhow(looks[0]);
}

Splicer::Times Splicer::times_of(const SpliceSource& source) const {
  const SplicedVideo& known = video(source);
  std::vector<Nanoseconds> times;
  const auto from_list = [&](std::vector<Nanoseconds> list) {
    return [list = std::move(list), i = std::size_t{0}]() mutable -> std::optional<Nanoseconds> {
      if (i == list.size()) return std::nullopt;
      return list[i++];
    };
  };
  if (known.all_frames) {
    for (const auto& [asked, frame] : known.frames) times.push_back(asked);
    return from_list(times);
  }
  const auto limit = static_cast<std::uint64_t>(options_.limit.value_or(0));
  if (options_.scenes) {
    const std::uint64_t count = known.shots.size();
    const std::uint64_t wanted = limit > 0 ? std::min(limit, count) : count;
    for (std::uint64_t i = 0; i < wanted; ++i)
      times.push_back(known.shots[spread(i, wanted, count)].sharpest);
    return from_list(times);
  }
  const double every_s = options_.every_s;
  const auto samples = samples_in(source.facts, every_s);
  if (limit > 0) {
    const std::uint64_t count = std::max(samples.value_or(0), limit);
    return [every_s, limit, count, i = std::uint64_t{0}]() mutable -> std::optional<Nanoseconds> {
      if (i == limit) return std::nullopt;
      return time_of_sample(spread(i++, limit, count), every_s);
    };
  }
  return [every_s, k = std::uint64_t{0}]() mutable -> std::optional<Nanoseconds> {
    return time_of_sample(k++, every_s);
  };
}

std::optional<std::uint64_t> Splicer::frames_of(const SpliceSource& source) const {
  const SplicedVideo& known = video(source);
  if (known.all_frames) return known.frames.size();
  const auto all = options_.scenes ? std::optional<std::uint64_t>(known.shots.size())
                                   : samples_in(source.facts, options_.every_s);
  if (!options_.limit) return all;
  const auto limit = static_cast<std::uint64_t>(*options_.limit);
  return all ? std::min(*all, limit) : limit;
}

fs::path Splicer::picture_path(const SplicedVideo& video, Nanoseconds time,
                               std::size_t crop) const {
  std::string name = fmt::format("{}-{}", video.name, clock_name(time));
  if (options_.crops > 1) {
    const std::size_t digits = std::to_string(options_.crops).size();
    name += fmt::format("-{:0{}}", crop + 1, digits);
  }
  return options_.output / (name + ".jpg");
}

std::optional<std::uint64_t> Splicer::pictures_there(const SplicedVideo& video,
                                                     Nanoseconds asked) const {
  const auto found = video.frames.find(asked);
  if (found == video.frames.end()) return std::nullopt;
  const SplicedFrame& frame = found->second;
  std::uint64_t there = 0;
  for (std::size_t crop = 0; crop < frame.kept.size(); ++crop) {
    std::error_code error;
    if (!frame.kept[crop]) continue;
    if (!fs::exists(picture_path(video, frame.time, crop), error)) return std::nullopt;
    ++there;
  }
  return there;
}

void Splicer::prepare(Cut& cut) {
  cut.pictures = cutter_.cut(cut.frame.picture, cut.frame.size);
  cut.frame.picture = {};
  if (!options_.distinct || cut.noted) return;
  for (const Picture& picture : cut.pictures)
    cut.looks.push_back(match::describe(picture, Rect{0, 0, picture.width, picture.height}));
}

void Splicer::decide(Cut& cut, const SplicedVideo& video) {
  if (cut.noted) {
    cut.outcome = video.frames.at(cut.asked);
    return;
  }
  cut.outcome.time = cut.frame.time;
  for (std::size_t crop = 0; crop < cut.pictures.size(); ++crop) {
    const bool keep = !options_.distinct || looks_.add(cut.looks[crop][0]);
    cut.outcome.kept.push_back(keep);
    if (keep && options_.distinct) cut.outcome.looks.push_back(cut.looks[crop]);
    if (!keep) ++summary_.alike;
  }
}

void Splicer::make(Cut& cut, const SplicedVideo& video) const {
  const std::size_t crops = std::min(cut.outcome.kept.size(), cut.pictures.size());
  for (std::size_t crop = 0; crop < crops; ++crop) {
    if (!cut.outcome.kept[crop]) continue;
    const fs::path path = picture_path(video, cut.outcome.time, crop);
    std::error_code error;
    if (fs::exists(path, error)) {
      ++cut.there;
    } else {
      write(cut.pictures[crop], path);
      ++cut.written;
    }
  }
  cut.pictures.clear();
}

// Made beside the journal and then moved: a picture appears whole, and a folder of many thousands
// need not be looked through for what killed runs left behind.
void Splicer::write(const Picture& picture, const fs::path& path) const {
  static std::atomic<unsigned> counter{0};
  const fs::path made = journal_.folder() / fmt::format("{}.jpg", counter++);
  images::ImageWriteOptions how;
  how.overwrite = true;
  images::write_image(picture, made, how);
  std::error_code error;
  fs::rename(made, path, error);
  if (error)
    throw Error(ErrorKind::kInputOutput,
                fmt::format("cannot give '{}' its name: {}", path.string(), error.message()));
}

void Splicer::put(Cut& cut, std::size_t number) {
  ++summary_.frames;
  summary_.written += cut.written;
  summary_.there += cut.there;
  if (!cut.noted) journal_.add_frame(number, cut.asked, std::move(cut.outcome));
  taken_();
}

void Splicer::tell_damage(const SplicedVideo& video, std::uint64_t damaged) {
  summary_.damaged += damaged;
  const std::int64_t missing = media::missing_bytes(video.path);
  if (missing > 0)
    events_.warning(fmt::format("'{}' is cut short: {} of its bytes are missing",
                                video.path.string(), missing));
  if (damaged > 0)
    events_.warning(
        fmt::format("'{}' is damaged: {} of its frames could not be decoded as they "
                    "were recorded",
                    video.path.string(), damaged));
  if (options_.strict && (missing > 0 || damaged > 0)) summary_.failed = true;
}

void Splicer::splice(const SpliceSource& source) {
  // As it was before: the journal is written to while frames are taken.
  const SplicedVideo known = video(source);
  if (options_.scenes && !known.all_shots) return;  // could not be looked through
  Missing missing(*this, known, times_of(source));

  // What cannot be read ends its video; what cannot be written ends the run.
  std::optional<Error> problem;
  pipeline::Belt<Cut> belt;
  belt.take = [&]() -> std::shared_ptr<Cut> {
    try {
      return missing.next();
    } catch (const Error& error) {
      problem = error;
      return nullptr;
    }
  };
  belt.prepare = [&](Cut& cut) { prepare(cut); };
  belt.decide = [&](Cut& cut) { decide(cut, known); };
  belt.make = [&](Cut& cut) { make(cut, known); };
  belt.put = [&](Cut& cut) { put(cut, source.number); };
  pipeline::run_belt(belt, thread_count(options_.threads) + 2);
  summary_.there += missing.there();

  if (events_.stop_requested()) return;
  if (problem) return report_unusable(source, known.path, problem->what(), options_, summary_);
  if (missing.damaged()) tell_damage(known, *missing.damaged());
  if (!known.all_frames) journal_.end_frames(source.number);
}

}  // namespace smalti
