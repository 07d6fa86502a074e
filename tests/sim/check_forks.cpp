// Forks and standing: the halves of check_proof.h that look at who met what, and when.
#include <algorithm>
#include <functional>
#include <optional>

#include "tests/sim/check_proof.h"

namespace yishi::sim {
namespace {

class Forks {
 public:
  explicit Forks(const Book& book) : book_(book), shelves_(shelves_at_end(book)) {}

  Failures run() {
    for (std::size_t i = 0; i < shelves_.size(); ++i) {
      if (book_.reliable(i)) judge_proofs(i);
    }
    find_sides();
    for (const auto& [place, sides] : sides_) {
      for (std::size_t a = 0; a < sides.size(); ++a) {
        for (std::size_t b = a + 1; b < sides.size(); ++b) meet(place, sides[a], sides[b]);
      }
    }
    return std::move(failures_);
  }

 private:
  using Side = std::pair<std::size_t, crypto::Digest>;  // machine, entry digest

  // What a machine keeps as proof accuses nobody falsely, and what is accused goes on no more.
  void judge_proofs(std::size_t node) {
    const store::Logs logs(*book_.witness().nodes[node].database);
    for (const auto& proof : logs.forks()) {
      proven_.insert({node, proof.log});
      if (book_.honest(proof.log)) fail(node, "accuses " + writer(proof.log) + " of a fork");
      if (const auto wrong = flaw(proof); !wrong.empty()) {
        fail(node, "keeps a proof against " + writer(proof.log) + " that is none: " + wrong);
      }
      if (logs.log(proof.log).quarantine.empty()) {
        fail(node, "has proof against " + writer(proof.log) + ", whose log is in no quarantine");
      }
    }
    for (const auto& [log, state] : logs.all_logs()) {
      if (state.quarantine.empty()) continue;
      if (book_.honest(log)) fail(node, "holds the log of " + writer(log) + " in quarantine");
      if (!proven_.contains({node, log})) {
        fail(node, "holds the log of " + writer(log) + " in quarantine without a proof");
      }
    }
  }

  // What is wrong with a proof; empty: it is one.
  std::string flaw(const store::ForkProof& proof) const {
    const auto node = book_.writer_of(proof.log);
    const auto a = sync::decode_header(proof.header_a);
    const auto b = sync::decode_header(proof.header_b);
    if (node == SIZE_MAX || !a || !b || a->log != proof.log || b->log != proof.log) {
      return "not two entries of one log";
    }
    if (proof.signature_a.size() != crypto::kSignatureBytes ||
        proof.signature_b.size() != crypto::kSignatureBytes) {
      return "not two signatures";
    }
    const auto& key = book_.witness().nodes[node].key;
    const auto digest_a =
        crypto::digest(book_.witness().suite, "yishi/link/1", {proof.header_a, proof.signature_a});
    const auto digest_b =
        crypto::digest(book_.witness().suite, "yishi/link/1", {proof.header_b, proof.signature_b});
    const bool two = a->sequence == b->sequence
                         ? digest_a != digest_b
                         : b->sequence == a->sequence + 1 && b->previous != digest_a;
    if (!two) {
      return "entries " + std::to_string(a->sequence) + " and " + std::to_string(b->sequence) +
             " can be of one chain";
    }
    if (!key.verify("yishi/entry/1", proof.header_b, crypto::Signature::from(proof.signature_b))) {
      return "entry " + std::to_string(b->sequence) + " is not signed";
    }
    const bool real =
        book_.wrote({proof.log, a->sequence}, digest_a) ||
        key.verify("yishi/entry/1", proof.header_a, crypto::Signature::from(proof.signature_a));
    return real ? "" : "entry " + std::to_string(a->sequence) + ", which is held, is not signed";
  }

  // Places of hostile logs for which different entries lie on disks, a hostile one's included.
  void find_sides() {
    for (std::size_t i = 0; i < shelves_.size(); ++i) {
      const auto& one = book_.witness().nodes[i];
      const bool speaks = book_.machine_of(one.unit) == i && !one.gone && one.database != nullptr;
      if (!speaks || book_.directory().suspended(one.unit)) continue;
      for (const auto* entry : shelves_[i].entries()) {
        const Place place{entry->header.log, entry->header.sequence};
        if (book_.honest(place.first) || !shelves_[i].holds(place, entry->digest)) continue;
        sides_[place].emplace_back(i, entry->digest);
      }
    }
  }

  // Both sides go up; where the ways meet, and on from there, there is proof.
  void meet(const Place& place, const Side& a, const Side& b) {
    if (a.second == b.second) return;
    const auto common = common_keeper(a.first, b.first);
    if (!common || !book_.firm(*common)) return;
    if (!way_is_firm(a.first, *common) || !way_is_firm(b.first, *common)) return;
    // Who has the proof on the way holds the other side back: it goes no further up.
    if (proof_on_way(a.first, *common, place.first)) return;
    if (proof_on_way(b.first, *common, place.first)) return;
    fail(*common, "has no proof that " + writer(place.first) + " signed two entries " +
                      std::to_string(place.second));
  }

  std::optional<std::size_t> common_keeper(std::size_t a, std::size_t b) const {
    const auto& directory = book_.directory();
    const auto unit =
        directory.common_ancestor({book_.witness().nodes[a].unit, book_.witness().nodes[b].unit});
    if (unit.empty()) return std::nullopt;
    const auto machine = book_.machine_of(directory.keeper_of(unit));
    return machine == SIZE_MAX ? std::nullopt : std::optional(machine);
  }

  bool way_is_firm(std::size_t from, std::size_t to) const {
    auto unit = book_.witness().nodes[from].unit;
    while (unit != book_.witness().nodes[to].unit) {
      unit = book_.directory().parent_node(unit);
      if (unit.empty() || !book_.firm(book_.machine_of(unit))) return false;
    }
    return true;
  }

  bool proof_on_way(std::size_t from, std::size_t to, const crypto::Digest& log) const {
    for (auto machine = from; machine != SIZE_MAX;) {
      if (proven_.contains({machine, log})) return true;
      if (machine == to) return false;
      machine =
          book_.machine_of(book_.directory().parent_node(book_.witness().nodes[machine].unit));
    }
    return false;
  }

  std::string writer(const crypto::Digest& log) const { return book_.name(book_.writer_of(log)); }
  void fail(std::size_t node, const std::string& what) {
    failures_.push_back("[forks] " + book_.name(node) + ": " + what);
  }

  const Book& book_;
  std::vector<Shelf> shelves_;
  std::set<std::pair<std::size_t, crypto::Digest>> proven_;  // machine, log
  std::map<Place, std::vector<Side>> sides_;
  Failures failures_;
};

class Standing {
 public:
  explicit Standing(const Book& book) : book_(book), knows_(book.witness().nodes.size()) {}

  Failures run() {
    for (const auto& event : book_.witness().events) {
      const auto* held = std::get_if<TopologyHeld>(&event.what);
      if (held != nullptr) knows_[event.node].emplace_back(event.at, held->version);
    }
    for (const auto& event : book_.witness().events) {
      const auto* stored = std::get_if<Stored>(&event.what);
      if (stored == nullptr || book_.witness().nodes[event.node].hostile) continue;
      judge_versions(event, stored->row);
      if (stored->row.source == store::Source::kBelow) judge(event, stored->row);
    }
    return std::move(failures_);
  }

 private:
  topology::Version known(std::size_t node, const std::function<bool(Millis)>& when) const {
    topology::Version newest = 0;
    for (const auto& [at, version] : knows_[node]) {
      if (when(at)) newest = std::max(newest, version);
    }
    return newest;
  }

  // An act is judged by the topology that its author knew: it must be here.
  void judge_versions(const Event& event, const store::StoredRow& row) {
    if (row.log == book_.witness().topology_log) return;
    const auto here = known(event.node, [&](Millis at) { return at <= event.at; });
    for (const auto* entry : book_.read(row).entries) {
      if (entry->header.topology <= here) continue;
      fail(event, "took an entry of " + writer(row.log) + " that names version " +
                      std::to_string(entry->header.topology) + " of the topology; it has " +
                      std::to_string(here));
      return;
    }
  }

  // The child of `here` by which a unit reached it; empty: none.
  static topology::Code way(const topology::Directory& directory, topology::Code unit,
                            topology::Version at, const topology::Code& here) {
    while (!unit.empty() && directory.parent_node(unit, at) != here) {
      unit = directory.parent_node(unit, at);
    }
    return unit;
  }

  static std::uint64_t begins(const store::StoredRow& row) {
    const auto run = sync::Run::open(row.run);
    const auto first = run ? sync::decode_header(run->entries().front().header)
                           : Result<sync::EntryHeader>(run.error());
    return first ? first->sequence : row.first;
  }

  void judge(const Event& event, const store::StoredRow& row) {
    const auto& directory = book_.directory();
    const auto* node = directory.node_of_key(row.log);
    // What it knew before the turn in which it took the row.
    const auto before = known(event.node, [&](Millis at) { return at < event.at; });
    if (node == nullptr || before == 0) return;
    // A run that straddles the end is taken whole: what lies beyond it is evidence, no more.
    // The row says what of it was new; the run may have begun before.
    if (node->ended != 0 && node->ended <= before && begins(row) > node->last_sequence) {
      fail(event, "took an entry that " + writer(row.log) + " wrote after the end of its key");
    }
    const auto here = book_.witness().nodes[event.node].unit;
    // It may have come by the way that its author knew, before the unit moved.
    const auto then = book_.read(row).entries.back()->header.topology;
    if (way(directory, node->unit, then, here) != way(directory, node->unit, before, here)) return;
    for (auto child = node->unit; !child.empty();) {
      const auto parent = directory.parent_node(child, before);
      if (parent == here) {
        if (directory.suspended(child, before)) {
          fail(event, "took a row from its child " + child.text() + ", which is suspended");
        }
        return;
      }
      child = parent;
    }
  }

  std::string writer(const crypto::Digest& log) const { return book_.name(book_.writer_of(log)); }
  void fail(const Event& event, const std::string& what) {
    failures_.push_back("[standing] " + at_ms(event.at) + book_.name(event.node) + ": " + what);
  }

  const Book& book_;
  std::vector<std::vector<std::pair<Millis, topology::Version>>> knows_;
  Failures failures_;
};

}  // namespace

Failures check_forks(const Book& book) { return Forks(book).run(); }
Failures check_standing(const Book& book) { return Standing(book).run(); }

}  // namespace yishi::sim
