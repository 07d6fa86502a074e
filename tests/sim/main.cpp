// sim: histories from seeds, judged by the checkers.
//   sim --seeds N [--from SEED] [--jobs N] [--planted NAME] [--commit NAME]
//   sim --replay SEED [--planted NAME]
// Exit code 0: none failed. A line for each failure names its seed; the seed and the commit
// replay it. Workers are processes, so that an assertion ends a history and not the run.
#include <malloc.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>

#include "crypto/planted.h"
#include "tests/sim/check_all.h"
#include "tests/sim/history.h"
#include "tests/sim/world.h"

namespace yishi::sim {
namespace {

constexpr int kKeptBytes = 512 * 1024 * 1024;
constexpr double kYearMs = 365.25 * 86'400'000;
constexpr unsigned kMaxSeconds = 300;  // of one history; a history that hangs is a failure

struct Options {
  std::uint64_t seeds = 100, from = 1;
  std::size_t jobs = 2;
  std::optional<std::uint64_t> replay;
  std::string planted, commit;
};

Failures judge(const World& world) {
  Failures failures = world.witness().troubles;
  for (auto& failure : failures) failure = "[simulator] " + failure;
  for (auto& failure : check_all(world.witness())) failures.push_back(std::move(failure));
  return failures;
}

bool plant_named(const std::string& name) {
  if (name.empty()) return true;
#ifdef YISHI_PLANTED
  for (const auto& defect : kDefects) {
    if (defect.name != name) continue;
    plant(defect.defect);
    return true;
  }
#endif
  std::cerr << "sim: no such defect in this build: " << name << "\n";
  return false;
}

int replay(const Options& options) {
  World world(*options.replay);
  world.run();
  const auto& witness = world.witness();
  for (const auto& event : witness.events) std::cout << describe(witness, event) << "\n";
  const auto failures = judge(world);
  for (const auto& failure : failures) std::cout << "FAILED " << failure << "\n";
  std::cout << "history " << history_digest(witness) << ", " << witness.nodes.size() << " nodes, "
            << witness.ended / 1000 << " s, " << (witness.quiet ? "quiet" : "NOT QUIET") << ", "
            << failures.size() << " failures\n";
  return failures.empty() ? 0 : 1;
}

// One worker: seeds from its first on, `stride` apart; lines of words to a pipe.
//   B seed | F seed failure | E seed simulated_ms frames commands crashes forks restores nodes
[[noreturn]] void work(const Options& options, std::uint64_t first, int out) {
  std::FILE* lines = ::fdopen(out, "w");
  std::setvbuf(lines, nullptr, _IOLBF, 0);
  for (auto seed = first; seed < options.from + options.seeds; seed += options.jobs) {
    std::fprintf(lines, "B %llu\n", static_cast<unsigned long long>(seed));
    ::alarm(kMaxSeconds);
    World world(seed);
    world.run();
    for (const auto& failure : judge(world)) {
      std::fprintf(lines, "F %llu %s\n", static_cast<unsigned long long>(seed), failure.c_str());
    }
    const auto totals = world.totals();
    std::ostringstream line;
    line << "E " << seed << ' ' << totals.simulated_ms << ' ' << totals.frames << ' '
         << totals.commands << ' ' << totals.crashes << ' ' << totals.forks << ' '
         << totals.restores << ' ' << world.witness().nodes.size();
    std::fprintf(lines, "%s\n", line.str().c_str());
  }
  std::fclose(lines);
  std::_Exit(0);
}

class Run {
 public:
  explicit Run(const Options& options) : options_(options) {}

  int all() {
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < options_.jobs; ++i) hire(options_.from + i);
    while (!workers_.empty() && !stop_) listen();
    for (auto& [pipe, worker] : workers_) {
      ::kill(worker.process, SIGKILL);
      ::waitpid(worker.process, nullptr, 0);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::cout << done_ << " seeds from " << options_.from << at_commit() << ", " << failed_
              << " failed; " << std::fixed << std::setprecision(1)
              << static_cast<double>(totals_.simulated_ms) / kYearMs << " simulated years, "
              << nodes_ << " nodes, " << totals_.frames << " frames, " << totals_.commands
              << " commands, " << totals_.crashes << " crashes, " << totals_.forks << " forks, "
              << totals_.restores << " restores from backups; " << took.count() << " s with "
              << options_.jobs << " jobs\n";
    return failed_ == 0 ? 0 : 1;
  }

 private:
  struct Worker {
    pid_t process = 0;
    std::string unread;
    std::uint64_t seed = 0;
    bool busy = false;
  };
  std::string at_commit() const {
    return options_.commit.empty() ? "" : " at commit " + options_.commit;
  }

  void hire(std::uint64_t first) {
    if (first >= options_.from + options_.seeds) return;
    int ends[2];
    YISHI_ASSERT(::pipe(ends) == 0);
    std::cout.flush();
    const pid_t process = ::fork();
    YISHI_ASSERT(process >= 0);
    if (process == 0) {
      ::close(ends[0]);
      work(options_, first, ends[1]);
    }
    ::close(ends[1]);
    workers_[ends[0]] = {process, {}, first, false};
  }

  void listen() {
    std::vector<::pollfd> pipes;
    for (const auto& [pipe, worker] : workers_) pipes.push_back({pipe, POLLIN, 0});
    YISHI_ASSERT(::poll(pipes.data(), pipes.size(), -1) > 0);
    for (const auto& pipe : pipes) {
      if (pipe.revents != 0) read(pipe.fd);
    }
  }

  void read(int pipe) {
    auto& worker = workers_.at(pipe);
    char buffer[4096];
    const auto got = ::read(pipe, buffer, sizeof buffer);
    if (got > 0) {
      worker.unread.append(buffer, static_cast<std::size_t>(got));
      for (auto end = worker.unread.find('\n'); end != std::string::npos;
           end = worker.unread.find('\n')) {
        take(worker, worker.unread.substr(0, end));
        worker.unread.erase(0, end + 1);
      }
      return;
    }
    int status = 0;
    ::waitpid(worker.process, &status, 0);
    ::close(pipe);
    const auto [seed, busy] = std::pair{worker.seed, worker.busy};
    workers_.erase(pipe);
    if (!busy) return;
    const auto how = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                         : "exit code " + std::to_string(WEXITSTATUS(status));
    fail(seed, "[process] ended by " + how);
    ++failed_;
    ++done_;
    if (!stop_) hire(seed + options_.jobs);
  }

  void fail(std::uint64_t seed, const std::string& words) {
    std::cout << "seed " << seed << " FAILED" << at_commit() << ": " << words << std::endl;
    stop_ = stop_ || !options_.planted.empty();
  }

  void take(Worker& worker, const std::string& line) {
    std::istringstream words(line);
    char kind = 0;
    std::uint64_t seed = 0;
    words >> kind >> seed;
    if (kind == 'B') {
      worker.seed = seed;
      worker.busy = true;
      failing_[seed] = false;
    } else if (kind == 'F') {
      std::string text;
      std::getline(words, text);
      fail(seed, text.substr(1));
      failing_[seed] = true;
    } else {
      worker.busy = false;
      Totals one;
      std::uint64_t nodes = 0;
      words >> one.simulated_ms >> one.frames >> one.commands >> one.crashes >> one.forks >>
          one.restores >> nodes;
      totals_.simulated_ms += one.simulated_ms;
      totals_.frames += one.frames;
      totals_.commands += one.commands;
      totals_.crashes += one.crashes;
      totals_.forks += one.forks;
      totals_.restores += one.restores;
      nodes_ += nodes;
      ++done_;
      if (failing_[seed]) ++failed_;
      failing_.erase(seed);
    }
  }

  const Options& options_;
  std::map<int, Worker> workers_;
  std::map<std::uint64_t, bool> failing_;
  Totals totals_;
  std::uint64_t done_ = 0, failed_ = 0, nodes_ = 0;
  bool stop_ = false;
};

bool parse(int count, char** words, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = words[i];
    const auto number = std::strtoull(words[i + 1], nullptr, 10);
    if (name == "--seeds") {
      options.seeds = number;
    } else if (name == "--from") {
      options.from = number;
    } else if (name == "--jobs" && number > 0) {
      options.jobs = number;
    } else if (name == "--replay") {
      options.replay = number;
    } else if (name == "--commit") {
      options.commit = words[i + 1];
    } else if (name == "--restores") {
      Plan::with_restores = std::string_view(words[i + 1]) == "yes";
    } else if (name == "--planted") {
      options.planted = words[i + 1];
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

}  // namespace
}  // namespace yishi::sim

int main(int count, char** words) {
  using namespace yishi::sim;
  Options options;
  if (!parse(count, words, options)) {
    std::cerr << "sim --seeds N [--from SEED] [--jobs N] [--planted NAME] | --replay SEED\n";
    return 2;
  }
  spdlog::set_level(spdlog::level::off);
  // A history takes memory and gives it back, thousands of times: the kernel need not be asked.
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  ::mallopt(M_MMAP_THRESHOLD, kKeptBytes);
  if (!plant_named(options.planted)) return 2;
  return options.replay ? replay(options) : Run(options).all();
}
