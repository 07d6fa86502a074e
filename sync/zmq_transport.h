// The transport on ZeroMQ: a DEALER to the parent, a ROUTER for the children, both
// under CURVE (RFC 26/ZeroMQ), admission by ZAP (RFC 27).
//
// - A child's routing id is 96 characters: its CURVE public key on this line and 16
//   random bytes, new for each attempt, both in lower-case hexadecimal. A frame whose routing id
//   does not begin with the key that ZAP authenticated is dropped and counted. The
//   random part is known to the child and its parent only (it travels encrypted), so
//   that a neighbour that is admitted too cannot take the id over by ROUTER_HANDOVER
//   and receive what was meant for another. Two connections of one key: the one that
//   spoke last is answered.
// - So a child speaks first: send_to_child is false for one not yet heard.
// - Admission is asked once for every handshake. A child that is revoked afterwards is
//   still heard until its line drops: its standing is checked by the turn, per frame.
// - ROUTER_MANDATORY with DONTWAIT: a full queue refuses, it never drops in silence.
// - A refused handshake strands libzmq's client, and so does a broken one. On any loss
//   or failure the DEALER is closed and rebuilt after our own backoff (kReconnectMinMs
//   doubling to kReconnectMaxMs, spread by a random part); libzmq never reconnects.
//   kRefused: someone answered and ended the handshake (not admitted, or not the key we
//   expected); kUnreachable: nobody answered. line_trouble() names which.
// - Take the events before the deliveries: a frame may have come with the line's kUp.
// - A poll may overshoot max_bytes by one frame. Deliveries not taken count against the
//   next poll's max_bytes. Frames that are dropped count too.
// - TCP_KEEPALIVE, MAXMSGSIZE, HANDSHAKE_IVL, CONNECT_TIMEOUT, TCP_MAXRT, LINGER 0,
//   MAX_SOCKETS and BACKLOG are set; see zmq_socket.h for values and reasons.
// - IPv6 only for an endpoint with an address in brackets.
// - What ZeroMQ leaves open: MAXMSGSIZE holds for a part, so an admitted child can grow
//   its queue with a message of endless parts; and connections that have not finished
//   their handshake are bounded by time (15 s) and file handles only.
// - Everything but wake() on one thread, which is also the one that opened it.
// - The one file of this program that includes ZeroMQ is zmq_socket.h, for zmq_*.cpp only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "sync/curve.h"
#include "sync/limits.h"
#include "sync/transport.h"

namespace yishi::sync {

inline constexpr std::uint64_t kReconnectMinMs = 200;
inline constexpr std::uint64_t kReconnectMaxMs = 30'000;

struct ZmqOptions {
  std::string bind;  // tcp://host:port, port * for any; empty: takes no children
  CurvePair keys;    // of this node as a server
  // Asked for every handshake of a child, on the thread that polls.
  std::function<bool(const PeerKey&)> admits;
};

// Since the transport was opened.
struct ZmqCounters {
  std::uint64_t handshakes_admitted = 0;
  std::uint64_t handshakes_refused = 0;
  std::uint64_t dropped_identity = 0;   // frames whose routing id was not the sender's key
  std::uint64_t dropped_malformed = 0;  // messages that were empty or of several parts
};

class ZmqTransport final : public Transport {
 public:
  // Fails (rule "transport.endpoint", "transport.bind", "transport.zap", "transport.open")
  // with the endpoint named. Raises the process's soft limit of open files to the hard one:
  // a child is one file. open_files() is what came of it.
  static Result<std::unique_ptr<ZmqTransport>> open(ZmqOptions options, crypto::Random& random);
  ~ZmqTransport() override;
  static std::uint64_t open_files();  // how many this process may have

  // A frame is not empty and at most kMaxMessageBytes.
  bool send_to_parent(View frame) override;
  bool send_to_child(const PeerKey& child, View frame) override;
  void poll(std::uint64_t timeout_ms, std::size_t max_bytes) override;
  std::vector<Delivery> take_deliveries() override;
  std::vector<LineEvent> take_events() override;
  void wake() override;
  // Fails with "transport.endpoint"; the present line then stays as it is.
  Status connect(const std::optional<Upstream>& upstream) override;
  std::string line_trouble() const override;

  std::string bound_endpoint() const;  // with the real port; empty when none
  ZmqCounters counters() const;

 private:
  struct Impl;
  explicit ZmqTransport(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yishi::sync
