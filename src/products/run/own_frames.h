#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "match/near_duplicates.h"
#include "match/tile_index.h"
#include "smalti/select_options.h"
#include "tiles/tile.h"

namespace smalti {

/// The tiles that are frames of the target video itself, and those that may not be shown at a time
/// of it because they were taken near by. const, any thread.
class OwnFrames {
 public:
  /// Frames of the target are told by the content of the video that they come from, or as pictures
  /// that splicing made, by their names. Those within `span_s` are left out. Throws Error
  /// (kUsage) for a span that is none, when no tile is a frame of the target, and when what is left
  /// cannot keep the rules.
  OwnFrames(const tiles::TileSet& tiles, const std::filesystem::path& target, double span_s,
            const SelectOptions& select, const match::NearDuplicates& near, std::size_t cells);

  /// The most pictures that are left out at a time.
  std::size_t most_left_out() const { return most_left_out_; }

  /// What may be shown at so many seconds of the target. Must not outlive this object.
  match::TileFilter at(double seconds) const;

 private:
  std::vector<std::int64_t> times_us_;  // of each tile; kNone for one of something else
  std::int64_t span_us_;
  std::size_t most_left_out_ = 0;
};

/// The seconds in a picture's name as splicing gives them to frames of this video, or
/// nothing when it is none.
std::optional<double> spliced_time_s(const std::filesystem::path& picture,
                                     const std::filesystem::path& video);

}  // namespace smalti
