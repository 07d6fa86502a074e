#include "tests/sim/check_same.h"

#include <algorithm>

#include "node/store/issues.h"
#include "tests/sim/model.h"

namespace yishi::sim {
namespace {

// The union of all records that firm machines have, and what it comes to.
class Union {
 public:
  explicit Union(const Book& book) : book_(book), shelves_(shelves_at_end(book)) {
    std::set<const HeldEntry*> seen;
    std::set<std::pair<crypto::Digest, std::pair<crypto::Digest, std::uint64_t>>> known;
    Facts all;
    for (std::size_t i = 0; i < shelves_.size(); ++i) {
      if (!book.firm(i)) continue;
      for (const auto* entry : shelves_[i].entries()) {
        if (seen.insert(entry).second) add_facts(all, *entry);
      }
    }
    for (auto& [id, facts] : all) {
      std::erase_if(facts, [&](const deliberation::Fact& fact) {
        return !known.insert({fact.digest, {fact.author, fact.sequence}}).second;
      });
      issues_[id] = model_issue(id, facts, book.directory());
      facts_[id] = std::move(facts);
    }
  }

  const std::map<std::string, Modelled>& issues() const { return issues_; }
  const std::vector<deliberation::Fact>& facts(const std::string& id) const {
    return facts_.at(id);
  }
  // What hostile nodes wrote or forged need not reach everyone alike, nor what a machine had told
  // only those below it when it was lost.
  bool clean(const std::string& id) const {
    const auto& facts = facts_.at(id);
    return std::all_of(facts.begin(), facts.end(), [&](const deliberation::Fact& fact) {
      return book_.honest(fact.author) && !lost(fact);
    });
  }

 private:
  // Of a machine that is gone, and not held by the one above it: nobody can pass it on upward.
  bool lost(const deliberation::Fact& fact) const {
    const auto& author = book_.witness().nodes[book_.writer_of(fact.author)];
    if (!author.gone) return false;
    const auto above = book_.machine_of(book_.directory().parent_node(author.unit));
    return above == SIZE_MAX || shelves_[above].at({fact.author, fact.sequence}) == nullptr;
  }

  const Book& book_;
  std::vector<Shelf> shelves_;
  std::map<std::string, Modelled> issues_;
  Facts facts_;
};

}  // namespace

Failures check_same(const Book& book) {
  Failures failures;
  const Union all(book);
  for (const auto& [id, modelled] : all.issues()) {
    if (modelled.issue.n == 0 || !all.clean(id)) continue;
    for (std::size_t i = 0; i < book.witness().nodes.size(); ++i) {
      const auto& node = book.witness().nodes[i];
      const auto& concerned = modelled.issue.concerned;
      const bool concerns = std::any_of(concerned.begin(), concerned.end(), [&](const auto& unit) {
        return book.directory().inside(unit, node.unit);
      });
      if (!book.firm(i) || !concerns) continue;
      const auto held = store::Issues(*node.database).issue(id);
      const auto wrong = held ? difference(*held, modelled.issue) : "it is not there";
      if (wrong.empty()) continue;
      failures.push_back("[same] " + book.name(i) + ": " + id +
                         " is not what the union of all records comes to: " + wrong);
    }
  }
  return failures;
}

Failures check_climbs(const Book& book) {
  Failures failures;
  const Union all(book);
  const auto& directory = book.directory();
  for (const auto& [id, modelled] : all.issues()) {
    const auto& issue = modelled.issue;
    if (!all.clean(id)) continue;
    const auto& facts = all.facts(id);
    std::set<std::uint64_t> climbed;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const bool automatic = facts[i].kind == "issue.escalated" && facts[i].body.automatic;
      if (!automatic) continue;
      if (modelled.fates[i] == Fate::kCounts && !climbed.insert(facts[i].body.n).second) {
        failures.push_back("[climbs] " + id + " climbed twice with one number");
      }
    }
    if (issue.n == 0) continue;
    const auto policy = policy_at(directory, issue.policy_version);
    const auto keeper = book.machine_of(directory.keeper_of(issue.holder));
    if (!policy || !book.firm(keeper) || directory.suspended(issue.holder)) continue;
    const auto newest = topology::Directory::kNewest;
    if (!may_climb(issue, *policy, directory, newest)) continue;
    const auto reasons = beyond_holder(issue, *policy, directory, newest);
    if (reasons.empty()) continue;
    failures.push_back("[climbs] " + id + " rests with " + issue.holder.text() +
                       ", which may not decide it (" + reasons.front() + "), and has not climbed");
  }
  return failures;
}

}  // namespace yishi::sim
