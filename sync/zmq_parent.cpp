#include "sync/zmq_parent.h"

#include <cstring>

#include "sync/endpoint.h"

namespace yishi::sync {
namespace {

namespace opt = zmq::sockopt;
using std::chrono::milliseconds;

constexpr int kConnectMs = 5'000;
// A guard for what libzmq's monitor does not tell; longer than its own limits together.
constexpr milliseconds kAttemptLimit{kConnectMs + kHandshakeMs + 5'000};
constexpr milliseconds kSettled{5'000};  // a line that stood so long starts its backoff anew
// libzmq must not reconnect: with a failing handshake it ignores its own backoff, and after
// a refused or broken one it never tries again. Not -1: then it would not say that a
// connect failed. So an hour, of which no attempt of ours sees the end.
constexpr int kNeverReconnectMs = 3'600'000;
constexpr int kWatched = ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED |
                         ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

}  // namespace

Status ZmqParent::set(const std::optional<Transport::Upstream>& upstream, Time now) {
  if (upstream == upstream_) return {};
  bool ipv6 = false;
  if (upstream) {
    const auto endpoint = parse_endpoint(upstream->endpoint, EndpointUse::kConnect, "parent");
    if (!endpoint) return endpoint.error();
    ipv6 = endpoint->ipv6;
  }
  if (state_ == State::kUp) tell(LineEvent::kDown);
  close();
  upstream_ = upstream;
  ipv6_ = ipv6;
  state_ = State::kNone;
  trouble_.clear();
  backoff_.reset();
  if (upstream_) start(now);
  return {};
}

bool ZmqParent::send(View frame) { return state_ == State::kUp && send_part(*socket_, frame, 0); }

std::optional<Received> ZmqParent::receive(ZmqCounters& counters) {
  zmq::message_t frame;
  if (!socket_ || !receive_part(*socket_, frame)) return std::nullopt;
  Received received;
  if (auto bytes = take_frame(*socket_, frame, received.cost)) {
    received.delivery = Delivery{upstream_->server, true, std::move(*bytes)};
  } else {
    ++counters.dropped_malformed;
  }
  return received;
}

void ZmqParent::advance(Time now) {
  while (monitor_) {
    zmq::message_t event;
    zmq::message_t address;
    if (!receive_part(*monitor_, event)) break;
    if (event.more() && !receive_part(*monitor_, address)) break;
    std::uint16_t kind = 0;  // in the host's order; 4 bytes of value follow
    if (event.size() < sizeof kind) continue;
    std::memcpy(&kind, event.data(), sizeof kind);
    hear(kind, now);
  }
  if (!due_ || now < *due_) return;
  if (state_ == State::kWaiting) {
    start(now);
  } else {
    lose(LineEvent::kUnreachable, "connect.timeout", now);
  }
}

void ZmqParent::start(Time now) {
  try {
    build();
    state_ = State::kTrying;
    due_ = now + kAttemptLimit;
  } catch (const zmq::error_t&) {  // no file handle left, say: the world's fault, try again
    lose(LineEvent::kUnreachable, "connect.failed", now);
  }
}

void ZmqParent::build() {
  // New random bytes every time: a line that displaces another of the same id leaves the
  // other standing and deaf, and who comes last is not always who was made last.
  const std::string id = to_hex(upstream_->public_key) + to_hex(random_.bytes(kRoutingNonceBytes));
  const std::string seen = "inproc://" + id;  // several lines may share a context
  socket_.emplace(context_, zmq::socket_type::dealer);
  set_common_options(*socket_, ipv6_);
  socket_->set(opt::routing_id, id);
  socket_->set(opt::immediate, true);  // nothing queues for a line that does not stand
  socket_->set(opt::connect_timeout, kConnectMs);
  socket_->set(opt::reconnect_ivl, kNeverReconnectMs);
  socket_->set(opt::curve_publickey, zmq::buffer(upstream_->public_key));
  socket_->set(opt::curve_secretkey, zmq::buffer(upstream_->secret_key));
  socket_->set(opt::curve_serverkey, zmq::buffer(upstream_->server));
  if (zmq_socket_monitor(socket_->handle(), seen.c_str(), kWatched) != 0) throw zmq::error_t();
  monitor_.emplace(context_, zmq::socket_type::pair);
  monitor_->set(opt::linger, 0);
  monitor_->set(opt::rcvhwm, 0);  // a full monitor would block the I/O thread
  monitor_->connect(seen);
  socket_->connect(upstream_->endpoint);
}

void ZmqParent::close() {
  // First the monitor: an event for a reader that is gone would block the I/O thread.
  if (socket_) zmq_socket_monitor(socket_->handle(), nullptr, 0);
  socket_.reset();
  monitor_.reset();
  due_.reset();
}

void ZmqParent::hear(std::uint16_t kind, Time now) {
  switch (kind) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      state_ = State::kUp;
      since_ = now;
      due_.reset();
      trouble_.clear();
      tell(LineEvent::kUp);
      break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      lose(LineEvent::kRefused, "handshake.refused", now);
      break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      lose(LineEvent::kRefused, "handshake.protocol", now);
      break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      lose(LineEvent::kRefused, "handshake.failed", now);
      break;
    case ZMQ_EVENT_CONNECT_RETRIED:
      lose(LineEvent::kUnreachable, "connect.failed", now);
      break;
    case ZMQ_EVENT_DISCONNECTED:
      lose(LineEvent::kUnreachable, "line.lost", now);
      break;
    default:
      break;
  }
}

// The attempt failed or the line fell: away with the socket, and wait.
void ZmqParent::lose(LineEvent event, std::string_view trouble, Time now) {
  const bool was_up = state_ == State::kUp;
  if (was_up && now - since_ >= kSettled) backoff_.reset();
  close();
  tell(was_up ? LineEvent::kDown : event);
  trouble_ = was_up ? "line.lost" : trouble;
  state_ = State::kWaiting;
  due_ = now + milliseconds(backoff_.next(random_));
}

void ZmqParent::tell(LineEvent event) {
  // Of a long outage that nobody asks about, one event of a kind is enough.
  const bool repeats = event == LineEvent::kRefused || event == LineEvent::kUnreachable;
  if (!(repeats && !events_.empty() && events_.back() == event)) events_.push_back(event);
}

}  // namespace yishi::sync
