// A request and an answer as the router sees them, apart from any socket.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/result.h"

namespace yishi::http {

class Feed;

inline constexpr unsigned kHttp11 = 11;  // HTTP/1.1, as Beast writes it

// Where a connection came in.
struct Door {
  bool people = false;     // TCP: accounts are asked for; false: the Unix socket
  bool tls = false;        // TCP only
  std::string peer;        // the client's IP address
  std::string local;       // the address it reached us at
  std::uint16_t port = 0;  // and the port
};

struct Request {
  std::string method;                 // "GET"
  std::vector<std::string> segments;  // of the path, percent-decoded: {"api", "v1", "issues"}
  std::multimap<std::string, std::string> query;
  bool chinese = true;  // language of what is written for people
  std::string body;
  std::map<std::string, std::string> fields = {};  // of the header, of those in kFields: once each
  Door door = {};

  // Empty when it was not sent.
  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

// The header fields that anything here reads, in small letters.
inline constexpr std::string_view kFields[] = {
    "host",         "origin",          "cookie",        "authorization", "content-type",
    "x-csrf-token", "x-quiet",         "if-none-match", "if-match",      "idempotency-key",
    "accept",       "accept-encoding", "last-event-id", "x-undo"};

struct Response {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body;
  std::string allow;                                             // 405: the methods there are
  std::vector<std::pair<std::string, std::string>> fields = {};  // further ones of the header
  std::shared_ptr<Feed> feed = {};  // instead of a body: goes on until it ends
};

// Fills in segments and query. Rules "http.target", "http.target.long".
Status parse_target(std::string_view target, Request& request);
// RFC 9110 section 12.5.4: whether Chinese is wanted at least as much as English. True
// for none, and where neither is named.
bool prefers_chinese(std::string_view accept_language);

}  // namespace yishi::http
