// One connection: reads a request within the limits, has it answered, writes the answer,
// and again while the client keeps the connection. For this folder only.
//
// Reading and writing on the thread of its executor; the answer is made by a worker. Lives
// as long as something of it is under way. The same code serves the Unix socket, TCP and TLS.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "node/http/message.h"

namespace yishi::http {

using Socket = boost::asio::generic::stream_protocol::socket;

// Makes the answer to a request; hands it to `done` on whatever thread.
using Answerer = std::function<void(Request, std::function<void(Response)> done)>;

class Session {
 public:
  virtual ~Session() = default;
  virtual void run() = 0;
  // Says why this connection is not served, and closes it.
  virtual void refuse(const Error& error) = 0;
};

struct SessionSetup {
  Door door;
  std::chrono::milliseconds request_time;
  Answerer answerer;
  std::function<void()> ended;               // called once, when the connection is gone
  boost::asio::ssl::context* tls = nullptr;  // not null: speaks TLS; outlives the session
};

std::shared_ptr<Session> make_session(Socket socket, SessionSetup setup);

}  // namespace yishi::http
