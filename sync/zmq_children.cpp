#include "sync/zmq_children.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace yishi::sync {
namespace {

namespace opt = zmq::sockopt;

constexpr int kListenBacklog = 4096;  // all children of a restarted parent come at once
// All that wait are answered: who waits longer than kHandshakeMs has to begin again.
constexpr std::size_t kHandshakesPerPoll = kListenBacklog;
constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";
constexpr std::string_view kZapDomain = "yishi";

// Who sent it: the key that ZAP authenticated, if the routing id begins with it.
std::optional<PeerKey> sender(const zmq::message_t& id, zmq::message_t& frame) {
  const char* user = zmq_msg_gets(frame.handle(), "User-Id");
  const std::string_view text = user == nullptr ? std::string_view() : std::string_view(user);
  if (text.size() != kKeyTextBytes || id.size() != kRoutingIdBytes ||
      !id.to_string_view().starts_with(text)) {
    return std::nullopt;
  }
  const auto bytes = from_hex(text);
  YISHI_ASSERT(bytes.has_value());  // the door wrote it
  PeerKey key{};
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

}  // namespace

ZmqDoor::ZmqDoor(zmq::context_t& context, std::function<bool(const PeerKey&)> admits,
                 ZmqCounters& counters)
    : admits_(std::move(admits)), counters_(counters), socket_(context, zmq::socket_type::rep) {
  socket_.set(opt::linger, 0);
  socket_.bind(kZapEndpoint);
}

void ZmqDoor::answer() {
  for (std::size_t i = 0; i < kHandshakesPerPoll; ++i) {
    Parts parts;
    zmq::message_t surplus;
    std::size_t count = 0;
    bool more = true;
    while (more) {
      zmq::message_t& part = count < kParts ? parts[count] : surplus;
      if (!receive_part(socket_, part)) return;
      more = part.more();
      ++count;
    }
    reply(parts, count);
  }
}

void ZmqDoor::reply(const Parts& parts, std::size_t count) {
  // version, request id, domain, address, identity (our own), mechanism, key
  PeerKey key{};
  bool admitted = count == kParts && parts[2].to_string_view() == kZapDomain &&
                  parts[5].to_string_view() == "CURVE" && parts[6].size() == key.size();
  if (admitted) {
    std::memcpy(key.data(), parts[6].data(), key.size());
    admitted = admits_ && admits_(key);
  }
  ++(admitted ? counters_.handshakes_admitted : counters_.handshakes_refused);
  // The user id comes back to us as the metadata "User-Id" of every frame.
  const std::string user = admitted ? to_hex(key) : "";
  // 400, not 300 or 500: only this one tells the client that it was refused.
  send_part(socket_, view_of("1.0"), ZMQ_SNDMORE);
  send_part(socket_, count > 1 ? bytes_of(parts[1]) : View(), ZMQ_SNDMORE);
  send_part(socket_, view_of(admitted ? "200" : "400"), ZMQ_SNDMORE);
  send_part(socket_, view_of(admitted ? "OK" : "not admitted"), ZMQ_SNDMORE);
  send_part(socket_, view_of(user), ZMQ_SNDMORE);
  send_part(socket_, View(), 0);
}

ZmqChildren::ZmqChildren(zmq::context_t& context, const CurvePair& keys, bool ipv6,
                         ZmqCounters& counters)
    : counters_(counters), socket_(context, zmq::socket_type::router) {
  set_common_options(socket_, ipv6);
  socket_.set(opt::backlog, kListenBacklog);
  socket_.set(opt::router_mandatory, true);  // a full queue says EAGAIN, no silent loss
  socket_.set(opt::router_handover, true);   // or a peer that keeps its id could not come back
  socket_.set(opt::curve_server, true);
  socket_.set(opt::curve_secretkey, zmq::buffer(keys.secret_key));
  socket_.set(opt::zap_domain, kZapDomain);
}

std::optional<Received> ZmqChildren::receive() {
  zmq::message_t id;
  zmq::message_t frame;
  if (!receive_part(socket_, id)) return std::nullopt;
  const bool both = id.more() && receive_part(socket_, frame);
  YISHI_ASSERT(both);  // a ROUTER gives whole messages
  Received received;
  auto bytes = take_frame(socket_, frame, received.cost);
  const auto key = sender(id, frame);
  if (!key) {
    ++counters_.dropped_identity;
  } else if (!bytes) {
    ++counters_.dropped_malformed;
  } else {
    std::string& route = routes_[*key];
    if (route != id.to_string_view()) route = id.to_string();
    received.delivery = Delivery{*key, false, std::move(*bytes)};
  }
  return received;
}

bool ZmqChildren::send(const PeerKey& child, View frame) {
  const auto route = routes_.find(child);
  if (route == routes_.end()) return false;
  if (!send_part(socket_, view_of(route->second), ZMQ_SNDMORE)) {
    if (errno == EHOSTUNREACH) routes_.erase(route);
    return false;
  }
  const bool taken = send_part(socket_, frame, 0);
  YISHI_ASSERT(taken);  // room was found with the id; half a message would be our fault
  return true;
}

}  // namespace yishi::sync
