#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "media/frame_sampler.h"
#include "products/splice/splice_journal.h"
#include "smalti/events.h"
#include "smalti/splice.h"

namespace smalti {

/// A video that can be opened, known to the journal.
struct SpliceSource {
  std::size_t number = 0;   ///< in the journal
  bool named = false;       ///< by the user, not found in a folder
  media::VideoFacts facts;  ///< nothing where all of it was looked at by an earlier run
};

/// Throws Error (kMissingInput) for a name that does not exist.
void check_sources(const SpliceOptions& options);

/// Finds the videos that the options name, in the order of their paths, and gives the new ones
/// their names. What is no video or cannot be opened is written into the summary, which fails where
/// the user named it.
std::vector<SpliceSource> find_videos(const SpliceOptions& options, SpliceJournal& journal,
                                      SpliceSummary& summary, const Events& events);

/// Notes that a video cannot be used, which is a failure where the user named it or `strict` says
/// so.
void report_unusable(const SpliceSource& source, const std::filesystem::path& path,
                     const std::string& why, const SpliceOptions& options, SpliceSummary& summary);

}  // namespace smalti
