// The node's API over HTTP/1.1 (Boost.Beast), JSON under /api/v1; see README.md for every
// path. On a Unix socket in the data directory (mode 0600): who may open the directory may
// use the node.
//
// Reads go through read-only connections of its own threads; whatever changes something is
// handed to the core thread as a command and answered after its commit. Limits (limits.h):
// header, body, time, connections; one parser for header and body; obs-fold refused.
// start() binds and returns; stop() closes and joins its threads; both on one thread. Requests
// that wait for the core thread are answered "node.stopping" by stop(), so it does not hang.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "crypto/result.h"
#include "node/http/limits.h"
#include "node/turn/board.h"
#include "node/turn/command.h"

namespace yishi::http {

struct ServerOptions {
  std::string directory;    // data directory: for readers
  std::string socket_path;  // an old socket that nobody answers on is replaced
  std::size_t threads = 1;  // that read and write; answers are made by workers (workers.h)
  std::chrono::milliseconds request_time = kRequestTime;  // to send a request, idling included
};

class Server {
 public:
  // Rules "http.bind", "http.socket.busy".
  static Result<std::unique_ptr<Server>> start(ServerOptions options, turn::Mailbox& mailbox,
                                               turn::Board& board);
  ~Server();  // stops
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yishi::http
