// The state of each machine against its own records, and the aggregates against a recount.
#include "node/store/issues.h"
#include "tests/recount.h"
#include "tests/sim/check_same.h"
#include "tests/sim/model.h"

namespace yishi::sim {
namespace {

using deliberation::Issue;

class Folding {
 public:
  Folding(const Book& book, std::size_t node, const Shelf& shelf, Failures& failures)
      : book_(book),
        node_(node),
        shelf_(shelf),
        failures_(failures),
        issues_(*book.witness().nodes[node].database) {}

  void run() {
    const auto* board = book_.witness().nodes[node_].board;
    const auto directory = board->read()->directory;
    if (!directory || directory->empty()) return;
    Facts facts;
    for (const auto* entry : shelf_.entries()) add_facts(facts, *entry);
    std::vector<Issue> states;
    for (const auto& [id, known] : facts) {
      const auto modelled = model_issue(id, known, *directory);
      const auto held = issues_.issue(id);
      if (held) states.push_back(*held);
      if (!held && modelled.issue.n == 0) continue;
      const auto wrong = difference(held.value_or(Issue{}), modelled.issue);
      if (!wrong.empty()) fail(id + " is not what its own records come to: " + wrong);
    }
    if (issues_.count() != states.size()) {
      fail("counts " + std::to_string(issues_.count()) + " issues; its records speak of " +
           std::to_string(states.size()));
    }
    recount(states);
  }

 private:
  void recount(const std::vector<Issue>& states) {
    const auto wrong = recount::difference(recount::kept(*book_.witness().nodes[node_].database),
                                           recount::count(states));
    if (!wrong.empty()) {
      fail("its aggregates are not what a recount of its issues gives: " + wrong);
    }
  }

  void fail(const std::string& what) {
    failures_.push_back("[fold] " + book_.name(node_) + ": " + what);
  }

  const Book& book_;
  std::size_t node_;
  const Shelf& shelf_;
  Failures& failures_;
  store::Issues issues_;
};

}  // namespace

Failures check_fold(const Book& book) {
  Failures failures;
  const auto shelves = shelves_at_end(book);
  for (std::size_t i = 0; i < shelves.size(); ++i) {
    if (book.reliable(i)) Folding(book, i, shelves[i], failures).run();
  }
  return failures;
}

}  // namespace yishi::sim
