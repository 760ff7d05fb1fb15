// Splicing, from videos to pictures for tiles: every step is here.

#include "smalti/splice.h"

#include <fmt/format.h>

#include <mutex>
#include <string>
#include <system_error>

#include "base/wording.h"
#include "products/run/run.h"
#include "products/splice/shot_finder.h"
#include "products/splice/splice_journal.h"
#include "products/splice/splice_sources.h"
#include "products/splice/splicer.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

void check_options(const SpliceOptions& options) {
  constexpr int kLargestSide = 16384;
  constexpr double kShortest_s = 0.001;  // what names tell apart
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw Error(ErrorKind::kUsage, what, hint);
  };
  if (!(options.every_s >= kShortest_s))
    refuse(fmt::format("frames every {} seconds", options.every_s), "choose at least 0.001");
  if (options.limit && *options.limit < 1) refuse("a limit of no frames", "choose at least 1");
  if (options.crops < 1) refuse("no crops of a frame", "choose at least 1");
  if (options.crops > 1 && !options.aspect && !options.size)
    refuse("several crops of a whole frame would be the same",
           worded("choose their shape, such as {tile-aspect} 1:1"));
  const Size size = options.size.value_or(Size{options.long_edge, options.long_edge});
  if (std::min(size.width, size.height) < 1 || std::max(size.width, size.height) > kLargestSide)
    refuse(fmt::format("pictures of {}x{} pixels", size.width, size.height),
           fmt::format("choose from 1 to {} pixels a side", kLargestSide));
}

// Whatever changes the pictures or their names, on a line.
std::string options_line(const SpliceOptions& options) {
  std::string line = options.scenes ? "scenes" : fmt::format("every {}", options.every_s);
  if (options.limit) line += fmt::format(", limit {}", *options.limit);
  if (options.size) {
    line += fmt::format(", size {}x{}", options.size->width, options.size->height);
  } else {
    line += fmt::format(", size {}", options.long_edge);
  }
  if (options.aspect)
    line += fmt::format(", aspect {}:{}", options.aspect->width, options.aspect->height);
  if (options.crops > 1) line += fmt::format(", crops {}", options.crops);
  if (options.distinct) line += ", distinct";
  return line;
}

// Frames so far, of all that will be looked at. Any thread.
class Count {
 public:
  Count(Progress::Phase phase, const Events& events) : events_(events) { now_.phase = phase; }

  void expect(std::optional<std::uint64_t> frames) {
    known_ = known_ && frames;
    if (frames) total_ += *frames;
  }
  void add() {
    const std::lock_guard lock(mutex_);
    ++now_.done;
    if (known_) now_.total = total_;
    events_.report(now_);
  }

 private:
  const Events& events_;
  std::mutex mutex_;
  Progress now_;
  std::uint64_t total_ = 0;
  bool known_ = true;
};

void find_missing_shots(const std::vector<SpliceSource>& sources, const SpliceOptions& options,
                        SpliceJournal& journal, SpliceSummary& summary, const Events& events) {
  Count count(Progress::Phase::kFrames, events);
  const auto is_done = [&](const SpliceSource& source) {
    return journal.videos()[source.number].all_shots;
  };
  for (const SpliceSource& source : sources)
    if (!is_done(source)) count.expect(source.facts.frames);
  for (const SpliceSource& source : sources) {
    if (is_done(source)) continue;
    const SplicedVideo& video = journal.videos()[source.number];
    const ShotSearch search{video.path, video.shots.empty() ? 0 : video.shots.back().end,
                            options.threads};
    try {
      const bool ended = find_shots(
          search, events, [&](const Shot& shot) { journal.add_shot(source.number, shot); },
          [&] { count.add(); });
      if (!ended) return;
      journal.end_shots(source.number);
    } catch (const Error& problem) {
      if (events.stop_requested()) return;
      const bool nothing_left = problem.kind() == ErrorKind::kUsage && !video.shots.empty();
      if (nothing_left) {
        journal.end_shots(source.number);
        continue;
      }
      if (problem.kind() != ErrorKind::kBadInput) throw;
      report_unusable(source, video.path, problem.what(), options, summary);
    }
  }
}

// A folder made for nothing.
void clear_away(const SpliceJournal& journal, const fs::path& output) {
  std::error_code ignored;
  fs::remove_all(journal.folder(), ignored);
  fs::remove(output, ignored);  // only when it is empty
}

}  // namespace

SpliceSummary splice(const SpliceOptions& options, const Events& events) {
  const Run run(options.threads, events);
  check_options(options);
  check_sources(options);

  SpliceSummary summary;
  summary.output = options.output;
  SpliceJournal journal(options.output, options_line(options));
  const std::vector<SpliceSource> sources = find_videos(options, journal, summary, events);
  summary.videos = sources.size();
  if (options.scenes) find_missing_shots(sources, options, journal, summary, events);

  Count count(options.scenes ? Progress::Phase::kTiles : Progress::Phase::kFrames, events);
  Splicer splicer(options, journal, summary, events, [&] { count.add(); });
  for (const SpliceSource& source : sources) count.expect(splicer.frames_of(source));
  for (const SpliceSource& source : sources) splicer.splice(source);

  summary.stopped = run.stopped();
  if (summary.videos == 0 && journal.videos().empty()) clear_away(journal, options.output);
  if (summary.written + summary.there == 0 && !summary.stopped) summary.failed = true;
  summary.wall_s = run.seconds();
  return summary;
}

}  // namespace smalti
