// Machines that join one parent in the same moment, in one process, against the real daemon.
//
//   joiners ENDPOINT < TICKETS        a ticket's text a line
//
// Each makes keys of its own and its change, opens the ticket's line (the transport's own: a
// CURVE DEALER with its monitor and backoff), knocks every two seconds as a node does, and when
// it is told that it was admitted comes back over a line of its own. The clock runs from the
// first line's opening; a machine is in when the parent's door opened for its own key. One line
// of JSON; exit 1 when not all were in within ten minutes or one was refused.
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

#include "node/turn/admission.h"
#include "node/turn/clock.h"
#include "sync/zmq_parent.h"

namespace {

using namespace yishi;  // one program

constexpr std::uint64_t kPatienceMs = 600'000;
constexpr int kSocketsPerJoiner = 12;

int failed(const std::string& what) {
  std::fprintf(stderr, "joiners: %s\n", what.c_str());
  return 1;
}

class Joiner {
 public:
  Joiner(topology::TicketText ticket, zmq::context_t& context, crypto::Random& random,
         std::uint64_t wall_ms)
      : ticket_(std::move(ticket)),
        ticket_key_(ticket_.signing_key()),
        key_(crypto::PrivateKey::generate(ticket_.suite)),
        line_(context, random) {
    own_ = sync::curve_from_secret(sync::peer_key(random.bytes(topology::kCurveKeyBytes)));
    change_ =
        topology::sign_change(
            ticket_key_, ticket_.network, wall_ms,
            {topology::NodeAdmitted{ticket_.unit, key_.public_key().raw(),
                                    Bytes(own_.public_key.begin(), own_.public_key.end()), ""}},
            random)
            .encode();
  }

  Status connect(const std::string& endpoint) {
    endpoint_ = endpoint;
    return open(sync::curve_from_secret(sync::peer_key(ticket_.curve_secret())));
  }

  void step(std::uint64_t now_ms) {
    line_.advance(sync::ZmqParent::Time::clock::now());
    for (const auto event : line_.take_events()) {
      up_ = event == sync::LineEvent::kUp;
      if (up_ && admitted_) in_ = true;
    }
    while (auto received = line_.receive(counters_)) {
      if (received->delivery) hear(received->delivery->frame);
    }
    if (!up_ || admitted_ || (knocked_ms_ != 0 && now_ms < knocked_ms_ + turn::kKnockEveryMs)) {
      return;
    }
    knocked_ms_ = now_ms;
    const sync::Envelope envelope{
        ticket_.network,    ticket_key_.public_key().id(), ticket_.parent.text(), {}, 0,
        sync::Join{change_}};
    (void)line_.send(sync::seal(ticket_key_, envelope));
  }

  bool in() const { return in_; }
  const std::string& refusal() const { return refusal_; }

 private:
  Status open(const sync::CurvePair& pair) {
    up_ = false;
    return line_.set(sync::Transport::Upstream{endpoint_, sync::peer_key(ticket_.parent_curve),
                                               pair.public_key, pair.secret_key},
                     sync::ZmqParent::Time::clock::now());
  }

  void hear(const Bytes& bytes) {
    const auto frame = sync::open_frame(bytes);
    if (!frame) return;
    const auto* answer = std::get_if<sync::Refuse>(&frame->envelope.message);
    if (answer == nullptr || admitted_) return;
    if (answer->rule == "join.admitted") {
      admitted_ = true;
      if (!open(own_)) refusal_ = "own line";
    } else if (answer->rule != "join.waiting") {
      refusal_ = answer->rule;
    }
  }

  topology::TicketText ticket_;
  crypto::PrivateKey ticket_key_, key_;
  sync::CurvePair own_;
  Bytes change_;
  std::string endpoint_;
  sync::ZmqParent line_;
  sync::ZmqCounters counters_;
  bool up_ = false, admitted_ = false, in_ = false;
  std::uint64_t knocked_ms_ = 0;
  std::string refusal_;
};

int run(const std::string& endpoint) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
  std::vector<topology::TicketText> tickets;
  for (std::string line; std::getline(std::cin, line);) {
    auto ticket = topology::TicketText::parse(line);
    if (!ticket) return failed(ticket.error().en);
    tickets.push_back(std::move(ticket).value());
  }
  turn::SystemClock clock;
  crypto::SystemRandom random;
  zmq::context_t context(1, static_cast<int>(tickets.size()) * kSocketsPerJoiner + 100);
  std::vector<std::unique_ptr<Joiner>> joiners;
  for (auto& ticket : tickets) {
    joiners.push_back(
        std::make_unique<Joiner>(std::move(ticket), context, random, clock.now().wall_ms));
  }
  const auto begin = clock.now().steady_ms;
  for (auto& joiner : joiners) {
    if (auto status = joiner->connect(endpoint); !status) return failed(status.error().en);
  }
  for (;;) {
    const auto now = clock.now().steady_ms;
    std::size_t in = 0;
    for (auto& joiner : joiners) {
      joiner->step(now);
      in += joiner->in() ? 1 : 0;
      if (!joiner->refusal().empty()) return failed("refused: " + joiner->refusal());
    }
    if (in == joiners.size()) {
      std::printf("{\"joined\": %zu, \"seconds\": %.2f}\n", in,
                  static_cast<double>(now - begin) / 1000.0);
      return 0;
    }
    if (now > begin + kPatienceMs) return failed(std::to_string(in) + " are in, not all");
    ::poll(nullptr, 0, 5);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return failed("usage: joiners ENDPOINT < TICKETS");
  const int code = run(argv[1]);
  std::fflush(stdout);
  ::_exit(code);  // thousands of sockets are ended by the kernel, at once
}
