// The lines to the children: who may come in (ZAP, RFC 27), and the ROUTER they come
// to. Private to zmq_transport.cpp; rules in zmq_transport.h. One thread. Constructors
// throw zmq::error_t, which open() turns into an Error; nothing else throws.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "sync/zmq_socket.h"
#include "sync/zmq_transport.h"

namespace yishi::sync {

class ZmqDoor {
 public:
  // Binds the name at which libzmq asks. Must stand before the ROUTER is bound: without it
  // CURVE lets every key in.
  ZmqDoor(zmq::context_t& context, std::function<bool(const PeerKey&)> admits,
          ZmqCounters& counters);

  zmq::socket_t& socket() { return socket_; }
  void answer();  // whoever knocks, up to a number

 private:
  static constexpr std::size_t kParts = 7;  // RFC 27: six and, for CURVE, the client's key
  using Parts = std::array<zmq::message_t, kParts>;
  void reply(const Parts& parts, std::size_t count);

  std::function<bool(const PeerKey&)> admits_;
  ZmqCounters& counters_;
  zmq::socket_t socket_;
};

class ZmqChildren {
 public:
  ZmqChildren(zmq::context_t& context, const CurvePair& keys, bool ipv6, ZmqCounters& counters);

  zmq::socket_t& socket() { return socket_; }
  std::optional<Received> receive();  // nothing: nothing is there
  bool send(const PeerKey& child, View frame);

 private:
  ZmqCounters& counters_;
  zmq::socket_t socket_;
  // The routing id under which a child spoke last. Only admitted keys get here, one entry
  // each, and an entry goes when its line is found gone.
  std::map<PeerKey, std::string> routes_;
};

}  // namespace yishi::sync
