#include "pipeline/pipeline.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

#include "smalti/error.h"

namespace smalti {
namespace {

// A run over numbered frames that records what became of them.
class Run {
 public:
  explicit Run(std::uint64_t frames) : frames_(frames) {}

  pipeline::Stages stages() {
    pipeline::Stages s;
    s.read = [this]() -> pipeline::JobPtr {
      if (next_ == frames_) return nullptr;
      fail_at("read", next_);
      auto job = std::make_shared<pipeline::FrameJob>();
      job->index = next_++;
      most_alive = std::max(most_alive, ++alive_);
      return job;
    };
    s.look = [this](pipeline::FrameJob& job) {
      fail_at("look", job.index);
      dawdle(job.index * 17);
    };
    s.lay = [this](pipeline::JobPtr job) {
      fail_at("lay", job->index);
      in_order(laid_next_, job->index);
      waiting_.push_back(std::move(job));
      return release(waiting_, wait);
    };
    s.lay_rest = [this] {
      fail_at("lay_rest", frames_);
      return release(waiting_, 0);
    };
    s.match = [this](pipeline::FrameJob& job) {
      fail_at("match", job.index);
      dawdle(job.index);
    };
    s.hold = [this](pipeline::JobPtr job) {
      fail_at("hold", job->index);
      in_order(held_next_, job->index);
      held_.push_back(std::move(job));
      return release(held_, look_ahead);
    };
    s.flush = [this] {
      fail_at("flush", frames_);
      return release(held_, 0);
    };
    s.compose = [this](pipeline::FrameJob& job) {
      fail_at("compose", job.index);
      dawdle(job.index * 31);
    };
    s.write = [this](pipeline::FrameJob& job) {
      fail_at("write", job.index);
      in_order(written_next_, job.index);
      --alive_;
    };
    return s;
  }

  std::size_t wait = 0;        // frames kept back before they are matched
  std::size_t look_ahead = 0;  // and behind that
  std::string fail_stage;
  std::uint64_t fail_index = 0;
  int most_alive = 0;
  std::atomic<bool> out_of_order{false};
  std::uint64_t written() const { return written_next_; }

 private:
  void fail_at(const char* stage, std::uint64_t index) const {
    if (fail_stage == stage && index >= fail_index) throw std::runtime_error(stage);
  }

  void in_order(std::uint64_t& next, std::uint64_t index) {
    if (index != next) out_of_order = true;
    ++next;
  }

  static void dawdle(std::uint64_t seed) {
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::minstd_rand(static_cast<unsigned>(seed) + 1)() % 300));
  }

  static std::vector<pipeline::JobPtr> release(std::deque<pipeline::JobPtr>& held,
                                               std::size_t keep) {
    std::vector<pipeline::JobPtr> out;
    while (held.size() > keep) {
      out.push_back(std::move(held.front()));
      held.pop_front();
    }
    return out;
  }

  std::uint64_t frames_;
  std::uint64_t next_ = 0;
  std::uint64_t laid_next_ = 0;
  std::uint64_t held_next_ = 0;
  std::uint64_t written_next_ = 0;
  std::atomic<int> alive_{0};
  std::deque<pipeline::JobPtr> waiting_;
  std::deque<pipeline::JobPtr> held_;
};

TEST_CASE("every frame is written once and in order, however the stages dawdle") {
  for (const std::uint64_t frames : {0, 1, 2, 7, 8, 9, 300}) {
    Run run(frames);
    const pipeline::PipelineCounts counts = pipeline::run_graph(run.stages(), 8);
    CHECK(counts.read == frames);
    CHECK(counts.written == frames);
    CHECK(run.written() == frames);
    CHECK_FALSE(run.out_of_order);
  }
}

TEST_CASE("clips around the length of the look-ahead come out whole") {
  for (const std::uint64_t frames : {1, 23, 24, 25, 120}) {
    CAPTURE(frames);
    Run run(frames);
    run.look_ahead = 24;
    run.wait = 9;
    CHECK(pipeline::run_graph(run.stages(), 24 + 9 + 8).written == frames);
    CHECK_FALSE(run.out_of_order);

    Run serial(frames);
    serial.look_ahead = 24;
    serial.wait = 9;
    CHECK(pipeline::run_serial(serial.stages()).written == frames);
    CHECK_FALSE(serial.out_of_order);
  }
}

TEST_CASE("frames alive stay within the bound") {
  Run run(300);
  pipeline::run_graph(run.stages(), 8);
  CHECK(run.most_alive <= 8 + 1);  // one more may wait in front of the limiter
  CHECK(run.most_alive >= 2);
}

TEST_CASE("a bound too small for what is held back is told, not taken for the end") {
  Run run(100);
  run.look_ahead = 24;
  CHECK_THROWS_AS(pipeline::run_graph(run.stages(), 8), Error);
  Run waiting(100);
  waiting.wait = 24;
  CHECK_THROWS_AS(pipeline::run_graph(waiting.stages(), 8), Error);
}

TEST_CASE("what a stage throws comes out, from the first frame and from the middle") {
  for (const char* stage :
       {"read", "look", "lay", "lay_rest", "match", "hold", "flush", "compose", "write"}) {
    for (const std::uint64_t index : {0, 40}) {
      CAPTURE(stage);
      CAPTURE(index);
      Run run(100);
      run.look_ahead = 3;
      run.fail_stage = stage;
      run.fail_index = index;
      CHECK_THROWS_WITH_AS(pipeline::run_graph(run.stages(), 11), stage, std::runtime_error);
      CHECK(run.written() < 100);

      Run serial(100);
      serial.fail_stage = stage;
      serial.fail_index = index;
      CHECK_THROWS_WITH_AS(pipeline::run_serial(serial.stages()), stage, std::runtime_error);
    }
  }
}

TEST_CASE("a source that ends early ends the run cleanly") {
  Run run(1000);
  pipeline::Stages stages = run.stages();
  int left = 50;
  stages.read = [read = stages.read, &left] { return left-- > 0 ? read() : nullptr; };
  CHECK(pipeline::run_graph(stages, 8).written == 50);
}

TEST_CASE("one thread, two and five give the same") {
  for (const std::size_t threads : {1, 2, 5}) {
    const pipeline::ThreadLimit limit(threads);
    Run run(200);
    run.look_ahead = 5;
    CHECK(pipeline::run_graph(run.stages(), 13).written == 200);
    CHECK_FALSE(run.out_of_order);
  }
}

}  // namespace
}  // namespace smalti
