// shuffle STORE [ORDERS] [SEED]: folds every issue of a store again, its facts in as many random
// orders as asked for, the way a node takes them in, and compares with the state that is stored.
// Exit code 0: every order of every issue gives the stored state; 1 names those that do not.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "node/store/issues.h"
#include "node/turn/ledger.h"

namespace yishi {
namespace {

using deliberation::Effect;
using deliberation::Fact;

bool waits(const deliberation::Folded& one) { return one.effect == Effect::kWaits; }

// What a node holds after facts came in this order: fold where it may, else refold all so far
// (node/deliberation/README.md, "When the store refolds").
deliberation::Issue take_in(const std::string& id, const std::vector<Fact>& facts,
                            const deliberation::World& world) {
  deliberation::Issue issue;
  std::vector<Fact> taken;
  bool waiting = false;
  for (const Fact& fact : facts) {
    taken.push_back(fact);
    const auto folded =
        waiting ? deliberation::Folded{Effect::kRefold, std::nullopt} : fold(issue, fact, world);
    if (folded.effect != Effect::kRefold) {
      waiting = waits(folded);
      continue;
    }
    auto all = refold(id, taken, world);
    issue = std::move(all.issue);
    waiting = std::any_of(all.effects.begin(), all.effects.end(), waits);
  }
  return issue;
}

class Shuffle {
 public:
  Shuffle(store::Database& database, std::size_t orders, std::uint64_t seed)
      : ledger_(database), issues_(database), orders_(orders), random_(seed) {}

  int run() {
    if (const auto loaded = ledger_.load(); !loaded.ok()) {
      std::cerr << "shuffle: " << loaded.error().en << "\n";
      return EXIT_FAILURE;
    }
    store::IssueFilter filter;
    filter.limit = 1000;
    for (bool more = true; more;) {
      const auto rows = issues_.list(filter, ledger_.directory());
      for (const auto& row : rows) judge(row.issue);
      more = rows.size() == filter.limit;
      if (more) filter.before = rows.back().order;
    }
    std::cout << seen_ << " issues, " << facts_ << " facts, " << orders_
              << " orders of each: " << failed_ << " differ\n";
    return seen_ > 0 && failed_ == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }

 private:
  void judge(const deliberation::Issue& stored) {
    std::vector<Fact> facts;
    for (auto& one : issues_.facts(stored.id)) facts.push_back(std::move(one.fact));
    seen_ += 1;
    facts_ += facts.size();
    for (std::size_t i = 0; i < orders_; ++i) {
      std::shuffle(facts.begin(), facts.end(), random_);
      if (take_in(stored.id, facts, ledger_.world()) == stored) continue;
      failed_ += 1;
      std::cerr << "shuffle: " << stored.id << " in order " << i << " comes to another state\n";
      return;
    }
  }

  turn::Ledger ledger_;
  store::Issues issues_;
  std::size_t orders_;
  std::mt19937_64 random_;
  std::size_t seen_ = 0, facts_ = 0, failed_ = 0;
};

}  // namespace
}  // namespace yishi

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "shuffle STORE [ORDERS] [SEED]\n";
    return EXIT_FAILURE;
  }
  auto database = yishi::store::Database::open(argv[1], yishi::store::Access::kReader);
  if (!database) {
    std::cerr << "shuffle: " << database.error().en << "\n";
    return EXIT_FAILURE;
  }
  const auto number = [&](int at, std::uint64_t fallback) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : fallback;
  };
  return yishi::Shuffle(**database, number(2, 100), number(3, 1)).run();
}
