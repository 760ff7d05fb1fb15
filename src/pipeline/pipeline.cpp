#include "pipeline/pipeline.h"

#include <fmt/format.h>
#include <tbb/flow_graph.h>
#include <tbb/global_control.h>

#include <cassert>
#include <memory>
#include <utility>

#include "pipeline/turn.h"
#include "smalti/error.h"

namespace smalti::pipeline {
namespace {

// A frame, or (job empty) the end of the stream, which travels like a frame behind the last one and
// makes the stages that hold frames back give up what they have.
struct Message {
  std::uint64_t index = 0;
  JobPtr job;
};

using MessagePtr = std::shared_ptr<Message>;

using tbb::flow::continue_msg;

void check_counts(const PipelineCounts& counts, bool ended) {
  if (ended && counts.written == counts.read) return;
  throw Error(ErrorKind::kFailure,
              fmt::format("{} frames were read but {} written", counts.read, counts.written));
}

// The graph of one run: read -> limit -> look -> (in order) lay -> match -> (in order) hold ->
// compose -> (in order) write, and from there a token back to the limiter. Every message that
// passes the limiter reaches the sink, or the limiter would starve and the run end early without a
// word.
class Graph {
 public:
  Graph(const Stages& stages, std::size_t max_frames)
      : stages_(stages),
        source_(graph_, [this](tbb::flow_control& control) { return read(control); }),
        limiter_(graph_, max_frames),
        look_(graph_, tbb::flow::unlimited,
              [this](MessagePtr m) { return done(stages_.look, std::move(m)); }),
        lay_order_(graph_, [](const MessagePtr& m) { return m->index; }),
        lay_(graph_, tbb::flow::serial,
             [this](const MessagePtr& m, Gate::output_ports_type& out) {
               pass(&lay_, stages_.lay, stages_.lay_rest, m, out);
             }),
        match_(graph_, tbb::flow::unlimited,
               [this](MessagePtr m) { return done(stages_.match, std::move(m)); }),
        hold_order_(graph_, [](const MessagePtr& m) { return m->index; }),
        hold_(graph_, tbb::flow::serial,
              [this](const MessagePtr& m, Gate::output_ports_type& out) {
                pass(&hold_, stages_.hold, stages_.flush, m, out);
              }),
        compose_(graph_, tbb::flow::unlimited,
                 [this](MessagePtr m) { return done(stages_.compose, std::move(m)); }),
        write_order_(graph_, [](const MessagePtr& m) { return m->index; }),
        write_(graph_, tbb::flow::serial, [this](const MessagePtr& m) { return write(m); }) {
    using tbb::flow::make_edge;
    make_edge(source_, limiter_);
    make_edge(limiter_, look_);
    make_edge(look_, lay_order_);
    make_edge(lay_order_, lay_);
    make_edge(tbb::flow::output_port<0>(lay_), match_);
    make_edge(match_, hold_order_);
    make_edge(hold_order_, hold_);
    make_edge(tbb::flow::output_port<0>(hold_), compose_);
    make_edge(compose_, write_order_);
    make_edge(write_order_, write_);
    make_edge(write_, limiter_.decrementer());
  }

  ~Graph() { begin_after(this); }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  PipelineCounts run() {
    end_before(&source_);
    source_.activate();
    graph_.wait_for_all();
    begin_after(this);
    check_counts(counts_, ended_);
    return counts_;
  }

 private:
  // In order: takes frames, and lets those go on of which enough is known.
  using Gate = tbb::flow::multifunction_node<MessagePtr, std::tuple<MessagePtr>>;

  MessagePtr read(tbb::flow_control& control) {
    const Turn turn(&source_, this);
    if (exhausted_) {
      control.stop();
      return nullptr;
    }
    JobPtr job = stages_.read();
    exhausted_ = job == nullptr;
    assert(exhausted_ || job->index == counts_.read);
    auto message = std::make_shared<Message>(Message{counts_.read, std::move(job)});
    if (!exhausted_) ++counts_.read;
    end_before(message.get());
    return message;
  }

  MessagePtr done(const std::function<void(FrameJob&)>& work, MessagePtr message) const {
    const Turn turn(message.get(), this);
    if (message->job) work(*message->job);
    return message;
  }

  void pass(const Gate* gate, const std::function<std::vector<JobPtr>(JobPtr)>& take,
            const std::function<std::vector<JobPtr>()>& rest, const MessagePtr& message,
            Gate::output_ports_type& out) {
    const Turn turn(gate, this);
    begin_after(message.get());
    const bool end = message->job == nullptr;
    for (JobPtr& job : end ? rest() : take(std::move(message->job))) {
      const std::uint64_t index = job->index;
      put(std::make_shared<Message>(Message{index, std::move(job)}), out);
    }
    if (end) put(message, out);
  }

  static void put(const MessagePtr& message, Gate::output_ports_type& out) {
    end_before(message.get());
    std::get<0>(out).try_put(message);
  }

  continue_msg write(const MessagePtr& message) {
    const Turn turn(&write_, this);
    begin_after(message.get());
    if (message->job) {
      stages_.write(*message->job);
      ++counts_.written;
    } else {
      ended_ = true;
    }
    return {};
  }

  const Stages& stages_;
  PipelineCounts counts_;
  bool exhausted_ = false;
  bool ended_ = false;

  tbb::flow::graph graph_;
  tbb::flow::input_node<MessagePtr> source_;
  tbb::flow::limiter_node<MessagePtr> limiter_;
  tbb::flow::function_node<MessagePtr, MessagePtr> look_;
  tbb::flow::sequencer_node<MessagePtr> lay_order_;
  Gate lay_;
  tbb::flow::function_node<MessagePtr, MessagePtr> match_;
  tbb::flow::sequencer_node<MessagePtr> hold_order_;
  Gate hold_;
  tbb::flow::function_node<MessagePtr, MessagePtr> compose_;
  tbb::flow::sequencer_node<MessagePtr> write_order_;
  tbb::flow::function_node<MessagePtr, continue_msg> write_;
};

}  // namespace

PipelineCounts run_graph(const Stages& stages, std::size_t max_frames) {
  return Graph(stages, max_frames).run();
}

PipelineCounts run_serial(const Stages& stages) {
  PipelineCounts counts;
  const auto write = [&](const std::vector<JobPtr>& decided) {
    for (const JobPtr& job : decided) {
      stages.compose(*job);
      stages.write(*job);
      ++counts.written;
    }
  };
  const auto decide = [&](const std::vector<JobPtr>& laid) {
    for (const JobPtr& job : laid) {
      stages.match(*job);
      write(stages.hold(job));
    }
  };
  while (JobPtr job = stages.read()) {
    ++counts.read;
    stages.look(*job);
    decide(stages.lay(std::move(job)));
  }
  decide(stages.lay_rest());
  write(stages.flush());
  check_counts(counts, true);
  return counts;
}

struct ThreadLimit::Control {
  explicit Control(std::size_t threads)
      : control(tbb::global_control::max_allowed_parallelism, threads) {}
  tbb::global_control control;
};

ThreadLimit::ThreadLimit(std::size_t threads) : control_(std::make_unique<Control>(threads)) {}

ThreadLimit::~ThreadLimit() = default;

}  // namespace smalti::pipeline
