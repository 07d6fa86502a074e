// The node's API over HTTP/1.1 (Boost.Beast), JSON under /api/v1; see README.md for every
// path. On a Unix socket in the data directory (mode 0600): who may open the directory may
// use the node. And, when an address is named, over TCP with accounts, with the pages.
//
// Reads go through read-only connections of its own threads; whatever changes something is
// handed to the core thread as a command and answered after its commit. Limits (limits.h):
// header, body, time, connections; one parser for header and body; obs-fold refused.
// start() binds and returns; stop() closes and joins its threads; both on one thread. Requests
// that wait for the core thread are answered "node.stopping" by stop(), so it does not hang.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "node/http/assets.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "node/turn/board.h"
#include "node/turn/command.h"

namespace yishi::http {

struct ServerOptions {
  std::string directory;    // data directory: for readers
  std::string socket_path;  // an old socket that nobody answers on is replaced
  std::size_t threads = 1;  // that read and write; answers are made by workers (workers.h)
  std::chrono::milliseconds request_time = kRequestTime;  // to send a request, idling included
  std::chrono::milliseconds look_time = kLookTime;  // between looks for what changed (events.h)
  std::chrono::milliseconds pending_time = kPendingTime;  // between looks for what is due
  bool serve_public = false;            // notices and matters for everyone (public.cpp)
  std::string http = {};                // address:port for people; empty: none (tcp_door.h)
  std::string certificate = {};         // PEM files of the operator's own
  std::string key = {};                 // empty: in the certificate's file
  std::vector<std::string> names = {};  // hosts it is also served as, in small letters
  std::function<std::uint64_t()> now_ms = http::now_ms;  // wall clock
  std::span<const Asset> assets = embedded_assets();     // outlive the server
};

class Server {
 public:
  // Rules "http.bind", "http.socket.busy", those of TcpDoor, and with it those of Accounts;
  // without it accounts that do not open are done without, and nothing is audited.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, turn::Mailbox& mailbox,
                                               turn::Board& board);
  ~Server();  // stops
  void stop();
  // Of the listener for people; 0 and empty: there is none.
  std::uint16_t port() const;
  std::string origin() const;  // "http://127.0.0.1:7380"
  // Where the first account is made, while there is none; good once, for a day. Else empty.
  // A link made before is void then.
  std::string first_link();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yishi::http
