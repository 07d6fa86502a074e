#include "tests/sim/check_proof.h"

#include <algorithm>
#include <set>

#include "node/store/issues.h"
#include "topology/change.h"

namespace yishi::sim {
namespace {

bool signature_good(const crypto::PublicKey& key, const HeldEntry& entry) {
  return key.verify("yishi/entry/1", entry.bytes, entry.signature);
}

class Proofs {
 public:
  explicit Proofs(const Book& book) : book_(book), shelves_(shelves_at_end(book)) {}

  Failures run() {
    for (std::size_t i = 0; i < shelves_.size(); ++i) {
      if (book_.reliable(i)) judge_shelf(i);
    }
    if (!shelves_.empty()) judge_changes();
    for (const auto& event : book_.witness().events) {
      const auto* misdeed = std::get_if<Misdeed>(&event.what);
      if (misdeed != nullptr && misdeed->record) misdeeds_[*misdeed->record] = misdeed->what;
    }
    for (std::size_t i = 0; i < shelves_.size(); ++i) {
      if (book_.reliable(i) && !misdeeds_.empty()) judge_misdeeds(i);
    }
    return std::move(failures_);
  }

 private:
  using ByLog = std::map<crypto::Digest, std::vector<const HeldEntry*>>;

  void judge_shelf(std::size_t node) {
    ByLog logs;
    std::map<Place, const HeldEntry*> whole;
    for (const auto* entry : shelves_[node].entries()) {
      logs[entry->header.log].push_back(entry);
      const Place place{entry->header.log, entry->header.sequence};
      if (shelves_[node].holds(place, entry->digest)) whole.emplace(place, entry);
      if (judged_.insert(entry).second) judge_records(node, *entry);
    }
    for (auto& [log, entries] : logs) judge_signatures(node, log, entries);
    judge_chains(node, whole);
  }

  void judge_records(std::size_t node, const HeldEntry& entry) {
    for (std::size_t i = 0; i < entry.records.size(); ++i) {
      if (!entry.records[i]) continue;
      const auto digest =
          crypto::digest(book_.witness().suite, "yishi/record/1", {*entry.records[i]});
      if (digest != entry.header.records[i]) {
        fail(node, place_of(entry) + " has a record that is not the one that was signed");
      }
      const auto record = sync::decode_record(*entry.records[i]);
      if (record.ok() && record->kind == "issue.reporter") {
        fail(node, place_of(entry) + " carries personal data in a run");
      }
    }
  }

  void judge_signatures(std::size_t node, const crypto::Digest& log,
                        std::vector<const HeldEntry*>& entries) {
    const auto writer = book_.writer_of(log);
    if (writer == SIZE_MAX)
      return fail(node, "holds log " + short_hex(log) + ", which is nobody's");
    std::sort(entries.begin(), entries.end(), [](const HeldEntry* a, const HeldEntry* b) {
      return a->header.sequence > b->header.sequence;
    });
    std::set<crypto::Digest> vouched;  // named as the one before by an entry that is genuine
    for (const auto* entry : entries) {
      const bool own = book_.wrote({log, entry->header.sequence}, entry->digest);
      const bool good = own || (book_.witness().nodes[writer].hostile &&
                                (vouched.contains(entry->digest) ||
                                 signature_good(book_.witness().nodes[writer].key, *entry)));
      if (good) {
        vouched.insert(entry->header.previous);
      } else {
        fail(node, place_of(*entry) + " was never written by " + book_.name(writer));
      }
    }
  }

  void judge_chains(std::size_t node, const std::map<Place, const HeldEntry*>& whole) {
    const HeldEntry* before = nullptr;
    for (const auto& [place, entry] : whole) {
      const bool first = before == nullptr || before->header.log != place.first;
      if (first ? place.second != 1 : place.second != before->header.sequence + 1) {
        fail(node, "has a hole before " + place_of(*entry));
      } else if (!first && entry->header.previous != before->digest) {
        fail(node, place_of(*entry) + " does not follow the entry before it");
      } else if (!first && entry->header.topology < before->header.topology) {
        fail(node, place_of(*entry) + " names an older topology than the entry before it");
      }
      before = entry;
    }
  }

  // Every change in the topology log is signed by the key it names: the root's, an
  // operator's or a ticket's, each of which an earlier change brought.
  void judge_changes() {
    std::map<crypto::Digest, crypto::PublicKey> keys;
    const auto bring = [&](const Bytes& raw) {
      auto key = crypto::PublicKey::load(book_.witness().suite, raw);
      if (key) keys.emplace(key->id(), *key);
    };
    for (const auto* entry : shelves_[0].entries()) {
      if (entry->header.log != book_.witness().topology_log) continue;
      for (const auto& bytes : entry->records) {
        const auto record =
            bytes ? sync::decode_record(*bytes) : Error{"record.absent", {}, {}, {}};
        if (!record) continue;
        const auto change = topology::decode_change(record->body);
        if (!change) continue;
        for (const auto& operation : change->operations) {
          if (const auto* one = std::get_if<topology::NetworkCreated>(&operation)) {
            for (const auto& key : one->root_keys) bring(key);
          } else if (const auto* op = std::get_if<topology::OperatorAdmitted>(&operation)) {
            bring(op->key);
          } else if (const auto* ticket = std::get_if<topology::TicketIssued>(&operation)) {
            bring(ticket->key);
          }
        }
        const auto signer = keys.find(change->signer());
        if (signer == keys.end() || !topology::signed_by(*change, signer->second)) {
          fail(0, "version " + std::to_string(entry->header.sequence) +
                      " of the topology is not signed by the key it names");
        }
      }
    }
  }

  void judge_misdeeds(std::size_t node) {
    Facts facts;
    for (const auto* entry : shelves_[node].entries()) add_facts(facts, *entry);
    const store::Issues issues(*book_.witness().nodes[node].database);
    for (const auto& [id, known] : facts) {
      const bool named = std::any_of(known.begin(), known.end(), [&](const auto& fact) {
        return misdeeds_.contains(fact.digest);
      });
      if (!named) continue;
      for (const auto& stored : issues.facts(id)) {
        const auto misdeed = misdeeds_.find(stored.fact.digest);
        if (misdeed == misdeeds_.end() || stored.effect != deliberation::Effect::kApplied) continue;
        fail(node, "a record that must have no effect (" + misdeed->second + ") has some on " + id);
      }
    }
  }

  static std::string place_of(const HeldEntry& entry) {
    return "entry " + std::to_string(entry.header.sequence) + " of log " +
           short_hex(entry.header.log);
  }
  void fail(std::size_t node, const std::string& what) {
    failures_.push_back("[proof] " + book_.name(node) + ": " + what);
  }

  const Book& book_;
  std::vector<Shelf> shelves_;
  std::set<const HeldEntry*> judged_;
  std::map<crypto::Digest, std::string> misdeeds_;  // by record
  Failures failures_;
};

}  // namespace

Failures check_proof(const Book& book) { return Proofs(book).run(); }

}  // namespace yishi::sim
