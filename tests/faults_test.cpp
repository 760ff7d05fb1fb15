// Calls of the C library that fail, one at a time: writing, reading, memory. However a run ends, it
// ends by itself, says why, and leaves only what is whole. SMALTI_LONG_TESTS=1 in the environment
// has every such call fail that does I/O.

#include <doctest/doctest.h>

#include <cerrno>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "support/fault_shop.h"
#include "support/long_tests.h"

namespace smalti {
namespace {

using test::Fault;
using test::FaultManner;
using test::FaultPlan;
using test::FaultRig;
using test::FaultRun;
using test::FaultShop;
using test::Files;
using test::WritingJob;

// The address sanitizer has functions of its own in front of the C library's, and so would we.
bool can_fail() {
  if (!test::kSanitized) return true;
  MESSAGE("left out: a sanitized program keeps its memory itself");
  return false;
}

struct Sort {
  Fault fault;
  const char* name;
  int error;
  int sample;   ///< how many of the calls fail
  int in_full;  ///< and with SMALTI_LONG_TESTS
};

constexpr int kAll = 1'000'000;
constexpr Sort kSorts[] = {
    {Fault::kWrite, "write", ENOSPC, 6, kAll},   {Fault::kRead, "read", EIO, 6, kAll},
    {Fault::kSync, "sync", EIO, 2, kAll},        {Fault::kRename, "rename", EIO, 2, kAll},
    {Fault::kMap, "map", ENOMEM, 1, kAll},       {Fault::kOpen, "open", EMFILE, 4, kAll},
    {Fault::kMemory, "memory", ENOMEM, 14, 150},
};

class Tally {
 public:
  void add(const WritingJob& job, const Sort& sort, std::int64_t calls, int code) {
    auto& [total, codes] = runs_[job.name + " " + sort.name];
    total = calls;
    ++codes[code];
  }
  ~Tally() {
    for (const auto& [what, run] : runs_) {
      std::string line = what + ", of " + std::to_string(run.first) + " calls:";
      for (const auto& [code, count] : run.second)
        line += " " + std::to_string(count) + " x " + std::to_string(code);
      MESSAGE(line);
    }
  }

 private:
  std::map<std::string, std::pair<std::int64_t, std::map<int, int>>> runs_;
};

void fail_each(FaultShop& shop, const WritingJob& job, Tally& tally) {
  const std::unique_ptr<FaultRig> rig = shop.rig(job);
  const Files right = shop.make_right(job, *rig);
  shop.clear(job, false);
  const FaultRun whole = rig->run();
  int number = 0;
  for (const Sort& sort : kSorts) {
    const std::int64_t calls = whole.calls_of(sort.fault);
    for (const std::int64_t at : test::spread(calls, test::times(sort.in_full, sort.sample))) {
      // A disk stays full, or a write fails by chance. Memory that never comes back ends any
      // program.
      const bool lasts = number % 2 == 1 && sort.fault != Fault::kMemory;
      const FaultPlan plan{sort.fault, lasts ? FaultManner::kFromThen : FaultManner::kOnce, at,
                           sort.error};
      CAPTURE(job.name);
      CAPTURE(std::string(sort.name));
      CAPTURE(at);
      CAPTURE(number);
      shop.clear(job, number % 3 == 0);
      const FaultRun run = rig->run(plan);
      tally.add(job, sort, calls, run.code);
      shop.check_end(job, run, right);
      if (sort.fault == Fault::kMemory && run.failed == 0) CHECK(run.code == 0);
      if (number % 8 == 0) shop.check_next(job, *rig, right);
      ++number;
    }
  }
}

TEST_CASE("whatever call fails, a run ends by itself and leaves only what is whole") {
  if (!can_fail()) return;
  FaultShop shop;
  Tally tally;
  for (const WritingJob& job : shop.jobs()) fail_each(shop, job, tally);
  shop.check_inputs();
}

TEST_CASE("reading and writing by halves, or interrupted again and again, changes nothing") {
  if (!can_fail()) return;
  FaultShop shop;
  for (const WritingJob& job : shop.jobs()) {
    CAPTURE(job.name);
    const std::unique_ptr<FaultRig> rig = shop.rig(job);
    const Files right = shop.make_right(job, *rig);
    for (const Fault fault : {Fault::kWrite, Fault::kRead}) {
      for (const FaultManner manner : {FaultManner::kShort, FaultManner::kBroken}) {
        CAPTURE(static_cast<int>(fault));
        CAPTURE(static_cast<int>(manner));
        shop.clear(job, false);
        const FaultRun run = rig->run({fault, manner, 1, 0});
        CAPTURE(run.said);
        CHECK(run.failed > 0);
        CHECK(run.code == 0);
        shop.check_end(job, run, right);
      }
    }
  }
}

}  // namespace
}  // namespace smalti
