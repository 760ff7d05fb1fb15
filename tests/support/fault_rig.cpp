#include "support/fault_rig.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

#include "support/temp_folder.h"

namespace smalti::test {
namespace {

using Clock = std::chrono::steady_clock;

void need(bool works, const char* what) {
  if (!works) throw std::runtime_error(fmt::format("{} failed", what));
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    need(::pipe2(ends.data(), O_CLOEXEC) == 0, "pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    ::close(read_end);
    ::close(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int read_end = -1;
  int write_end = -1;
};

// Empty, to be read by us while others append to it.
class SharedFile {
 public:
  explicit SharedFile(const std::filesystem::path& path)
      : file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    need(file >= 0, "open");
  }
  ~SharedFile() { ::close(file); }
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;
  const int file;
};

}  // namespace

struct FaultRig::State {
  State(const std::filesystem::path& folder, const std::filesystem::path& cache)
      : words{"env",
              std::string("LD_PRELOAD=") + SMALTI_FAULT_SHIM,
              fmt::format("{}={}", kFaultBoardVariable, (own / "board").string()),
              "XDG_CACHE_HOME=" + cache.string(),
              "OPENBLAS_NUM_THREADS=1",  // it would start threads before main()
              smalti_program()} {
    need(::ftruncate(board_file.file, sizeof(FaultBoard)) == 0, "ftruncate");
    void* mapped =
        ::mmap(nullptr, sizeof(FaultBoard), PROT_READ | PROT_WRITE, MAP_SHARED, board_file.file, 0);
    need(mapped != MAP_FAILED, "mmap");
    board = static_cast<FaultBoard*>(mapped);
    options.before = [this, folder] {
      ::dup2(asked.read_end, kAskedForRuns);
      ::dup2(told.write_end, kToldOfRuns);
      ::dup2(said.file, STDOUT_FILENO);
      ::dup2(said.file, STDERR_FILENO);
      if (::chdir(folder.c_str()) != 0) ::_exit(126);
    };
  }
  ~State() { ::munmap(board, sizeof(FaultBoard)); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool is_told_within(double seconds) const {
    pollfd end{told.read_end, POLLIN, 0};
    return ::poll(&end, 1, static_cast<int>(seconds * 1000)) == 1;
  }

  int hear() const {
    constexpr double kLoading_s = 120;
    int number = 0;
    need(is_told_within(kLoading_s) &&
             ::read(told.read_end, &number, sizeof(number)) == sizeof(number),
         "the program with faults");
    return number;
  }

  std::string all_said() const {
    std::string text(static_cast<std::size_t>(::lseek(said.file, 0, SEEK_END)), '\0');
    text.resize(static_cast<std::size_t>(
        std::max<ssize_t>(0, ::pread(said.file, text.data(), text.size(), 0))));
    return text;
  }

  TempFolder own;
  SharedFile board_file{own / "board"};
  SharedFile said{own / "said"};
  Pipe asked;
  Pipe told;
  FaultBoard* board = nullptr;
  std::vector<std::string> words;
  RunOptions options;
  std::unique_ptr<Program> program;
  pid_t run = -1;
  Clock::time_point began;
};

FaultRig::FaultRig(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                   const std::filesystem::path& cache, const std::string& spared)
    : state_(std::make_unique<State>(folder, cache)) {
  need(spared.size() < state_->board->spared.size(), "sparing so much");
  spared.copy(state_->board->spared.data(), spared.size());
  state_->words.insert(state_->words.end(), arguments.begin(), arguments.end());
  state_->program = std::make_unique<Program>(state_->words, state_->options);
}

FaultRig::~FaultRig() = default;

FaultRun FaultRig::run(const FaultPlan& plan, double timeout_s) {
  begin(plan);
  return end(timeout_s);
}

void FaultRig::begin(const FaultPlan& plan) {
  FaultBoard& board = *state_->board;
  board.fault = plan.fault;
  board.manner = plan.manner;
  board.at = plan.at;
  board.error = plan.error;
  for (auto& calls : board.calls) calls = 0;
  board.failed = 0;
  need(::ftruncate(state_->said.file, 0) == 0, "ftruncate");
  need(::write(state_->asked.write_end, "r", 1) == 1, "write");
  state_->run = state_->hear();
  state_->began = Clock::now();
}

void FaultRig::await_handlers() const {
  while (!state_->is_told_within(0.001) && !catches_signal(state_->run, SIGHUP)) continue;
}

void FaultRig::send(int signal) const { ::kill(state_->run, signal); }

FaultRun FaultRig::end(double timeout_s) {
  FaultRun run;
  run.hung = !state_->is_told_within(timeout_s);
  if (run.hung) send(SIGKILL);
  const int status = state_->hear();
  run.seconds = std::chrono::duration<double>(Clock::now() - state_->began).count();
  run.killed = WIFSIGNALED(status);
  run.code = run.killed ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  run.said = state_->all_said();
  run.failed = state_->board->failed;
  for (std::size_t i = 0; i < kFaults; ++i) run.calls[i] = state_->board->calls[i];
  return run;
}

}  // namespace smalti::test
