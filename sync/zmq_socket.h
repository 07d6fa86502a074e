// What our ZeroMQ sockets have in common: options, and parts sent and received without
// waiting. Private to zmq_*.cpp. The one file of this program that includes ZeroMQ.
//
// The values, and why:
//   LINGER 0               the log on disk is the outbox; closing waits for nobody
//   MAXMSGSIZE             kMaxMessageBytes and what CURVE adds; unlimited by default
//   SNDHWM 32, RCVHWM 8    messages, not bytes: a link has kWindowBytes in flight, which
//                          is four full batches and small talk; what a peer without
//                          manners sends is held to 8 frames, then TCP pushes back
//   HANDSHAKE_IVL 15 s     who does not finish the handshake is cut off; long enough for a
//                          parent to whom thousands come at once, who else begin again
//   TCP_MAXRT 30 s         bytes that TCP never sees confirmed: a dead line. A link says
//                          something every kKeepaliveMs, so there always are some
//   TCP_KEEPALIVE 60 s     a line whose link has given up too, so that its file is freed
// Not set: HEARTBEAT_IVL. A line that breaks while its queue is full ends the process when its
// next heartbeat is due ("Assertion failed: !_io_error", libzmq 4.3.4, its issue 4364): so would
// a child that falls silent while the core thread is busy for longer than a heartbeat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "crypto/bytes.h"
#include "sync/limits.h"
#include "sync/transport.h"

namespace yishi::sync {

// A CURVE message command: its name 8, nonce 8, authenticator 16, flags 1 (RFC 26).
inline constexpr std::size_t kCurveOverheadBytes = 33;
inline constexpr int kSendQueue = 32;    // messages
inline constexpr int kReceiveQueue = 8;  // messages
inline constexpr int kHandshakeMs = 15'000;
inline constexpr int kTcpUnconfirmedMs = 30'000;
inline constexpr int kTcpIdleS = static_cast<int>(kSilenceMs / 1'000);
inline constexpr int kTcpProbeS = 10;
inline constexpr std::size_t kFrameOverheadBytes = 128;  // so that tiny frames cost something

// A child's routing id: its public key and random bytes, in hexadecimal.
inline constexpr std::size_t kKeyTextBytes = 2 * sizeof(PeerKey);
inline constexpr std::size_t kRoutingNonceBytes = 16;
inline constexpr std::size_t kRoutingIdBytes = kKeyTextBytes + 2 * kRoutingNonceBytes;
static_assert(kRoutingIdBytes <= 255);  // ZeroMQ's limit

// What one look at a data socket gave.
struct Received {
  std::size_t cost = 0;  // bytes, of dropped parts too
  std::optional<Delivery> delivery;
};

void set_common_options(zmq::socket_t& socket, bool ipv6);

// False, and errno, when it cannot be done without waiting.
bool receive_part(zmq::socket_t& socket, zmq::message_t& part);
bool send_part(zmq::socket_t& socket, View part, int flags);

View bytes_of(const zmq::message_t& part);

// The frame that should end a message; takes what follows it off the socket. Nothing when
// it is empty, too large or not the end. Adds to cost.
std::optional<Bytes> take_frame(zmq::socket_t& socket, zmq::message_t& frame, std::size_t& cost);

}  // namespace yishi::sync
