// A short true story for the checkers' tests, and what is needed to falsify its account.
//
// Four nodes in a line; a matter that stays, one that climbs to the district, a journal and a
// comment. Every checker finds the true account right; each test changes one thing in it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "sync/run.h"
#include "tests/node/turn/simulated_network.h"
#include "tests/sim/check_book.h"

namespace yishi::sim {

inline bool says(const Failures& failures, std::string_view words) {
  return std::any_of(failures.begin(), failures.end(),
                     [&](const std::string& one) { return one.find(words) != std::string::npos; });
}
inline std::string all(const Failures& failures) {
  std::string text;
  for (const auto& one : failures) text += one + "\n";
  return text;
}

class Story {
 public:
  static constexpr std::size_t kRoot = 0, kAtDistrict = 1, kAtTown = 2, kAtVillage = 3;

  Story() {
    for (const auto& unit : {turn::kDistrict, turn::kTown, turn::kVillage}) network.join(unit);
    turn::LogIssue lamps;
    lamps.body.title = "村口三盏路灯不亮";
    lamps.body.category = "environment";
    lamps.body.budget_fen = 800'000;
    lamps.reporter = {"某某", "13800000000"};
    lamp_issue = ask(kAtVillage, lamps).issue;
    turn::LogIssue dialysis;
    dialysis.body.title = "镇上设透析室";
    dialysis.body.category = "healthcare";
    dialysis.body.budget_fen = 220'000'000;
    dialysis_issue = ask(kAtVillage, dialysis).issue;
    ask(kAtVillage, turn::NoteJournal{{"晴", "雨"}});
    turn::DoAct comment;
    comment.issue = lamp_issue;
    comment.act = deliberation::Act::kComment;
    comment.body.text = "已看过现场";
    ask(kAtVillage, comment);
    EXPECT_TRUE(network.settle([&] {
      return network.received(turn::kVillage) && network.received(turn::kTown) &&
             network.received(turn::kDistrict) &&
             network.same_everywhere(lamp_issue, {turn::kVillage, turn::kCity}) &&
             network.same_everywhere(dialysis_issue, {turn::kVillage, turn::kCity});
    }));
    network.settle();
  }

  // The account of it: questions and answers, then every row, then what everyone says.
  Witness tell() {
    Witness witness;
    witness.suite = network.suite;
    witness.network = network.id;
    witness.topology_log = at(kRoot).keys.topology->public_key().id();
    witness.events = asked_;
    witness.quiet = true;
    for (std::size_t i = 0; i < 4; ++i) {
      auto& node = at(i);
      witness.nodes.push_back(
          {node.unit, node.keys.node.public_key(), false, false, node.database.get(), &node.board});
      for (auto& row : store::Logs(*node.database).rows_after(0, SIZE_MAX, false)) {
        witness.note(10, i, Stored{std::move(row)});
      }
    }
    for (std::size_t i = 0; i < 4; ++i) {
      witness.note(10, i, TopologyHeld{node_directory(i).latest()});
      if (i == kRoot) continue;
      const auto receipted = at(i).board.read()->receipted;
      witness.note(20, i,
                   Told{witness.nodes[i - 1].unit, witness.nodes[i - 1].key.id(), receipted,
                        store::Logs(*at(i).database).waiting(receipted)});
    }
    return witness;
  }

  turn::SimulatedNode& at(std::size_t node) {
    static const std::array kUnits{turn::kCity, turn::kDistrict, turn::kTown, turn::kVillage};
    return network.at(kUnits.at(node));
  }
  const topology::Directory& node_directory(std::size_t node) {
    return *at(node).board.read()->directory;
  }

  // A row for one entry that the machine never wrote, but could: it has the key.
  store::StoredRow forge(std::size_t node, std::uint64_t sequence, const crypto::Digest& previous,
                         std::vector<sync::Record> records, std::uint64_t topology) {
    sync::EntryHeader header;
    header.network = network.id;
    header.sequence = sequence;
    header.previous = previous;
    header.time_ms = 1'795'000'000'000;
    header.topology = topology;
    std::vector<Bytes> encoded;
    for (const auto& record : records) encoded.push_back(sync::encode_record(record));
    const auto sealed = sync::seal_entry(at(node).keys.node, header, std::move(encoded));
    const auto entry = sealed.view();
    store::StoredRow row;
    row.log = at(node).keys.node.public_key().id();
    row.first = row.last = sequence;
    row.records = records.size();
    row.time_ms = header.time_ms;
    row.run = sync::pack_run({&entry, 1}, false);
    return row;
  }

  turn::SimulatedNetwork network;
  std::string lamp_issue, dialysis_issue;

 private:
  turn::Done ask(std::size_t node, turn::Command command) {
    Event question{1, node, Asked{numbers_, command}};
    const auto answer = network.ask(at(node).unit, std::move(command));
    EXPECT_TRUE(answer.ok());
    asked_.push_back(std::move(question));
    asked_.push_back({2, node, Answered{numbers_++, answer}});
    return answer.ok() ? *answer : turn::Done{};
  }

  std::size_t numbers_ = 0;
  std::vector<Event> asked_;
};

// One story for all tests of a program: it costs a second.
class CheckTest : public testing::Test {
 protected:
  static Story& story() {
    static Story told;
    return told;
  }

  CheckTest() : witness(story().tell()) {}

  // The rows of a machine, in the account.
  std::vector<Stored*> rows(std::size_t node) {
    std::vector<Stored*> found;
    for (auto& event : witness.events) {
      auto* stored = std::get_if<Stored>(&event.what);
      if (stored != nullptr && event.node == node) found.push_back(stored);
    }
    return found;
  }
  Stored& last_own_row(std::size_t node) {
    Stored* last = nullptr;
    for (auto* stored : rows(node)) {
      if (stored->row.source == store::Source::kOwn) last = stored;
    }
    return *last;
  }
  void drop_rows(std::size_t node, const std::function<bool(const store::StoredRow&)>& which) {
    std::erase_if(witness.events, [&](const Event& event) {
      const auto* stored = std::get_if<Stored>(&event.what);
      return stored != nullptr && event.node == node && which(stored->row);
    });
  }
  // The last entry of a machine's own log, as its own disk has it.
  HeldEntry last_entry(std::size_t node) {
    const Book book(witness);
    return *book.read(last_own_row(node).row).entries.back();
  }
  // Adds a row that this machine really wrote, at its own and the given machines' disks.
  void write(std::size_t node, store::StoredRow row, const std::vector<std::size_t>& others) {
    row.source = store::Source::kOwn;
    row.position = rows(node).back()->row.position + 1;
    witness.note(15, node, Stored{row});
    row.source = store::Source::kBelow;
    for (const auto other : others) {
      row.position = rows(other).back()->row.position + 1;
      witness.note(15, other, Stored{row});
    }
  }
  store::StoredRow next_entry(std::size_t node, std::vector<sync::Record> records) {
    const auto last = last_entry(node);
    return story().forge(node, last.header.sequence + 1, last.digest, std::move(records),
                         last.header.topology);
  }
  static sync::Record journal_line(std::string_view text) {
    return {"journal.noted", turn::kVillage.text(), copy(view_of(text)), {}};
  }

  Witness witness;
};

}  // namespace yishi::sim
