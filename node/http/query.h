// The query of a GET, read by name: the first fault is kept, unknown names are refused.
// Rules: "query.unknown", "query.twice", "query.number", "query.code", "query.flag".
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/http/message.h"
#include "topology/code.h"

namespace yishi::http {

class Query {
 public:
  explicit Query(const Request& request) : request_(request) {}

  std::string text(const char* key);
  std::uint64_t number(const char* key, std::uint64_t fallback, std::uint64_t max);
  std::optional<topology::Code> code(const char* key);
  std::vector<topology::Code> codes(const char* key);  // may come several times
  bool flag(const char* key);                          // "1", "true"; "0", "false"
  Status finish() const;

 private:
  void fault(const char* key, const char* rule, std::string zh, std::string en);
  const Request& request_;
  std::set<std::string, std::less<>> asked_;
  std::optional<Error> fault_;
};

}  // namespace yishi::http
