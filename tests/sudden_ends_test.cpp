// Commands that are killed, or told to stop, at moments spread over their runs.
// SMALTI_LONG_TESTS=1 in the environment has many more of them.

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "smalti/error.h"
#include "smalti/photomosaic.h"
#include "support/fault_shop.h"
#include "support/libraries.h"
#include "support/long_tests.h"

namespace smalti {
namespace {

using test::Fault;
using test::FaultManner;
using test::FaultRig;
using test::FaultRun;
using test::FaultShop;
using test::Files;
using test::WritingJob;

bool can_end_suddenly() {
  if (!test::kSanitized) return true;
  MESSAGE("left out: a sanitized program keeps its memory itself");
  return false;
}

void sleep_for(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// How often there was which end, by job.
class Tally {
 public:
  void add(const WritingJob& job, const FaultRun& run) {
    ++ends_[job.name][run.killed ? "killed" : "code " + std::to_string(run.code)];
    if (run.killed) ++killed_;
  }
  int killed() const { return killed_; }
  ~Tally() {
    for (const auto& [job, ends] : ends_) {
      std::string line = job + ":";
      for (const auto& [end, count] : ends) line += " " + std::to_string(count) + " x " + end;
      MESSAGE(line);
    }
  }

 private:
  std::map<std::string, std::map<std::string, int>> ends_;
  int killed_ = 0;
};

void check_killed(const FaultShop& shop, const WritingJob& job, FaultRig& rig, const Files& right,
                  const FaultRun& run, Tally& tally) {
  CAPTURE(job.name);
  tally.add(job, run);
  if (!run.killed) CHECK(run.code == 0);  // it was through already
  shop.check_whole(job, right);
  shop.check_next(job, rig, right);
}

// Where it matters most: when it is about to write, to open, or to give a name.
void kill_at_calls(const FaultShop& shop, const WritingJob& job, FaultRig& rig, const Files& right,
                   const FaultRun& whole, Tally& tally) {
  int number = 0;
  for (const Fault fault : {Fault::kWrite, Fault::kOpen, Fault::kRename, Fault::kSync}) {
    const int wanted = fault == Fault::kWrite ? test::times(6, 1) : test::times(3, 0);
    for (const std::int64_t at : test::spread(whole.calls_of(fault), wanted)) {
      CAPTURE(static_cast<int>(fault));
      CAPTURE(at);
      shop.clear(job, ++number % 2 == 0);
      const FaultRun run = rig.run({fault, FaultManner::kDeath, at, 0});
      check_killed(shop, job, rig, right, run, tally);
    }
  }
}

void kill_at_moments(const FaultShop& shop, const WritingJob& job, FaultRig& rig,
                     const Files& right, const FaultRun& whole, Tally& tally) {
  const int moments = test::times(10, 1);
  for (int i = 1; i <= moments; ++i) {
    CAPTURE(i);
    shop.clear(job, i % 2 == 0);
    rig.begin();
    sleep_for(whole.seconds * i / (moments + 1));
    rig.send(SIGKILL);
    check_killed(shop, job, rig, right, rig.end(), tally);
  }
}

TEST_CASE("a kill at any moment leaves what is whole, and the next run makes the rest") {
  if (!can_end_suddenly()) return;
  FaultShop shop;
  Tally tally;
  for (const WritingJob& job : shop.jobs()) {
    const std::unique_ptr<FaultRig> rig = shop.rig(job);
    const Files right = shop.make_right(job, *rig);
    shop.clear(job, false);
    const FaultRun whole = rig->run();
    kill_at_calls(shop, job, *rig, right, whole, tally);
    kill_at_moments(shop, job, *rig, right, whole, tally);
  }
  CHECK(tally.killed() > 0);
  shop.check_inputs();
}

// The moment at which there is none yet, for each command that loads them.
TEST_CASE("a stop before the first tile is there ends a run as stopped") {
  const test::TempFolder folder;
  for (int i = 0; i < 3; ++i)
    test::write_file(folder / "tiles" / std::to_string(i),
                     test::png_file(test::differing_photo(i)));
  test::write_file(folder / "target.png", test::png_file(test::photo({96, 64})));
  std::atomic<bool> stop = false;
  Events events;
  events.stop = &stop;
  events.progress = [&](const Progress& progress) {
    if (progress.phase == Progress::Phase::kTiles) stop = true;
  };
  PhotomosaicOptions options;
  options.target = folder / "target.png";
  options.tiles = {folder / "tiles"};
  options.output = folder / "mosaic.png";
  options.use_cache = false;
  CHECK_THROWS_WITH_AS(make_photomosaic(options, events), "stopped: nothing was made", Error);
  CHECK_FALSE(std::filesystem::exists(folder / "mosaic.png"));
}

TEST_CASE("a signal at any moment ends every command soon, with nothing left behind") {
  if (!can_end_suddenly()) return;
  constexpr double kSoon_s = 5;  // a fraction of one, where nobody else is at work
  FaultShop shop;
  Tally tally;
  int number = 0;
  for (const WritingJob& job : shop.jobs()) {
    CAPTURE(job.name);
    const std::unique_ptr<FaultRig> rig = shop.rig(job);
    const Files right = shop.make_right(job, *rig);
    shop.clear(job, false);
    const double length_s = rig->run().seconds;
    const int moments = test::times(9, 1);
    for (int i = 1; i <= moments; ++i) {
      const int signal =
          std::array{SIGINT, SIGTERM, SIGHUP}[static_cast<std::size_t>(++number) % 3];
      CAPTURE(i);
      CAPTURE(signal);
      shop.clear(job, number % 2 == 0);
      rig->begin();
      rig->await_handlers();
      sleep_for(length_s * i / (moments + 1));
      rig->send(signal);
      const FaultRun run = rig->end(kSoon_s);
      CAPTURE(run.said);
      tally.add(job, run);
      CHECK_FALSE(run.hung);
      CHECK_FALSE(run.killed);
      CHECK((run.code == 0 || run.code == 128 + signal));
      shop.check_stopped(job, run, right);
    }
  }
  shop.check_inputs();
}

}  // namespace
}  // namespace smalti
