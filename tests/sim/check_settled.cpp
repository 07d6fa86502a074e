#include "tests/sim/check_settled.h"

#include <algorithm>

#include "node/store/issues.h"
#include "tests/sim/model.h"

namespace yishi::sim {
namespace {

class Rest {
 public:
  explicit Rest(const Book& book) : book_(book), shelves_(shelves_at_end(book)) {}

  Failures run() {
    if (!book_.witness().quiet) failures_.push_back("[settled] the history never came to rest");
    judge_answers();
    for (std::size_t i = 0; i < shelves_.size(); ++i) {
      if (!book_.firm(i)) continue;
      judge_topology(i);
      judge_logs(i);
      judge_waiting(i);
      judge_wants(i);
      judge_facts(i);
    }
    return std::move(failures_);
  }

 private:
  void judge_answers() {
    std::map<std::size_t, std::size_t> open;  // command, node
    for (const auto& event : book_.witness().events) {
      if (const auto* asked = std::get_if<Asked>(&event.what)) {
        open[asked->number] = event.node;
      } else if (const auto* answered = std::get_if<Answered>(&event.what)) {
        open.erase(answered->number);
      } else if (const auto* unanswered = std::get_if<Unanswered>(&event.what)) {
        open.erase(unanswered->number);
      }
    }
    for (const auto& [number, node] : open) {
      fail(node, "never answered command " + std::to_string(number));
    }
  }

  void judge_topology(std::size_t node) {
    const auto version = book_.witness().nodes[node].board->read()->directory->latest();
    if (version == book_.directory().latest()) return;
    fail(node, "knows version " + std::to_string(version) + " of the topology; the root has " +
                   std::to_string(book_.directory().latest()));
  }

  std::uint64_t last_of(std::size_t node, const crypto::Digest& log) const {
    std::uint64_t last = 0;
    for (const auto& [position, held] : shelves_[node].rows()) {
      const bool whole =
          held.row->source != store::Source::kAbove || log == book_.witness().topology_log;
      if (held.row->log == log && whole) {
        last = std::max(last, held.row->last);
      }
    }
    return last;
  }

  // Each log of a firm machine below is here to its end.
  void judge_logs(std::size_t node) {
    for (std::size_t below = 0; below < shelves_.size(); ++below) {
      if (below == node || !book_.firm(below)) continue;
      if (!book_.directory().inside(unit(below), unit(node))) continue;
      const auto log = book_.witness().nodes[below].key.id();
      const auto written = last_of(below, log);
      const auto held = last_of(node, log);
      if (written == held) continue;
      fail(node, "has the log of " + book_.name(below) + " to " + std::to_string(held) +
                     "; it goes to " + std::to_string(written));
    }
  }

  void judge_waiting(std::size_t node) {
    if (book_.directory().parent_node(unit(node)).empty()) return;
    const auto receipted = book_.witness().nodes[node].board->read()->receipted;
    for (const auto& [position, held] : shelves_[node].rows()) {
      if (position <= receipted.position || held.row->source == store::Source::kAbove) continue;
      fail(node, "still waits for its parent's receipt of row " + std::to_string(position));
      return;
    }
  }

  // Wants that another firm machine on the way could meet.
  void judge_wants(std::size_t node) {
    const store::Logs logs(*book_.witness().nodes[node].database);
    for (const auto& want : logs.wants()) {
      if (!want.want.issue.empty()) {
        judge_wanted_issue(node, want.want.issue);
        continue;
      }
      const auto held = last_of(node, want.want.log);
      if (held >= want.upto || !book_.honest(want.want.log)) continue;
      for (std::size_t other = 0; other < shelves_.size(); ++other) {
        const bool near = book_.firm(other) && unit(other).text() == want.neighbour;
        if (!near || last_of(other, want.want.log) <= held) continue;
        fail(node, "wants log " + short_hex(want.want.log) + " from " + std::to_string(held + 1) +
                       " on, which " + book_.name(other) + " has");
      }
    }
  }

  void judge_wanted_issue(std::size_t node, const std::string& id) {
    const auto facts = facts_of(node, id);
    const store::Logs logs(*book_.witness().nodes[node].database);
    for (std::size_t other = 0; other < shelves_.size(); ++other) {
      const bool neighbour =
          book_.firm(other) && book_.directory().parent_node(unit(node)) == unit(other);
      if (!neighbour || !concerned(other, id, node)) continue;
      for (const auto& fact : facts_of(other, id)) {
        // Of a log with two histories nothing more is taken, whoever tells it.
        if (facts.contains(fact) || !logs.log(fact.second).quarantine.empty()) continue;
        fail(node, "wants " + id + ", of which its parent has more");
        return;
      }
    }
  }

  // A node is given what concerns someone in its subtree, and nothing else, whatever it asks for: a
  // unit that moved away takes its matters along.
  bool concerned(std::size_t parent, const std::string& id, std::size_t node) const {
    const auto held = store::Issues(*book_.witness().nodes[parent].database).issue(id);
    return held &&
           std::any_of(held->concerned.begin(), held->concerned.end(),
                       [&](const auto& one) { return book_.directory().inside(one, unit(node)); });
  }

  // Digests and authors.
  std::set<std::pair<crypto::Digest, crypto::Digest>> facts_of(std::size_t node,
                                                               const std::string& id) const {
    std::set<std::pair<crypto::Digest, crypto::Digest>> known;
    const store::Issues issues(*book_.witness().nodes[node].database);
    for (const auto& stored : issues.facts(id)) {
      known.insert({stored.fact.digest, stored.fact.author});
    }
    return known;
  }

  // A fact that waits though what it waits for stands in the store.
  void judge_facts(std::size_t node) {
    Facts facts;
    for (const auto* entry : shelves_[node].entries()) add_facts(facts, *entry);
    const store::Issues issues(*book_.witness().nodes[node].database);
    const auto directory = book_.witness().nodes[node].board->read()->directory;
    for (const auto& [id, known] : facts) {
      const auto stored = issues.facts(id);
      const auto waits = [](const auto& one) { return one.effect == deliberation::Effect::kWaits; };
      const auto waiting = std::count_if(stored.begin(), stored.end(), waits);
      if (waiting == 0) continue;
      std::set<std::pair<crypto::Digest, crypto::Digest>> wait;
      const auto modelled = model_issue(id, known, *directory);
      for (std::size_t i = 0; i < known.size(); ++i) {
        if (modelled.fates[i] == Fate::kWaits) wait.insert({known[i].digest, known[i].author});
      }
      if (wait.size() == static_cast<std::size_t>(waiting)) continue;
      fail(node, std::to_string(waiting) + " facts of " + id + " wait; " +
                     std::to_string(wait.size()) + " have something to wait for");
    }
  }

  const topology::Code& unit(std::size_t node) const { return book_.witness().nodes[node].unit; }
  void fail(std::size_t node, const std::string& what) {
    failures_.push_back("[settled] " + book_.name(node) + ": " + what);
  }

  const Book& book_;
  std::vector<Shelf> shelves_;
  Failures failures_;
};

}  // namespace

Failures check_settled(const Book& book) { return Rest(book).run(); }

}  // namespace yishi::sim
