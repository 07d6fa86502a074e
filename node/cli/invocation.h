// What a command is given, and what it gives back. For this folder only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/cli/cli.h"

namespace yishi::cli {

using Json = nlohmann::ordered_json;

enum ExitCode : int {
  kDone = 0,
  kRefused = 1,
  kUsage = 2,
  kUnreachable = 3,
  kFaultFound = 4,
  kFailed = 5,
};

// What an answer has under this key; null when it has not.
inline Json at(const Json& object, const char* key) { return object.value(key, Json()); }

class Arguments {
 public:
  void add(const std::string& name, std::string value) {
    values_[name].push_back(std::move(value));
  }
  bool has(const std::string& name) const { return values_.contains(name); }
  std::string get(const std::string& name, const std::string& fallback = {}) const;
  std::vector<std::string> all(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

struct Outcome {
  int code = kDone;
  std::string text;            // for people, in their language; to standard output
  Json json = Json::object();  // with --json, the only thing on standard output
  std::optional<Error> error;  // when code is not kDone: to standard error
};

struct Invocation {
  const Hooks& hooks;
  std::string data;
  bool data_given = false;  // by a flag or the environment
  bool chinese = true;
  bool json = false;
  Arguments args;

  const std::string& pick(const std::string& zh, const std::string& en) const {
    return chinese ? zh : en;
  }
  std::string time(const Json& value) const;   // of the API; "—" for null
  std::string label(const Json& value) const;  // {zh, en}; "—" for null
  std::string unit(const Json& value) const;   // {code, name}: the name
};

Outcome failure(int code, Error error);
Outcome usage(std::string field, std::string zh, std::string en);

// A call of the API. Either the answer, or what to say instead.
struct Called {
  Json body;
  std::optional<Outcome> failed;
};
Called api_get(const Invocation& invocation, const std::string& target);
Called api_post(const Invocation& invocation, const std::string& target, const Json& body,
                std::chrono::seconds time = std::chrono::seconds(60));

Called api_delete(const Invocation& invocation, const std::string& target);
// The same where the answer, or what is sent, is no JSON: a file as it is.
struct CalledText {
  std::string body;
  std::optional<Outcome> failed;
};
CalledText api_get_text(const Invocation& invocation, const std::string& target);
Called api_post_text(const Invocation& invocation, const std::string& target,
                     const std::string& body);

// Builds "/api/v1/…?a=b" from what is not empty.
class Target {
 public:
  explicit Target(std::string path) : text_(std::move(path)) {}
  Target& with(std::string_view key, const std::string& value);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::optional<std::uint64_t> whole_number(const std::string& text, std::uint64_t max);
Result<std::string> read_file(const std::string& path,
                              std::size_t max_bytes);  // "-": standard input
std::uint64_t wall_clock_ms();

}  // namespace yishi::cli
