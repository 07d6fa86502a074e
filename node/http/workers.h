// Threads that answer requests: started when all others are busy, kept until stop().
//
// A request may wait for the core thread or read for a while; another must not wait for
// it, so there are as many as requests are under way, at most kMaxWorkers. Tasks beyond
// that wait. post() from any thread; stop() from the owner, once: what runs ends, what
// waits is dropped.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace yishi::http {

class Workers {
 public:
  Workers() = default;
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void post(std::function<void()> task);
  void stop();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
};

// Runs a thread with every signal blocked: signals are the main thread's.
std::thread start_thread(std::function<void()> body);

}  // namespace yishi::http
