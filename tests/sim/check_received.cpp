#include "tests/sim/check_received.h"

#include <algorithm>
#include <optional>

namespace yishi::sim {
namespace {

class Receipts {
 public:
  explicit Receipts(const Book& book)
      : book_(book),
        shelves_(book.witness().nodes.size(), Shelf(book)),
        said_(book.witness().nodes.size()),
        dead_(book.witness().nodes.size()) {}

  Failures run() {
    for (const auto& event : book_.witness().events) {
      if (const auto* stored = std::get_if<Stored>(&event.what)) {
        shelves_[event.node].add(stored->row);
      } else if (const auto* opened = std::get_if<Opened>(&event.what)) {
        const bool lost = !shelves_[event.node].open(opened->rows).empty();
        dead_[event.node] = false;
        if (lost) said_[event.node] = {};  // its disk was put back: its positions have other rows
        judge_children(event, lost);
      } else if (std::holds_alternative<Died>(event.what)) {
        dead_[event.node] = true;
      } else if (const auto* told = std::get_if<Told>(&event.what)) {
        hear(event, *told);
      }
    }
    return std::move(failures_);
  }

 private:
  struct Said {
    std::optional<std::size_t> parent;
    sync::Receipted receipted;
    std::uint64_t judged = 0;  // rows up to here were compared with this parent's disk
  };

  void hear(const Event& event, const Told& told) {
    const auto& speaker = book_.witness().nodes[event.node];
    if (speaker.hostile && !speaker.restored) return;
    recount(event, told);
    Said& said = said_[event.node];
    const auto parent = machine_of(told.parent_key);
    if (parent != said.parent) said = {parent, {}, 0};
    // What was passed over may have come after all: then it is claimed only now.
    if (said.receipted.lacks != told.receipted.lacks) said.judged = 0;
    said.receipted = told.receipted;
    judge(event.at, event.node);
  }

  // The machine that the speaker takes for its parent. Who does not know yet that another has
  // taken its place speaks of the one that it knew, and of what that one said.
  std::optional<std::size_t> machine_of(const crypto::Digest& key) const {
    const auto machine = book_.writer_of(key);
    return machine == SIZE_MAX ? std::nullopt : std::optional(machine);
  }

  void judge(Millis at, std::size_t node) {
    Said& said = said_[node];
    if (!said.parent || book_.witness().nodes[*said.parent].hostile) return;
    // It may have died in the turn that stored what it had just acknowledged. What is on its disk
    // shows when it is opened: then this is judged.
    if (dead_[*said.parent]) return;
    const auto& rows = shelves_[node].rows();
    for (auto row = rows.upper_bound(said.judged);
         row != rows.end() && row->first <= said.receipted.position; ++row) {
      if (row->second.row->source != store::Source::kAbove) judge_row(at, node, row->second);
      said.judged = row->first;
    }
  }

  void judge_row(Millis at, std::size_t node, const HeldRow& held) {
    for (const auto* entry : held.entries) {
      const Place place{entry->header.log, entry->header.sequence};
      const auto parent = *said_[node].parent;
      const auto& receipted = said_[node].receipted;
      if (!receipted.covers(held.row->position, place.first, place.second)) continue;
      if (shelves_[parent].holds(place, entry->digest)) continue;
      failures_.push_back("[received] " + at_ms(at) + book_.name(node) + " says that its parent, " +
                          book_.name(parent) + ", holds entry " + std::to_string(place.second) +
                          " of log " + short_hex(place.first) + ", which is not on its disk");
      return;  // of this row one is enough
    }
  }

  // What they said of this machine while it was dead; all of it when its disk holds less than
  // before.
  void judge_children(const Event& event, bool anew) {
    for (std::size_t i = 0; i < said_.size(); ++i) {
      if (said_[i].parent != event.node) continue;
      if (anew) said_[i].judged = 0;
      judge(event.at, i);
    }
  }

  void recount(const Event& event, const Told& told) {
    std::uint64_t records = 0;
    std::uint64_t oldest = 0;
    const auto& rows = shelves_[event.node].rows();
    for (auto row = rows.begin(); row != rows.end(); ++row) {
      const auto& stored = *row->second.row;
      if (stored.source == store::Source::kAbove) continue;
      if (told.receipted.covers(row->first, stored.log, stored.last)) continue;
      const auto time = row->second.row->time_ms;
      oldest = records == 0 ? time : std::min(oldest, time);
      for (const auto* entry : row->second.entries) records += entry->records.size();
    }
    if (records == told.waiting.records && oldest == told.waiting.oldest_ms) return;
    failures_.push_back("[received] " + at_ms(event.at) + book_.name(event.node) + " says that " +
                        std::to_string(told.waiting.records) + " records wait for its parent; " +
                        std::to_string(records) + " do");
  }

  const Book& book_;
  std::vector<Shelf> shelves_;
  std::vector<Said> said_;
  std::vector<bool> dead_;
  Failures failures_;
};

}  // namespace

Failures check_received(const Book& book) { return Receipts(book).run(); }

}  // namespace yishi::sim
