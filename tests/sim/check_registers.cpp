#include "tests/sim/check_registers.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/store/registers.h"

namespace yishi::sim {
namespace {

using deliberation::EntryName;
using deliberation::RegisterFact;

struct Best {
  const RegisterFact* fact = nullptr;
  bool clean = true;  // hostile nodes have no hand in it
};

class Registers {
 public:
  explicit Registers(const Book& book) : book_(book) {
    const auto shelves = shelves_at_end(book);
    std::set<const HeldEntry*> seen;
    for (std::size_t i = 0; i < shelves.size(); ++i) {
      if (!book.firm(i)) continue;
      for (const auto* entry : shelves[i].entries()) {
        if (seen.insert(entry).second) add(*entry);
      }
    }
    for (const auto& fact : facts_) weigh(fact);
  }

  const std::map<EntryName, Best>& best() const { return best_; }

 private:
  void add(const HeldEntry& entry) {
    for (std::size_t i = 0; i < entry.records.size(); ++i) {
      if (!entry.records[i]) continue;
      const auto record = sync::decode_record(*entry.records[i]);
      if (!record || !deliberation::is_register_kind(record->kind)) continue;
      auto fact = deliberation::read_register(*record, entry.header, i);
      if (fact) facts_.push_back(std::move(*fact));
    }
  }

  bool counts(const RegisterFact& fact) const {
    const auto& directory = book_.directory();
    const auto* node = directory.node_of_key(fact.author);
    if (node == nullptr || (node->ended != 0 && fact.sequence > node->last_sequence)) return false;
    if (!directory.may_write(fact.author, fact.body.unit, fact.topology)) return false;
    if (directory.suspended(node->unit, fact.topology)) return false;
    if (!directory.unit(fact.subject, fact.topology)) return false;
    if (fact.body.unit == fact.subject) return true;
    return fact.body.register_id == "rooms" &&
           directory.inside(fact.subject, fact.body.unit, fact.topology);
  }

  void weigh(const RegisterFact& fact) {
    auto& best = best_[{fact.body.register_id, fact.subject, fact.body.key}];
    best.clean = best.clean && book_.honest(fact.author);
    if (!counts(fact)) return;
    const auto key = [](const RegisterFact& one) {
      return std::tuple(one.body.revision, one.time_ms, one.digest);
    };
    if (best.fact == nullptr || key(*best.fact) < key(fact)) best.fact = &fact;
  }

  const Book& book_;
  std::vector<RegisterFact> facts_;
  std::map<EntryName, Best> best_;
};

}  // namespace

Failures check_registers(const Book& book) {
  Failures failures;
  const Registers all(book);
  const auto& directory = book.directory();
  for (const auto& [name, best] : all.best()) {
    if (best.fact == nullptr || !best.clean) continue;
    for (std::size_t i = 0; i < book.witness().nodes.size(); ++i) {
      const auto& node = book.witness().nodes[i];
      const bool below = name.register_id == "bulletins" && directory.inside(node.unit, name.unit);
      if (!book.firm(i) || (!below && !directory.inside(name.unit, node.unit))) continue;
      const auto held = store::Registers(*node.database).entry(name);
      if (held && held->digest == best.fact->digest) continue;
      failures.push_back("[registers] " + book.name(i) + ": " + name.register_id + " of " +
                         name.unit.text() + ", " + name.key + ", is " +
                         (held ? "not what counts" : "not there"));
    }
  }
  return failures;
}

}  // namespace yishi::sim
