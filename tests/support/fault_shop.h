#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "smalti/tile_library.h"
#include "support/fault_rig.h"
#include "support/temp_folder.h"
#include "tiles/tile.h"

namespace smalti::test {

/// One of the commands that write.
struct WritingJob {
  std::string name;
  std::vector<std::string> arguments;
  std::vector<std::string> files = {};  ///< that it writes in the folder of outputs
  std::string library = {};             ///< that it writes there
  std::string first_library = {};       ///< what is there before
};

/// The bytes of files by their path.
using Files = std::map<std::string, std::string>;

/// All that writing jobs read, a folder that they write to, and what they promise however they end.
class FaultShop {
 public:
  FaultShop();

  const std::vector<WritingJob>& jobs() const { return jobs_; }
  std::unique_ptr<FaultRig> rig(const WritingJob& job) const;

  /// Outputs and cache as before a first run; with `old`, other files have the names of the
  /// outputs.
  void clear(const WritingJob& job, bool old) const;

  /// What a run without faults writes. Requires that it is the same twice.
  Files make_right(const WritingJob& job, FaultRig& rig);

  /// After a run that ended by itself: exit code, message, outputs, no temporary files, libraries.
  void check_end(const WritingJob& job, const FaultRun& run, const Files& right) const;
  /// After a run that was told to stop: the same, but for the exit code.
  void check_stopped(const WritingJob& job, const FaultRun& run, const Files& right) const;
  /// After any end: outputs are whole or as they were, and so are libraries and the cache.
  void check_whole(const WritingJob& job, const Files& right) const;
  /// One more run, without faults, makes it all good and clears away what was left.
  void check_next(const WritingJob& job, FaultRig& rig, const Files& right) const;
  /// That nothing was ever written to what jobs read.
  void check_inputs() const;

 private:
  Files outputs() const;
  Files old_outputs(const WritingJob& job) const;
  std::vector<std::string> temporary_files() const;
  void check_library(const WritingJob& job) const;
  void check_cache() const;

  TempFolder folder_;
  std::vector<WritingJob> jobs_;
  Files inputs_;
  tiles::TileSet tiles_;
  std::map<std::string, std::string> usual_;  ///< what jobs say without faults, by name
};

/// `wanted` of the numbers from 1 to `count`, evenly spread; all where there are no more.
std::vector<std::int64_t> spread(std::int64_t count, std::int64_t wanted);

}  // namespace smalti::test
