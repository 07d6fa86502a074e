// A request and an answer as the router sees them, apart from any socket.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace yishi::http {

inline constexpr unsigned kHttp11 = 11;  // HTTP/1.1, as Beast writes it

struct Request {
  std::string method;                 // "GET"
  std::vector<std::string> segments;  // of the path, percent-decoded: {"api", "v1", "issues"}
  std::multimap<std::string, std::string> query;
  bool chinese = true;  // language of what is written for people
  std::string body;
};

struct Response {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body;
  std::string allow;  // 405: the methods there are
};

// Fills in segments and query. Rules "http.target", "http.target.long".
Status parse_target(std::string_view target, Request& request);
// RFC 9110 section 12.5.4: whether Chinese is wanted at least as much as English. True
// for none, and where neither is named.
bool prefers_chinese(std::string_view accept_language);

}  // namespace yishi::http
