#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "products/splice/splice_journal.h"
#include "products/splice/splice_sources.h"
#include "products/splice/tile_cutter.h"
#include "smalti/events.h"
#include "smalti/splice.h"

namespace smalti {

/// Pictures taken so far, by what they look like to the matcher. One thread at a time.
class KnownLooks {
 public:
  /// Adds it unless it looks nearly as one before; returns whether it was added.
  bool add(match::Descriptor looks);
  void add_anyhow(match::Descriptor looks) {
    known_.insert(known_.end(), looks.begin(), looks.end());
  }

 private:
  std::vector<std::int16_t> known_;  // one after the other, to be looked through quickly
};

/// Makes the pictures of one video after the other.
class Splicer {
 public:
  /// All must outlive the splicer, which counts into `summary`. `taken` is called after every
  /// frame, from any thread.
  Splicer(const SpliceOptions& options, SpliceJournal& journal, SpliceSummary& summary,
          const Events& events, std::function<void()> taken);

  /// How many frames will be taken of a video; nothing when nobody knows.
  std::optional<std::uint64_t> frames_of(const SpliceSource& source) const;

  /// Takes what is missing of a video. A video that cannot be read to its end goes into the
  /// summary. Returns early when events.stop became true. Throws Error when writing fails.
  void splice(const SpliceSource& source);

 private:
  struct Cut;
  class Missing;
  using Times = std::function<std::optional<media::Nanoseconds>()>;

  const SplicedVideo& video(const SpliceSource& source) const {
    return journal_.videos()[source.number];
  }
  Times times_of(const SpliceSource& source) const;
  /// Of the frame for that time, where none of them is missing.
  std::optional<std::uint64_t> pictures_there(const SplicedVideo& video,
                                              media::Nanoseconds asked) const;
  std::filesystem::path picture_path(const SplicedVideo& video, media::Nanoseconds time,
                                     std::size_t crop) const;
  void prepare(Cut& cut);
  void decide(Cut& cut, const SplicedVideo& video);
  void make(Cut& cut, const SplicedVideo& video) const;
  void put(Cut& cut, std::size_t number);
  void write(const Picture& picture, const std::filesystem::path& path) const;
  void tell_damage(const SplicedVideo& video, std::uint64_t damaged);

  const SpliceOptions& options_;
  SpliceJournal& journal_;
  SpliceSummary& summary_;
  const Events& events_;
  std::function<void()> taken_;
  TileCutter cutter_;
  KnownLooks looks_;
};

}  // namespace smalti
