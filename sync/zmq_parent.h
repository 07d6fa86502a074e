// The line to the parent: a DEALER, its monitor, and the rebuilding of both. Private to
// zmq_transport.cpp; rules in zmq_transport.h. One thread; nothing throws.
//
//            start()                handshake succeeded
//   kNone ────────────▶ kTrying ────────────────────────▶ kUp
//                        ▲   │ refused, failed, too late    │ lost
//            backoff over │   ▼                              │
//                        kWaiting ◀─────────────────────────┘
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/backoff.h"
#include "sync/zmq_socket.h"
#include "sync/zmq_transport.h"

namespace yishi::sync {

class ZmqParent {
 public:
  using Time = std::chrono::steady_clock::time_point;

  ZmqParent(zmq::context_t& context, crypto::Random& random)
      : context_(context), random_(random), backoff_(kReconnectMinMs, kReconnectMaxMs) {}
  ~ZmqParent() { close(); }
  ZmqParent(const ZmqParent&) = delete;
  ZmqParent& operator=(const ZmqParent&) = delete;

  Status set(const std::optional<Transport::Upstream>& upstream, Time now);
  bool send(View frame);
  std::optional<Received> receive(ZmqCounters& counters);  // nothing: nothing is there
  void advance(Time now);                                  // what the monitor saw, then what is due

  std::optional<Time> due() const { return due_; }  // when advance() has something to do
  bool has_events() const { return !events_.empty(); }
  std::vector<LineEvent> take_events() { return std::exchange(events_, {}); }
  const std::string& trouble() const { return trouble_; }
  zmq::socket_t* socket() { return socket_ ? &*socket_ : nullptr; }
  zmq::socket_t* monitor() { return monitor_ ? &*monitor_ : nullptr; }

 private:
  enum class State { kNone, kWaiting, kTrying, kUp };

  void start(Time now);
  void build();  // throws zmq::error_t
  void close();
  void hear(std::uint16_t kind, Time now);
  void lose(LineEvent event, std::string_view trouble, Time now);
  void tell(LineEvent event);

  zmq::context_t& context_;
  crypto::Random& random_;
  std::optional<Transport::Upstream> upstream_;
  bool ipv6_ = false;
  State state_ = State::kNone;
  std::optional<zmq::socket_t> socket_;
  std::optional<zmq::socket_t> monitor_;
  Backoff backoff_;
  std::optional<Time> due_;  // set in kWaiting and kTrying
  Time since_;               // of kUp
  std::vector<LineEvent> events_;
  std::string trouble_;
};

}  // namespace yishi::sync
