#include "support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace smalti::test {
namespace {

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
    close_end(read_end);
    close_end(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

pid_t start(const std::vector<std::string>& words, const Pipe& output, const Pipe& errors) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output.write_end, STDOUT_FILENO);
    ::dup2(errors.write_end, STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  return child;
}

// Appends what is there to read; false at the end.
bool drain(int end, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(end, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

Ended run_program(const std::vector<std::string>& words, double timeout_s) {
  Pipe output;
  Pipe errors;
  const pid_t child = start(words, output, errors);
  Pipe::close_end(output.write_end);
  Pipe::close_end(errors.write_end);

  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_s);
  Ended ended;
  bool timed_out = false;
  while (output.read_end >= 0 || errors.read_end >= 0) {
    std::array<pollfd, 2> ends{{{output.read_end, POLLIN, 0}, {errors.read_end, POLLIN, 0}}};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0 ||
        ::poll(ends.data(), ends.size(), static_cast<int>(left.count())) == 0) {
      timed_out = true;
      ::kill(child, SIGKILL);
      break;
    }
    if (ends[0].revents != 0 && !drain(output.read_end, ended.output))
      Pipe::close_end(output.read_end);
    if (ends[1].revents != 0 && !drain(errors.read_end, ended.errors))
      Pipe::close_end(errors.read_end);
  }

  int status = 0;
  ::waitpid(child, &status, 0);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (timed_out) ended.code = 124;
  return ended;
}

Ended run_smalti(std::vector<std::string> arguments, double timeout_s) {
  arguments.insert(arguments.begin(), SMALTI_PROGRAM);
  return run_program(arguments, timeout_s);
}

}  // namespace smalti::test
