#include "sync/zmq_socket.h"

#include <cerrno>

namespace yishi::sync {

namespace opt = zmq::sockopt;

void set_common_options(zmq::socket_t& socket, bool ipv6) {
  socket.set(opt::linger, 0);
  socket.set(opt::ipv6, ipv6);
  socket.set(opt::maxmsgsize, static_cast<std::int64_t>(kMaxMessageBytes + kCurveOverheadBytes));
  socket.set(opt::sndhwm, kSendQueue);
  socket.set(opt::rcvhwm, kReceiveQueue);
  socket.set(opt::handshake_ivl, kHandshakeMs);
  socket.set(opt::tcp_maxrt, kTcpUnconfirmedMs);
  socket.set(opt::tcp_keepalive, 1);
  socket.set(opt::tcp_keepalive_idle, kTcpIdleS);
  socket.set(opt::tcp_keepalive_intvl, kTcpProbeS);
}

// The C calls, because on these paths errno is the answer and not an exception.
bool receive_part(zmq::socket_t& socket, zmq::message_t& part) {
  int size = -1;
  do {
    size = zmq_msg_recv(part.handle(), socket.handle(), ZMQ_DONTWAIT);
  } while (size < 0 && errno == EINTR);
  return size >= 0;
}

bool send_part(zmq::socket_t& socket, View part, int flags) {
  int size = -1;
  do {
    size = zmq_send(socket.handle(), part.data(), part.size(), ZMQ_DONTWAIT | flags);
  } while (size < 0 && errno == EINTR);
  return size >= 0;
}

View bytes_of(const zmq::message_t& part) {
  return {static_cast<const std::uint8_t*>(part.data()), part.size()};
}

std::optional<Bytes> take_frame(zmq::socket_t& socket, zmq::message_t& frame, std::size_t& cost) {
  cost += frame.size() + kFrameOverheadBytes;
  const bool whole = !frame.more() && !frame.empty() && frame.size() <= kMaxMessageBytes;
  zmq::message_t rest;
  for (bool more = frame.more(); more && receive_part(socket, rest); more = rest.more()) {
    cost += rest.size() + kFrameOverheadBytes;
  }
  if (!whole) return std::nullopt;
  return copy(bytes_of(frame));
}

}  // namespace yishi::sync
