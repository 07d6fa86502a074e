// All children of one parent, in one process, against the real daemon.
//
//   children DATA ENDPOINT issues|lines RECORDS
//
// DATA is the directory of a root's node that does not run. Every unit directly below it gets a
// node, admitted by the operator's key; each has RECORDS records waiting. Then it says "ready",
// waits for a line on standard input ("go"), connects all of them in one moment, prints
// progress as lines of JSON, and ends when the parent's receipts cover everything, with one
// more line and exit 0. Exit 1: not in within ten minutes, or something was refused for good.
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "crypto/key_file.h"
#include "node/data_directory.h"
#include "node/directory_draft.h"
#include "node/store/logs.h"
#include "node/turn/ledger.h"
#include "tests/bench/child.h"

namespace {

using namespace yishi;  // one program

// A DEALER and the pair of its monitor; and as many of earlier attempts, not yet reaped.
constexpr int kSocketsPerChild = 9;
constexpr rlim_t kFilesPerChild = 5;  // a mailbox for each socket, and the line
constexpr std::uint64_t kPatienceMs = 600'000;
constexpr std::uint64_t kSayEveryMs = 1'000;
constexpr std::size_t kNodesPerChange = topology::kMaxOperations;

int failed(const std::string& what) {
  std::fprintf(stderr, "children: %s\n", what.c_str());
  return 1;
}

using Children = std::vector<std::unique_ptr<bench::Child>>;

// Admits the children, as an operator's batch would.
Status admit(const std::string& data, turn::Ledger& ledger,
             const std::vector<bench::Identity>& children, crypto::Random& random,
             std::uint64_t now_ms) {
  auto passphrase = node::read_passphrase(data, "");
  if (!passphrase) return passphrase.error();
  auto operator_key = crypto::load_key(data + "/operator.key", *passphrase);
  if (!operator_key) return operator_key.error();
  auto topology_key = crypto::load_key(data + "/topology.key", *passphrase);
  if (!topology_key) return topology_key.error();
  if (auto status = ledger.database().begin(); !status) return status;
  for (std::size_t at = 0; at < children.size();) {
    std::vector<topology::Operation> operations;
    for (; at < children.size() && operations.size() < kNodesPerChange; ++at) {
      const auto& child = children[at];
      const auto& curve = child.curve.public_key;
      operations.emplace_back(topology::NodeAdmitted{child.unit, child.key.public_key().raw(),
                                                     Bytes(curve.begin(), curve.end()), ""});
    }
    const auto change = topology::sign_change(*operator_key, ledger.directory().network(), now_ms,
                                              std::move(operations), random);
    const auto version = ledger.directory().latest() + 1;
    if (auto status = ledger.directory().check(change, version); !status) return status;
    if (auto status = ledger.write_topology(*topology_key, {change.encode()}, now_ms, random);
        !status) {
      return status;
    }
  }
  return ledger.database().commit();
}

// Files for so many lines in one process: as many as it may have.
Status make_room(std::size_t children) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max > children * kFilesPerChild) {
    return {};
  }
  return Error{"children.files", "", "打开文件数不够", "cannot open so many files: ulimit -Hn"};
}

class Crowd {
 public:
  explicit Crowd(Children& children) : children_(children) {}

  int bring_in(const std::string& endpoint) {
    const auto begin = clock_.now().steady_ms;
    for (auto& child : children_) {
      if (auto status = child->connect(endpoint); !status) return failed(status.error().en);
    }
    auto said = begin;
    while (true) {
      const auto now = clock_.now();
      for (auto& child : children_) child->step(now);
      const bool done = say(now, begin, now.steady_ms >= said + kSayEveryMs ? &said : nullptr);
      if (done) return refused_ == 0 ? 0 : failed("records were refused");
      if (now.steady_ms > begin + kPatienceMs) return failed("not all in in time");
      ::poll(nullptr, 0, 5);
    }
  }

 private:
  bool say(const turn::Now& now, std::uint64_t begin, std::uint64_t* said) {
    std::size_t open = 0, received = 0;
    for (const auto& child : children_) {
      open += child->open();
      received += child->all_received();
    }
    const bool done = received == children_.size();
    if (!done && !said) return false;
    bench::Trouble sum;
    for (const auto& child : children_) {
      const auto& one = child->trouble();
      sum.refused_lines += one.refused_lines;
      sum.unreachable += one.unreachable;
      sum.lost_lines += one.lost_lines;
      sum.refused_records += one.refused_records;
      sum.resends += one.resends;
      if (!one.last.empty()) sum.last = one.last;
    }
    refused_ = sum.refused_records;
    std::printf(
        "{\"ms\": %llu, \"open\": %zu, \"received\": %zu, \"refused_lines\": %llu, "
        "\"unreachable\": %llu, \"lost_lines\": %llu, \"refused_records\": %llu, "
        "\"resends\": %llu, \"last\": \"%s\"}\n",
        static_cast<unsigned long long>(now.steady_ms - begin), open, received,
        static_cast<unsigned long long>(sum.refused_lines),
        static_cast<unsigned long long>(sum.unreachable),
        static_cast<unsigned long long>(sum.lost_lines),
        static_cast<unsigned long long>(sum.refused_records),
        static_cast<unsigned long long>(sum.resends), sum.last.c_str());
    std::fflush(stdout);
    if (said) *said = now.steady_ms;
    return done;
  }

  Children& children_;
  turn::SystemClock clock_;
  std::uint64_t refused_ = 0;
};

int run(const std::string& data, const std::string& endpoint, const std::string& kind,
        std::size_t records) {
  auto database = store::Database::open(data, store::Access::kWriter);
  if (!database) return failed(database.error().en);
  auto ledger = std::make_unique<turn::Ledger>(**database);
  if (auto status = ledger->load(); !status) return failed(status.error().en);
  const auto& here = ledger->here();
  const auto* node = ledger->directory().node_of_unit(here);
  const auto units = ledger->directory().children_of(here);
  if (!node || units.empty()) return failed("no unit below the node's");

  crypto::SystemRandom random;
  const auto now = turn::SystemClock().now().wall_ms;
  bench::Parent parent{ledger->directory().network(), here.text(), node->key, {}, {}, 0};
  std::copy(node->curve.begin(), node->curve.end(), parent.curve.begin());
  if (auto status = make_room(units.size()); !status) return failed(status.error().en);
  std::vector<bench::Identity> identities;
  for (const auto& unit : units) {
    identities.push_back(bench::Identity::make(unit, parent.key.suite(), random));
  }
  if (auto status = admit(data, *ledger, identities, random, now); !status) {
    return failed(status.error().en);
  }
  parent.topology = ledger->directory().latest();
  parent.held = {(*database)->identity().incarnation, ledger->logs().last_position()};
  zmq::context_t context(1, static_cast<int>(units.size()) * kSocketsPerChild + 100);
  Children children;
  for (auto& identity : identities) {
    children.push_back(
        std::make_unique<bench::Child>(std::move(identity), parent, context, random));
    if (kind == "issues") {
      children.back()->log_issues(records, ledger->world(), now);
    } else {
      children.back()->note_lines(records, now);
    }
  }
  ledger.reset();
  database->reset();
  std::printf("ready\n");
  std::fflush(stdout);
  std::string line;
  if (!std::getline(std::cin, line) || line != "go") return failed("no go");
  const int code = Crowd(children).bring_in(endpoint);
  std::fflush(stdout);
  ::_exit(code);  // thousands of sockets are ended by the kernel, at once
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return failed("usage: children DATA ENDPOINT issues|lines RECORDS");
  return run(argv[1], argv[2], argv[3], std::stoul(argv[4]));
}
