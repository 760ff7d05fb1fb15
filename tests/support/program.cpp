#include "support/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace smalti::test {
namespace {

using std::chrono::milliseconds;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    if (read_end >= 0) ::close(read_end);
    if (write_end >= 0) ::close(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
};

pid_t start(const std::vector<std::string>& words, const std::function<void()>& before, int output,
            int errors) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    if (before) before();
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  return child;
}

// Appends what is there to read; closes the end where there will be no more.
void drain(int& end, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(end, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  if (count > 0 || (count < 0 && errno == EINTR)) return;
  ::close(std::exchange(end, -1));
}

}  // namespace

Program::Program(const std::vector<std::string>& words, RunOptions options)
    : options_(std::move(options)), started_(Clock::now()), last_said_(started_) {
  Pipe output;
  Pipe errors;
  const int to = options_.errors >= 0 ? options_.errors : errors.write_end;
  child_ = start(words, options_.before, output.write_end, to);
  output_ = std::exchange(output.read_end, -1);
  errors_ = std::exchange(errors.read_end, -1);
}

Program::~Program() {
  if (child_ >= 0) {
    send(SIGKILL);
    reap();
  }
  for (const int end : {output_, errors_})
    if (end >= 0) ::close(end);
}

void Program::send(int signal) const {
  if (child_ >= 0) ::kill(child_, signal);
}

bool Program::catches(int signal) const {
  std::error_code error;
  const auto program = [&](const std::string& process) {
    return std::filesystem::read_symlink(fmt::format("/proc/{}/exe", process), error);
  };
  return program(std::to_string(child_)) != program("self") && catches_signal(child_, signal);
}

// False when both ends are closed.
bool Program::read_some(milliseconds pause) {
  std::array<pollfd, 2> ends{{{output_, POLLIN, 0}, {errors_, POLLIN, 0}}};
  if (output_ < 0 && errors_ < 0) return false;
  if (::poll(ends.data(), ends.size(), static_cast<int>(pause.count())) <= 0) return true;
  last_said_ = Clock::now();
  if (ends[0].revents != 0) drain(output_, ended_.output);
  if (ends[1].revents != 0) drain(errors_, ended_.errors);
  return true;
}

bool Program::wait_until(const std::function<bool()>& happened, double timeout_s) {
  const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_s);
  while (!happened()) {
    if (Clock::now() > deadline || !read_some(milliseconds(5))) return happened();
  }
  return true;
}

bool Program::is_overdue() const {
  const auto seconds_since = [](Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
  };
  return seconds_since(started_) > options_.timeout_s ||
         (options_.silence_s > 0 && seconds_since(last_said_) > options_.silence_s);
}

void Program::reap() {
  int status = 0;
  rusage usage{};
  while (::wait4(child_, &status, 0, &usage) < 0 && errno == EINTR) continue;
  child_ = -1;
  ended_.killed = WIFSIGNALED(status);
  ended_.code = ended_.killed ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ended_.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

Ended Program::wait() {
  while (read_some(milliseconds(100))) {
    if (!is_overdue()) continue;
    ended_.silent = true;
    send(SIGKILL);
    break;
  }
  reap();
  if (ended_.silent) ended_.code = 124;
  return std::move(ended_);
}

bool catches_signal(pid_t process, int signal) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  const std::string key = "SigCgt:";
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key))
      return (std::stoull(line.substr(key.size()), nullptr, 16) >> (signal - 1) & 1U) != 0;
  return false;
}

Ended run_program(const std::vector<std::string>& words, double timeout_s) {
  RunOptions options;
  options.timeout_s = timeout_s;
  return Program(words, options).wait();
}

const std::string& smalti_program() {
  static const std::string program = SMALTI_PROGRAM;
  return program;
}

Ended run_smalti(std::vector<std::string> arguments, double timeout_s) {
  RunOptions options;
  options.timeout_s = timeout_s;
  return run_smalti(std::move(arguments), options);
}

Ended run_smalti(std::vector<std::string> arguments, const RunOptions& options) {
  arguments.insert(arguments.begin(), smalti_program());
  return Program(arguments, options).wait();
}

}  // namespace smalti::test
