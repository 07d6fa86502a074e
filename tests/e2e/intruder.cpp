// A compromised village: it has a real key and a real place in the network, and uses them
// to throw at its parent an entry that it forged in another village's name, and then the
// very same message again. Exits 0 when the parent said no by name and still listens.
//
//   intruder DATA-OF-THE-COMPROMISED-NODE CODE-OF-THE-VICTIM PARENT-ENDPOINT
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

#include "node/data_directory.h"
#include "node/turn/clock.h"
#include "node/turn/ledger.h"

namespace {

using namespace yishi;  // one file, one program

constexpr int kPatienceMs = 20'000;

int failed(const std::string& what) {
  std::fprintf(stderr, "intruder: %s\n", what.c_str());
  return 1;
}

class Intruder {
 public:
  Intruder(node::OpenedKeys keys, turn::Ledger& ledger, sync::Transport& transport)
      : keys_(std::move(keys)), ledger_(ledger), transport_(transport) {}

  bool greet() {
    random_.fill(nonce_);
    sync::Hello hello;
    hello.nonce = nonce_;
    hello.incarnation = ledger_.database().identity().incarnation;
    hello.software = "intruder";
    send({}, 0, hello);
    sync::Nonce parent{};
    const bool welcomed = hears([&](const sync::Message& message) {
      const auto* welcome = std::get_if<sync::Welcome>(&message);
      if (welcome) parent = welcome->nonce;
      return welcome != nullptr;
    });
    const auto digest =
        crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/session/1", {nonce_, parent});
    std::copy_n(digest.bytes.begin(), session_.size(), session_.begin());
    return welcomed;
  }

  // An entry of the victim's log, signed with a key that is not the victim's.
  Bytes forge(const crypto::Digest& victim) {
    const auto& identity = ledger_.database().identity();
    sync::EntryHeader header;
    header.network = identity.network;
    header.log = victim;
    header.sequence = 1;
    header.time_ms = turn::SystemClock().now().wall_ms;
    header.topology = ledger_.directory().latest();
    auto record = sync::encode_record({"journal.noted", identity.unit.text(),
                                       copy(view_of("冒名的记录")), sync::make_salt(random_)});
    header.records = {sync::record_digest(identity.suite, record)};
    sync::SealedEntry forged;
    forged.header = sync::encode_header(header);
    forged.signature = keys_.keys.node.sign("yishi/entry/1", forged.header);
    forged.records.emplace_back(std::move(record));
    const auto view = forged.view();
    return send(session_, 1, sync::Supply{{{0, sync::pack_run({&view, 1}, false)}}});
  }

  bool is_refused(std::string_view rule) {
    return hears([&](const sync::Message& message) {
      const auto* refuse = std::get_if<sync::Refuse>(&message);
      return refuse && refuse->rule == rule;
    });
  }

  void replay(const Bytes& frame) { (void)transport_.send_to_parent(frame); }

  // Still listened to: an honest message of the same session is not refused.
  bool is_answered() {
    send(session_, 2, sync::Want{ledger_.directory().topology_key().id(), 1, {}});
    return hears(
        [](const sync::Message& message) { return std::holds_alternative<sync::Supply>(message); });
  }

  bool line_is_up() {
    return within([&] {
      for (const auto event : transport_.take_events()) {
        if (event == sync::LineEvent::kUp) return true;
      }
      return false;
    });
  }

 private:
  Bytes send(const sync::Nonce& session, std::uint64_t counter, sync::Message message) {
    const auto& directory = ledger_.directory();
    const auto parent = directory.parent_node(ledger_.here());
    auto frame =
        sync::seal(keys_.keys.node, {directory.network(), keys_.keys.node.public_key().id(),
                                     parent.text(), session, counter, std::move(message)});
    (void)transport_.send_to_parent(frame);
    return frame;
  }

  bool hears(const std::function<bool(const sync::Message&)>& wanted) {
    return within([&] {
      for (const auto& delivery : transport_.take_deliveries()) {
        const auto frame = sync::open_frame(delivery.frame);
        if (frame && wanted(frame->envelope.message)) return true;
      }
      return false;
    });
  }

  bool within(const std::function<bool()>& question) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
    while (std::chrono::steady_clock::now() < end) {
      transport_.poll(50, sync::kMaxMessageBytes);
      if (question()) return true;
    }
    return false;
  }

  node::OpenedKeys keys_;
  turn::Ledger& ledger_;
  sync::Transport& transport_;
  crypto::SystemRandom random_;
  sync::Nonce nonce_{}, session_{};
};

int run(const std::string& data, const std::string& victim_code, const std::string& endpoint) {
  auto database = store::Database::open(data, store::Access::kReader);
  if (!database) return failed(database.error().en);
  turn::Ledger ledger(**database);
  if (auto status = ledger.load(); !status) return failed(status.error().en);
  const auto code = topology::Code::parse(victim_code);
  if (!code) return failed(code.error().en);
  const auto* victim = ledger.directory().node_of_unit(*code);
  const auto* parent =
      ledger.directory().node_of_unit(ledger.directory().parent_node(ledger.here()));
  if (!victim || !parent) return failed("the victim or the parent is not in the directory");

  auto keys = node::open_keys(data, "");
  if (!keys) return failed(keys.error().en);
  crypto::SystemRandom random;
  auto transport = sync::ZmqTransport::open({"", keys->curve, {}}, random);
  if (!transport) return failed(transport.error().en);
  sync::PeerKey server{};
  std::copy(parent->curve.begin(), parent->curve.end(), server.begin());
  if (auto status = (*transport)
                        ->connect(sync::Transport::Upstream{
                            endpoint, server, keys->curve.public_key, keys->curve.secret_key});
      !status) {
    return failed(status.error().en);
  }

  Intruder intruder(std::move(*keys), ledger, **transport);
  if (!intruder.line_is_up()) return failed("no line to the parent");
  if (!intruder.greet()) return failed("no welcome");
  const auto frame = intruder.forge(victim->key.id());
  if (!intruder.is_refused("log.signature")) return failed("the forgery was not refused");
  intruder.replay(frame);
  if (!intruder.is_answered()) return failed("the parent does not listen any more");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return failed("usage: intruder DATA VICTIM-CODE PARENT-ENDPOINT");
  return run(argv[1], argv[2], argv[3]);
}
