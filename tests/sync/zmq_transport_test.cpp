#include "sync/zmq_transport.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <set>
#include <thread>
#include <zmq.hpp>

namespace yishi::sync {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kDeadline = std::chrono::seconds(20);
constexpr std::size_t kLarge = std::size_t{256} << 10U;
constexpr std::size_t kEnough = std::size_t{8} << 20U;

CurvePair new_pair(crypto::Random& random) {
  PeerKey secret{};
  random.fill(secret);
  return curve_from_secret(secret);
}

// A node: its transport, and everything that came to it.
struct Node {
  std::unique_ptr<ZmqTransport> transport;
  std::vector<Delivery> deliveries;
  std::vector<LineEvent> events;

  void poll(std::uint64_t timeout_ms = 2) {
    transport->poll(timeout_ms, kEnough);
    for (auto& event : transport->take_events()) events.push_back(event);
    for (auto& delivery : transport->take_deliveries()) deliveries.push_back(std::move(delivery));
  }
  std::size_t count(LineEvent event) const {
    return static_cast<std::size_t>(std::count(events.begin(), events.end(), event));
  }
  bool got(std::string_view text) const {
    return std::ranges::any_of(deliveries,
                               [&](const Delivery& d) { return text_of(d.frame) == text; });
  }
};

// A child that does not keep our rules: a bare DEALER that chooses its own routing id.
struct RawChild {
  zmq::context_t context{1};
  zmq::socket_t socket{context, zmq::socket_type::dealer};
  zmq::socket_t monitor{context, zmq::socket_type::pair};

  RawChild(const std::string& endpoint, const CurvePair& parent, const CurvePair& keys,
           const std::string& routing_id) {
    socket.set(zmq::sockopt::linger, 0);
    if (!routing_id.empty()) socket.set(zmq::sockopt::routing_id, routing_id);
    socket.set(zmq::sockopt::curve_publickey, zmq::buffer(keys.public_key));
    socket.set(zmq::sockopt::curve_secretkey, zmq::buffer(keys.secret_key));
    socket.set(zmq::sockopt::curve_serverkey, zmq::buffer(parent.public_key));
    socket.set(zmq::sockopt::rcvhwm, 1);
    zmq_socket_monitor(socket.handle(), "inproc://seen",
                       ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    monitor.set(zmq::sockopt::rcvhwm, 0);
    monitor.set(zmq::sockopt::linger, 0);
    monitor.connect("inproc://seen");
    socket.connect(endpoint);
  }
  ~RawChild() { zmq_socket_monitor(socket.handle(), nullptr, 0); }
  RawChild(const RawChild&) = delete;
  RawChild& operator=(const RawChild&) = delete;

  void send(View frame, bool more = false) {
    socket.send(zmq::buffer(frame.data(), frame.size()),
                more ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
  bool saw(std::uint16_t wanted) {  // and forgets it
    zmq::message_t event;
    while (monitor.recv(event, zmq::recv_flags::dontwait)) {
      zmq::message_t address;
      (void)monitor.recv(address);
      std::uint16_t kind = 0;
      std::memcpy(&kind, event.data(), sizeof kind);
      if (kind == wanted) return true;
    }
    return false;
  }
  bool hears_anything() {
    zmq::message_t frame;
    return socket.recv(frame, zmq::recv_flags::dontwait).has_value();
  }
};

class ZmqTransportTest : public testing::Test {
 protected:
  crypto::SystemRandom random;
  CurvePair parent_keys = new_pair(random);
  CurvePair child_keys = new_pair(random);
  std::set<PeerKey> admitted{child_keys.public_key};

  Node open_parent(const std::string& bind = "tcp://127.0.0.1:*") {
    auto opened = ZmqTransport::open(
        {bind, parent_keys, [this](const PeerKey& key) { return admitted.contains(key); }}, random);
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().en);
    return Node{std::move(*opened), {}, {}};
  }

  Transport::Upstream upstream(const Node& parent, const CurvePair& keys) const {
    return {parent.transport->bound_endpoint(), parent_keys.public_key, keys.public_key,
            keys.secret_key};
  }

  Node open_child() {
    auto opened = ZmqTransport::open({"", new_pair(random), nullptr}, random);
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().en);
    return Node{std::move(*opened), {}, {}};
  }

  Node open_child(const Node& parent, const CurvePair& keys) {
    Node child = open_child();
    EXPECT_TRUE(child.transport->connect(upstream(parent, keys)).ok());
    return child;
  }

  static bool until(const std::vector<Node*>& nodes, const std::function<bool()>& done) {
    const auto deadline = Clock::now() + kDeadline;
    while (!done()) {
      if (Clock::now() > deadline) return false;
      for (Node* node : nodes) node->poll();
    }
    return true;
  }

  // The line stands and the parent has heard the child, so that it can answer.
  static bool acquainted(Node& parent, Node& child, std::string_view greeting = "hello") {
    return until({&parent, &child}, [&] { return child.count(LineEvent::kUp) > 0; }) &&
           child.transport->send_to_parent(view_of(greeting)) &&
           until({&parent, &child}, [&] { return parent.got(greeting); });
  }
};

TEST_F(ZmqTransportTest, FramesPassBothWaysUnderTheirSendersKeys) {
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  EXPECT_FALSE(child.transport->send_to_parent(view_of("too early")));
  EXPECT_FALSE(parent.transport->send_to_child(child_keys.public_key, view_of("not heard yet")));
  ASSERT_TRUE(acquainted(parent, child));
  ASSERT_EQ(parent.deliveries.size(), 1U);
  EXPECT_EQ(parent.deliveries[0].from, child_keys.public_key);
  EXPECT_FALSE(parent.deliveries[0].from_parent);

  ASSERT_TRUE(parent.transport->send_to_child(child_keys.public_key, view_of("welcome")));
  ASSERT_TRUE(until({&parent, &child}, [&] { return child.got("welcome"); }));
  EXPECT_EQ(child.deliveries[0].from, parent_keys.public_key);
  EXPECT_TRUE(child.deliveries[0].from_parent);
  EXPECT_EQ(child.transport->line_trouble(), "");
  EXPECT_EQ(parent.transport->counters().handshakes_admitted, 1U);
}

TEST_F(ZmqTransportTest, ConnectingAgainWithTheSameKeysKeepsTheLine) {
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));
  ASSERT_TRUE(child.transport->connect(upstream(parent, child_keys)).ok());
  EXPECT_TRUE(child.transport->send_to_parent(view_of("still up")));
  ASSERT_TRUE(until({&parent, &child}, [&] { return parent.got("still up"); }));
  EXPECT_EQ(child.count(LineEvent::kDown), 0U);

  ASSERT_TRUE(child.transport->connect(std::nullopt).ok());
  EXPECT_FALSE(child.transport->send_to_parent(view_of("no parent")));
  child.poll();
  EXPECT_EQ(child.count(LineEvent::kDown), 1U);
}

TEST_F(ZmqTransportTest, RefusedChildAdmittedLaterGetsThroughWithoutARestart) {
  admitted.clear();
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(until({&parent, &child}, [&] { return child.count(LineEvent::kRefused) > 1; }));
  EXPECT_EQ(child.transport->line_trouble(), "handshake.refused");
  EXPECT_EQ(child.count(LineEvent::kUp), 0U);
  EXPECT_GT(parent.transport->counters().handshakes_refused, 0U);

  admitted.insert(child_keys.public_key);
  EXPECT_TRUE(acquainted(parent, child));
}

TEST_F(ZmqTransportTest, WrongServerKeyIsToldApartFromAParentThatIsDown) {
  Node parent = open_parent();
  Node child = open_child();
  auto wrong = upstream(parent, child_keys);
  wrong.server = new_pair(random).public_key;
  ASSERT_TRUE(child.transport->connect(wrong).ok());
  ASSERT_TRUE(until({&parent, &child}, [&] { return child.count(LineEvent::kRefused) > 0; }));
  EXPECT_EQ(child.transport->line_trouble(), "handshake.failed");
  EXPECT_EQ(parent.transport->counters().handshakes_admitted, 0U);

  ASSERT_TRUE(child.transport->connect(upstream(parent, child_keys)).ok());
  EXPECT_TRUE(acquainted(parent, child));
}

TEST_F(ZmqTransportTest, NobodyAtTheEndpointIsUnreachable) {
  Node parent = open_parent();
  const auto nobody = upstream(parent, child_keys);
  parent.transport.reset();
  Node child = open_child();
  ASSERT_TRUE(child.transport->connect(nobody).ok());
  ASSERT_TRUE(until({&child}, [&] { return child.count(LineEvent::kUnreachable) > 1; }));
  EXPECT_EQ(child.transport->line_trouble(), "connect.failed");
  EXPECT_EQ(child.count(LineEvent::kRefused), 0U);
}

TEST_F(ZmqTransportTest, ParentRestartsOnItsPortAndTheChildComesBack) {
  Node parent = open_parent();
  const std::string endpoint = parent.transport->bound_endpoint();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));

  parent.transport.reset();
  ASSERT_TRUE(until({&child}, [&] { return child.count(LineEvent::kDown) > 0; }));
  EXPECT_EQ(child.transport->line_trouble(), "line.lost");
  EXPECT_FALSE(child.transport->send_to_parent(view_of("into the void")));

  Node restarted = open_parent(endpoint);
  ASSERT_TRUE(until({&restarted, &child}, [&] { return child.count(LineEvent::kUp) > 1; }));
  ASSERT_TRUE(child.transport->send_to_parent(view_of("hello again")));
  ASSERT_TRUE(until({&restarted, &child}, [&] { return restarted.got("hello again"); }));
  ASSERT_TRUE(restarted.transport->send_to_child(child_keys.public_key, view_of("welcome")));
  EXPECT_TRUE(until({&restarted, &child}, [&] { return child.got("welcome"); }));
}

TEST_F(ZmqTransportTest, FullQueueToAChildRefusesAndLosesNothingItTook) {
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));
  // The child does not read; each frame begins with its number.
  Bytes frame(kLarge, 0);
  std::size_t taken = 0;
  std::size_t refused = 0;
  const auto deadline = Clock::now() + kDeadline;
  while (refused < 100 && Clock::now() < deadline) {
    frame[0] = static_cast<std::uint8_t>(taken);
    frame[1] = static_cast<std::uint8_t>(taken >> 8U);
    const bool took = parent.transport->send_to_child(child_keys.public_key, frame);
    (took ? taken : refused) += 1;
    parent.poll(took ? 0 : 1);
  }
  ASSERT_EQ(refused, 100U);

  std::size_t next = 0;
  ASSERT_TRUE(until({&parent, &child},
                    [&] {
                      for (const auto& delivery : child.deliveries) {
                        EXPECT_EQ(delivery.frame[0] + (std::size_t{delivery.frame[1]} << 8U), next);
                        ++next;
                      }
                      child.deliveries.clear();
                      return next >= taken;
                    }))
      << next << " of " << taken;
  EXPECT_EQ(child.count(LineEvent::kDown), 0U);
  EXPECT_TRUE(parent.transport->send_to_child(child_keys.public_key, view_of("room again")));
}

TEST_F(ZmqTransportTest, FullQueueToTheParentRefusesAndLosesNothingItTook) {
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));
  parent.deliveries.clear();
  const Bytes frame(kLarge, 7);
  std::size_t taken = 0;
  std::size_t refused = 0;
  const auto deadline = Clock::now() + kDeadline;
  while (refused < 100 && Clock::now() < deadline) {
    const bool took = child.transport->send_to_parent(frame);
    (took ? taken : refused) += 1;
    child.poll(took ? 0 : 1);
  }
  ASSERT_EQ(refused, 100U);
  EXPECT_TRUE(until({&parent, &child}, [&] { return parent.deliveries.size() >= taken; }));
  EXPECT_EQ(parent.deliveries.size(), taken);
  EXPECT_EQ(child.count(LineEvent::kDown), 0U);
}

TEST_F(ZmqTransportTest, OneKeyOnTwoLinesIsAnsweredWhereItSpokeLast) {
  Node parent = open_parent();
  Node first = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, first, "from the first"));
  Node second = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, second, "from the second"));
  ASSERT_TRUE(parent.transport->send_to_child(child_keys.public_key, view_of("answer")));
  ASSERT_TRUE(until({&parent, &first, &second}, [&] { return second.got("answer"); }));
  EXPECT_FALSE(first.got("answer"));
}

TEST_F(ZmqTransportTest, AnotherAdmittedKeyCannotTakeAChildsPlace) {
  const CurvePair other_keys = new_pair(random);
  admitted.insert(other_keys.public_key);
  Node parent = open_parent();
  const std::string endpoint = parent.transport->bound_endpoint();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));
  // It knows the victim's key, and not the victim's random bytes.
  const std::string victim = to_hex(child_keys.public_key);
  RawChild bare(endpoint, parent_keys, other_keys, victim);
  RawChild padded(endpoint, parent_keys, other_keys, victim + std::string(32, '0'));
  bare.send(view_of("I am the child"));
  padded.send(view_of("I am the child"));
  ASSERT_TRUE(
      until({&parent, &child}, [&] { return parent.transport->counters().dropped_identity == 2; }));
  EXPECT_FALSE(parent.got("I am the child"));

  ASSERT_TRUE(parent.transport->send_to_child(child_keys.public_key, view_of("for you alone")));
  ASSERT_TRUE(until({&parent, &child}, [&] { return child.got("for you alone"); }));
  EXPECT_FALSE(bare.hears_anything());
  EXPECT_FALSE(padded.hears_anything());
  EXPECT_FALSE(parent.transport->send_to_child(other_keys.public_key, view_of("never heard")));
  EXPECT_EQ(child.count(LineEvent::kDown), 0U);
}

TEST_F(ZmqTransportTest, RoutingIdThatIsNotTheKeyIsDropped) {
  Node parent = open_parent();
  const std::string endpoint = parent.transport->bound_endpoint();
  const std::string key = to_hex(child_keys.public_key);
  RawChild none(endpoint, parent_keys, child_keys, "");
  RawChild short_id(endpoint, parent_keys, child_keys, key);
  RawChild foreign(endpoint, parent_keys, child_keys,
                   to_hex(new_pair(random).public_key) + std::string(32, 'a'));
  for (RawChild* child : {&none, &short_id, &foreign}) child->send(view_of("nameless"));
  RawChild proper(endpoint, parent_keys, child_keys, key + std::string(32, 'a'));
  proper.send(view_of("with my name"));
  ASSERT_TRUE(until({&parent}, [&] {
    return parent.transport->counters().dropped_identity == 3 && parent.got("with my name");
  }));
  EXPECT_EQ(parent.deliveries.size(), 1U);
}

TEST_F(ZmqTransportTest, NewLineOfAChildReplacesItsHalfDeadOne) {
  Node parent = open_parent();
  const std::string id = to_hex(child_keys.public_key) + std::string(32, 'a');
  RawChild half_dead(parent.transport->bound_endpoint(), parent_keys, child_keys, id);
  half_dead.send(view_of("before"));
  ASSERT_TRUE(until({&parent}, [&] { return parent.got("before"); }));
  RawChild back(parent.transport->bound_endpoint(), parent_keys, child_keys, id);
  back.send(view_of("after"));
  ASSERT_TRUE(until({&parent}, [&] { return parent.got("after"); }));
  ASSERT_TRUE(parent.transport->send_to_child(child_keys.public_key, view_of("answer")));
  EXPECT_TRUE(until({&parent}, [&] { return back.hears_anything(); }));
  EXPECT_FALSE(half_dead.hears_anything());
}

TEST_F(ZmqTransportTest, EmptyAndManyPartedMessagesAreDropped) {
  Node parent = open_parent();
  RawChild child(parent.transport->bound_endpoint(), parent_keys, child_keys,
                 to_hex(child_keys.public_key) + std::string(32, 'a'));
  child.send(View());
  child.send(view_of("one"), true);
  child.send(view_of("two"), true);
  child.send(view_of("three"));
  child.send(view_of("whole"));
  ASSERT_TRUE(until({&parent}, [&] { return parent.got("whole"); }));
  EXPECT_EQ(parent.deliveries.size(), 1U);
  EXPECT_EQ(parent.transport->counters().dropped_malformed, 2U);
}

TEST_F(ZmqTransportTest, LargestFramePassesAndALargerOneCostsItsSenderTheLine) {
  const CurvePair other_keys = new_pair(random);
  admitted.insert(other_keys.public_key);
  Node parent = open_parent();
  Node good = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, good));
  RawChild child(parent.transport->bound_endpoint(), parent_keys, other_keys,
                 to_hex(other_keys.public_key) + std::string(32, 'a'));
  child.send(Bytes(kMaxMessageBytes, 1));
  ASSERT_TRUE(until({&parent}, [&] { return parent.deliveries.size() == 2; }));
  EXPECT_EQ(parent.deliveries[1].frame.size(), kMaxMessageBytes);
  EXPECT_FALSE(child.saw(ZMQ_EVENT_DISCONNECTED));

  child.send(Bytes(kMaxMessageBytes + 1, 1));
  ASSERT_TRUE(until({&parent}, [&] { return child.saw(ZMQ_EVENT_DISCONNECTED); }));
  EXPECT_EQ(parent.deliveries.size(), 2U);
  ASSERT_TRUE(good.transport->send_to_parent(view_of("the others go on")));
  EXPECT_TRUE(until({&parent, &good}, [&] { return parent.got("the others go on"); }));
}

// How many deliveries polls of so few bytes bring, and that none brings too many.
std::size_t count_by_small_polls(Transport& transport, std::size_t wanted) {
  constexpr std::size_t kFew = 2500;
  std::size_t got = 0;
  const auto deadline = Clock::now() + kDeadline;
  while (got < wanted && Clock::now() < deadline) {
    transport.poll(5, kFew);
    transport.poll(0, kFew);  // what was not taken counts
    const auto taken = transport.take_deliveries();
    EXPECT_LE(taken.size(), 3U);
    got += taken.size();
  }
  return got;
}

TEST_F(ZmqTransportTest, PollTakesNoMoreThanItMayAndLeavesTheRestForTheNext) {
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));
  const Bytes frame(1000, 3);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(until({&child}, [&] { return child.transport->send_to_parent(frame); }));
    ASSERT_TRUE(parent.transport->send_to_child(child_keys.public_key, frame));
  }
  EXPECT_EQ(count_by_small_polls(*parent.transport, 20), 20U);
  EXPECT_EQ(count_by_small_polls(*child.transport, 20), 20U);

  ASSERT_TRUE(child.transport->send_to_parent(frame));
  parent.transport->poll(20, 0);
  EXPECT_TRUE(parent.transport->take_deliveries().empty());
  EXPECT_TRUE(until({&parent}, [&] { return parent.deliveries.size() == 2; }));  // with "hello"
}

TEST_F(ZmqTransportTest, RevokedChildIsStillHeardBecauseStandingIsTheTurnsToCheck) {
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));
  admitted.clear();
  ASSERT_TRUE(child.transport->send_to_parent(view_of("after the revocation")));
  EXPECT_TRUE(until({&parent, &child}, [&] { return parent.got("after the revocation"); }));
}

TEST_F(ZmqTransportTest, ManyChildrenAreHeardAndAnsweredEachOnItsOwnLine) {
  Node parent = open_parent();
  std::vector<CurvePair> keys;
  std::vector<std::unique_ptr<Node>> children;
  std::vector<Node*> all{&parent};
  for (int i = 0; i < 12; ++i) {
    keys.push_back(new_pair(random));
    admitted.insert(keys.back().public_key);
    children.push_back(std::make_unique<Node>(open_child(parent, keys.back())));
    all.push_back(children.back().get());
  }
  ASSERT_TRUE(until(all, [&] {
    return std::ranges::all_of(children,
                               [](const auto& c) { return c->count(LineEvent::kUp) > 0; });
  }));
  for (auto& child : children) ASSERT_TRUE(child->transport->send_to_parent(view_of("hello")));
  ASSERT_TRUE(until(all, [&] { return parent.deliveries.size() == children.size(); }));
  for (const auto& key : keys) {
    ASSERT_TRUE(parent.transport->send_to_child(key.public_key, view_of(to_hex(key.public_key))));
  }
  EXPECT_TRUE(until(all, [&] {
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (!children[i]->got(to_hex(keys[i].public_key))) return false;
    }
    return true;
  }));
}

TEST_F(ZmqTransportTest, WakeFromAnotherThreadEndsAPoll) {
  Node node = open_parent();
  std::atomic<bool> woken{false};
  std::thread other([&] {
    woken = true;
    node.transport->wake();
  });
  node.transport->poll(3'600'000, kEnough);  // without the wake the test does not end
  EXPECT_TRUE(woken);
  other.join();
  node.transport->wake();  // one that came before the poll is not forgotten
  node.transport->wake();
  node.transport->poll(3'600'000, kEnough);
}

TEST_F(ZmqTransportTest, PortInUseIsNamed) {
  Node first = open_parent();
  const std::string endpoint = first.transport->bound_endpoint();
  const auto second = ZmqTransport::open({endpoint, parent_keys, nullptr}, random);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().rule, "transport.bind");
  EXPECT_EQ(second.error().field, "bind");
  EXPECT_NE(second.error().zh.find(endpoint), std::string::npos);
  EXPECT_NE(second.error().en.find(endpoint), std::string::npos);
}

TEST_F(ZmqTransportTest, EndpointThatDoesNotParseIsNamedAndKeepsThePresentLine) {
  EXPECT_EQ(ZmqTransport::open({"ipc:///etc", parent_keys, nullptr}, random).error().rule,
            "transport.endpoint");
  Node parent = open_parent();
  Node child = open_child(parent, child_keys);
  ASSERT_TRUE(acquainted(parent, child));
  auto wrong = upstream(parent, child_keys);
  wrong.endpoint = "tcp://nowhere";
  const auto status = child.transport->connect(wrong);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "transport.endpoint");
  EXPECT_NE(status.error().zh.find("tcp://nowhere"), std::string::npos);
  EXPECT_TRUE(child.transport->send_to_parent(view_of("undisturbed")));
}

TEST_F(ZmqTransportTest, OpeningRaisesTheLimitOfOpenFiles) {
  rlimit low{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &low), 0);
  const auto before = low;
  low.rlim_cur = std::min<rlim_t>(256, low.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  Node node = open_parent();
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, after.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(CurveFromSecret, IsTheSamePairEveryTimeAndAnotherForAnotherSecret) {
  PeerKey one{};
  PeerKey two{};
  one.fill(1);
  two.fill(2);
  EXPECT_EQ(curve_from_secret(one).public_key, curve_from_secret(one).public_key);
  EXPECT_EQ(curve_from_secret(one).secret_key, one);
  EXPECT_NE(curve_from_secret(one).public_key, curve_from_secret(two).public_key);
}

}  // namespace
}  // namespace yishi::sync
