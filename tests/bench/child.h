// A child of one parent without a process of its own: real keys, a real signed log, the
// link's own state machine and the transport's own line (a CURVE DEALER with its monitor and
// backoff), in one ZeroMQ context with thousands of others. Its store is the runs it will
// send; it holds the parent's stream up to where it stood before the outage.
// One thread, all children.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/deliberation/react.h"
#include "node/turn/clock.h"
#include "sync/link.h"
#include "sync/log_check.h"
#include "sync/run.h"
#include "sync/zmq_parent.h"

namespace yishi::bench {

struct Parent {
  crypto::Digest network;
  std::string unit;
  crypto::PublicKey key;
  sync::PeerKey curve{};
  sync::Cursor held;  // how far every child holds the parent's stream
  std::uint64_t topology = 0;
};

struct Identity {
  static Identity make(topology::Code unit, crypto::Suite suite, crypto::Random& random);
  topology::Code unit;
  crypto::PrivateKey key;
  sync::CurvePair curve;
};

struct Trouble {
  std::uint64_t refused_lines = 0, unreachable = 0, lost_lines = 0;
  std::uint64_t refused_records = 0, resends = 0;
  std::string last;
};

class Child {
 public:
  Child(Identity identity, const Parent& parent, zmq::context_t& context, crypto::Random& random);

  // Writes `count` entries of one record each: issues logged, or lines noted.
  void log_issues(std::size_t count, const deliberation::World& world, std::uint64_t now_ms);
  void note_lines(std::size_t count, std::uint64_t now_ms);

  Status connect(const std::string& endpoint);
  void step(const turn::Now& now);  // what came, what is due, what is to be sent

  bool open() const { return link_.state() == sync::LinkState::kOpen; }
  bool all_received() const { return link_.acknowledged() >= last_; }
  const Trouble& trouble() const { return trouble_; }

 private:
  void append(sync::Record record, std::uint64_t now_ms);
  void close_run();
  void hear(const Bytes& frame, const turn::Now& now);
  void offer(const turn::Now& now);

  Identity self_;
  const Parent& parent_;
  crypto::Random& random_;
  sync::Link link_;
  sync::ZmqParent line_;
  sync::ZmqCounters counters_;
  sync::Nonce incarnation_{};

  std::vector<sync::SealedEntry> unpacked_;  // of the run in the making
  std::vector<sync::Row> rows_;
  sync::Head head_;
  std::uint64_t last_ = 0;  // position, which is the sequence: a row an entry
  std::vector<Bytes> unsent_;
  Trouble trouble_;
};

}  // namespace yishi::bench
