#include "products/splice/splice_sources.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "base/names.h"
#include "base/text.h"
#include "library/walk.h"
#include "products/run/run_files.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

bool lies_in(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

std::string mark_of(const std::string& text) {
  return fmt::format("-{:08x}", static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size())));
}

// The stem as part of other names: never hidden, and short enough to have something behind it.
std::string usable_stem(const fs::path& path) {
  constexpr std::size_t kLongest = 200;
  std::string stem = path.stem().string();
  if (stem.starts_with('.')) stem.front() = '_';
  if (stem.size() <= kLongest) return stem;
  const std::string mark = mark_of(stem);
  std::string_view rest = stem;  // behind what is kept, which ends with a whole character
  while (stem.size() - rest.size() + first_character(rest).bytes <= kLongest)
    rest.remove_prefix(first_character(rest).bytes);
  return stem.substr(0, stem.size() - rest.size()) + mark;
}

// The first video of a name has it to itself; others, and files that were changed since, get a mark
// of what they are.
std::string free_name(const SplicedVideo& video, const std::vector<SplicedVideo>& others) {
  const std::string stem = usable_stem(video.path);
  const std::string path = video.path.native();
  const std::string candidates[] = {
      stem, stem + mark_of(path),
      stem + mark_of(fmt::format("{}\n{}\n{}", path, video.bytes, video.changed_ns))};
  for (const std::string& name : candidates) {
    const bool taken = std::any_of(others.begin(), others.end(),
                                   [&](const SplicedVideo& other) { return other.name == name; });
    if (!taken) return name;
  }
  return candidates[2] + fmt::format("-{}", others.size());
}

struct FileState {
  fs::path path;  ///< absolute, without links
  std::uint64_t bytes = 0;
  std::int64_t changed_ns = 0;
};

// Throws Error (kBadInput) for what is no regular file: nothing else can be opened twice.
FileState state_of(const fs::path& path) {
  std::error_code error;
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorKind::kBadInput, "cannot read it: " + why);
  };
  if (!fs::is_regular_file(path, error)) refuse(error ? error.message() : "it is no regular file");
  FileState state{fs::canonical(path, error), 0, 0};
  if (!error) state.bytes = fs::file_size(path, error);
  if (!error) {
    const auto changed = fs::last_write_time(path, error).time_since_epoch();
    state.changed_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(changed).count();
    // The file claims to be of a time that cannot be told: no reason not to read it.
    if (error == std::errc::value_too_large) error.clear();
  }
  if (error) refuse(error.message());
  return state;
}

// What is to be known of a file before anything is noted. Throws Error when it cannot be used.
struct Opened {
  FileState file;
  std::optional<std::size_t> known;  // its number, when it is in the journal
  media::VideoFacts facts;
};

Opened open(const fs::path& path, const SpliceJournal& journal, const Events& events) {
  Opened opened{state_of(path), {}, {}};
  const FileState& file = opened.file;
  opened.known = journal.find(file.path, file.bytes, file.changed_ns);
  if (!opened.known || !journal.videos()[*opened.known].all_frames)
    opened.facts = media::look_at_video(path, events);
  return opened;
}

std::size_t enter(const FileState& file, SpliceJournal& journal) {
  SplicedVideo video;
  video.path = file.path;
  video.bytes = file.bytes;
  video.changed_ns = file.changed_ns;
  video.name = free_name(video, journal.videos());
  return journal.add_video(std::move(video));
}

}  // namespace

void check_sources(const SpliceOptions& options) {
  for (const fs::path& path : options.videos) check_is_there("video", path);
}

void report_unusable(const SpliceSource& source, const fs::path& path, const std::string& why,
                     const SpliceOptions& options, SpliceSummary& summary) {
  summary.unusable.push_back({path, why});
  summary.failed = summary.failed || source.named || options.strict;
}

std::vector<SpliceSource> find_videos(const SpliceOptions& options, SpliceJournal& journal,
                                      SpliceSummary& summary, const Events& events) {
  const fs::path output = fs::canonical(options.output);
  library::FoundFiles found = library::find_files(options.videos, events);
  std::vector<SpliceSource> sources;
  std::set<std::size_t> entered;
  for (const library::FoundFile& file : found.files) {
    if (events.stop_requested()) break;
    std::error_code error;
    if (!file.named && lies_in(fs::weakly_canonical(file.path, error), output)) continue;
    Opened opened;
    try {
      opened = open(file.path, journal, events);
    } catch (const Error& problem) {
      if (events.stop_requested()) break;
      if (file.named || is_named_like_a_video(file.path)) {
        report_unusable({0, file.named, {}}, file.path, problem.what(), options, summary);
      } else {
        ++summary.other_files;
      }
      continue;
    }
    const std::size_t number = opened.known ? *opened.known : enter(opened.file, journal);
    if (entered.insert(number).second) sources.push_back({number, file.named, opened.facts});
  }
  summary.unusable.insert(summary.unusable.end(), found.unreadable.begin(), found.unreadable.end());
  return sources;
}

}  // namespace smalti
