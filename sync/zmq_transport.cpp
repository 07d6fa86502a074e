#include "sync/zmq_transport.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "sync/endpoint.h"
#include "sync/wake_file.h"
#include "sync/zmq_children.h"
#include "sync/zmq_parent.h"
#include "sync/zmq_socket.h"

namespace yishi::sync {
namespace {

namespace opt = zmq::sockopt;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kIoThreads = 1;  // one core is the turn's; CURVE of one node fits another
// Of our own making, not the children's lines: ours are six, but libzmq takes its time to
// reap a closed one, and running out would look like a line that is down.
constexpr int kMaxSockets = 4096;
constexpr std::uint64_t kMaxWaitMs = 3'600'000;

void check_frame(View frame) { YISHI_ASSERT(!frame.empty() && frame.size() <= kMaxMessageBytes); }

void raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // refused: we go on with what we have
}

Error listen_error(const char* rule, const std::string& endpoint, int code) {
  const std::string reason = zmq_strerror(code);
  return Error{rule, "bind", "无法在 " + endpoint + " 上监听：" + reason + "。",
               "cannot listen on " + endpoint + ": " + reason + "."};
}

Error open_error(int code) {
  const std::string reason = zmq_strerror(code);
  return Error{"transport.open", "", "无法启动网络传输：" + reason + "。",
               "cannot start the transport: " + reason + "."};
}

}  // namespace

CurvePair curve_from_secret(const PeerKey& secret) {
  std::array<char, 41> secret_text{};  // Z85 and its end
  std::array<char, 41> public_text{};
  CurvePair pair{{}, secret};
  const bool derived = zmq_z85_encode(secret_text.data(), secret.data(), secret.size()) &&
                       zmq_curve_public(public_text.data(), secret_text.data()) == 0 &&
                       zmq_z85_decode(pair.public_key.data(), public_text.data());
  YISHI_ASSERT(derived);  // else libzmq was built without CURVE
  return pair;
}

struct ZmqTransport::Impl {
  Impl(ZmqOptions chosen, crypto::Random& random)
      : options(std::move(chosen)), context(kIoThreads, kMaxSockets), parent(context, random) {}

  // Empty, or why not.
  std::optional<Error> listen() {
    if (wake.fd() < 0) return open_error(errno);
    if (options.bind.empty()) return std::nullopt;
    const auto endpoint = parse_endpoint(options.bind, EndpointUse::kListen, "bind");
    if (!endpoint) return endpoint.error();
    const char* stage = "transport.zap";
    try {
      door.emplace(context, std::move(options.admits), counters);
      stage = "transport.bind";
      children.emplace(context, options.keys, endpoint->ipv6, counters);
      children->socket().bind(options.bind);
    } catch (const zmq::error_t& error) {
      return listen_error(stage, options.bind, error.num());
    }
    return std::nullopt;
  }

  void wait(std::uint64_t timeout_ms, bool data) {
    std::array<zmq_pollitem_t, 5> items{};
    int count = 0;
    const auto watch = [&](void* socket, int fd) {
      items[static_cast<std::size_t>(count++)] = zmq_pollitem_t{socket, fd, ZMQ_POLLIN, 0};
    };
    watch(nullptr, wake.fd());
    if (door) watch(door->socket().handle(), 0);
    if (auto* monitor = parent.monitor()) watch(monitor->handle(), 0);
    if (auto* socket = parent.socket(); socket != nullptr && data) watch(socket->handle(), 0);
    if (children && data) watch(children->socket().handle(), 0);
    const bool waiting = parent.has_events() || !deliveries.empty();  // for the owner already
    std::uint64_t wait_ms = waiting ? 0 : std::min(timeout_ms, kMaxWaitMs);
    if (const auto due = parent.due()) {
      const auto left = std::chrono::ceil<milliseconds>(*due - Clock::now()).count();
      wait_ms = std::min(wait_ms, left > 0 ? static_cast<std::uint64_t>(left) : 0);
    }
    // Interrupted by a signal: whoever waits for us wants to know, so we return.
    const int ready = zmq_poll(items.data(), count, static_cast<long>(wait_ms));
    YISHI_ASSERT(ready >= 0 || errno == EINTR);
    if ((items[0].revents & ZMQ_POLLIN) != 0) wake.silence();
  }

  bool keep(std::optional<Received> received) {
    if (!received) return false;
    held += received->cost;
    if (received->delivery) deliveries.push_back(std::move(*received->delivery));
    return true;
  }

  // Parent and children by turns; among the children the ROUTER is fair itself.
  void drain(std::size_t max_bytes) {
    bool more = true;
    while (more && held < max_bytes) {
      more = keep(parent.receive(counters));
      if (children && held < max_bytes && keep(children->receive())) more = true;
    }
  }

  ZmqOptions options;
  zmq::context_t context;
  WakeFile wake;
  ZmqCounters counters;
  std::optional<ZmqDoor> door;
  std::optional<ZmqChildren> children;
  ZmqParent parent;
  std::vector<Delivery> deliveries;
  std::size_t held = 0;  // bytes, since the deliveries were last taken
};

Result<std::unique_ptr<ZmqTransport>> ZmqTransport::open(ZmqOptions options,
                                                         crypto::Random& random) {
  raise_open_files_limit();
  try {
    auto impl = std::make_unique<Impl>(std::move(options), random);
    if (auto error = impl->listen()) return std::move(*error);
    return std::unique_ptr<ZmqTransport>(new ZmqTransport(std::move(impl)));
  } catch (const zmq::error_t& error) {
    return open_error(error.num());
  }
}

ZmqTransport::ZmqTransport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZmqTransport::~ZmqTransport() = default;

std::uint64_t ZmqTransport::open_files() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

bool ZmqTransport::send_to_parent(View frame) {
  check_frame(frame);
  return impl_->parent.send(frame);
}

bool ZmqTransport::send_to_child(const PeerKey& child, View frame) {
  check_frame(frame);
  return impl_->children && impl_->children->send(child, frame);
}

void ZmqTransport::poll(std::uint64_t timeout_ms, std::size_t max_bytes) {
  impl_->wait(timeout_ms, impl_->held < max_bytes);
  impl_->parent.advance(Clock::now());
  if (impl_->door) impl_->door->answer();
  impl_->drain(max_bytes);
}

std::vector<Delivery> ZmqTransport::take_deliveries() {
  impl_->held = 0;
  return std::exchange(impl_->deliveries, {});
}

std::vector<LineEvent> ZmqTransport::take_events() { return impl_->parent.take_events(); }
void ZmqTransport::wake() { impl_->wake.ring(); }

Status ZmqTransport::connect(const std::optional<Upstream>& upstream) {
  return impl_->parent.set(upstream, Clock::now());
}

std::string ZmqTransport::line_trouble() const { return impl_->parent.trouble(); }
ZmqCounters ZmqTransport::counters() const { return impl_->counters; }

std::string ZmqTransport::bound_endpoint() const {
  return impl_->children ? impl_->children->socket().get(opt::last_endpoint) : std::string();
}

}  // namespace yishi::sync
