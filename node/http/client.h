// The API over the Unix socket of a data directory, synchronously; for the command line.
// Depends on nothing of node/. One request a call, one connection a request; any thread.
//
// Not an error: an answer with a status that says no. Rules: "http.unreachable" (no node
// answers: the sentence names the directory and what to do), "http.timeout",
// "http.answer" (what came back is not HTTP, or is too large).
#pragma once

#include <chrono>
#include <string>

#include "crypto/result.h"

namespace yishi::http {

inline constexpr std::size_t kMaxAnswerBytes = std::size_t{64} * 1024 * 1024;
inline constexpr std::chrono::seconds kAnswerTime{60};

std::string socket_path(const std::string& data_directory);  // <directory>/api.sock

struct Answer {
  unsigned status = 0;
  std::string body;
  bool ok() const { return status >= 200 && status < 300; }
};

class Client {
 public:
  explicit Client(std::string data_directory, bool chinese = true)
      : directory_(std::move(data_directory)), chinese_(chinese) {}

  Result<Answer> get(const std::string& target) const;
  Result<Answer> post(const std::string& target, const std::string& json,
                      std::chrono::seconds time = kAnswerTime) const;
  Result<Answer> remove(const std::string& target) const;  // DELETE

 private:
  Result<Answer> request(const char* method, const std::string& target, const std::string& json,
                         std::chrono::seconds time) const;
  std::string directory_;
  bool chinese_;
};

// One path segment or query value, percent-encoded.
std::string percent_encode(std::string_view text);

}  // namespace yishi::http
