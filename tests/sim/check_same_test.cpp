#include "tests/sim/check_same.h"

#include "node/store/database_impl.h"
#include "node/store/issues.h"
#include "tests/sim/check_all.h"
#include "tests/sim/check_fixture.h"
#include "tests/sim/check_settled.h"
#include "tests/sim/model.h"

namespace yishi::sim {
namespace {

class SameTest : public CheckTest {
 protected:
  store::Database& database(std::size_t node) { return *story().at(node).database; }

  sync::Record comment() {
    deliberation::ActBody body;
    body.unit = turn::kVillage;
    body.text = "多出来的一句";
    return {"issue.commented", story().lamp_issue, deliberation::encode_body(body), {}};
  }
  bool speaks_of(const store::StoredRow& row, std::string_view kind) const {
    const Book book(witness);
    for (const auto* entry : book.read(row).entries) {
      for (const auto& bytes : entry->records) {
        const auto record = bytes ? sync::decode_record(*bytes) : Error{};
        if (record.ok() && record->kind == kind) return true;
      }
    }
    return false;
  }
};

TEST_F(SameTest, TrueAccountIsRight) {
  const auto failures = check_all(witness);
  EXPECT_TRUE(failures.empty()) << all(failures);
}

TEST_F(SameTest, StateThatItsOwnRecordsDoNotGive) {
  auto& town = database(Story::kAtTown);
  store::Issues issues(town);
  const auto issue = issues.issue(story().lamp_issue);
  ASSERT_TRUE(issue.has_value());
  deliberation::Fact fact;
  fact.digest.bytes[0] = 7;
  fact.author = witness.nodes[Story::kAtVillage].key.id();
  fact.sequence = 99;
  fact.time_ms = issue->changed_ms;
  fact.topology = story().node_directory(Story::kAtTown).latest();
  fact.kind = "issue.commented";
  fact.issue = issue->id;
  fact.body.unit = turn::kVillage;
  fact.body.text = "没有记录的话";
  const deliberation::World world(story().node_directory(Story::kAtTown));
  ASSERT_TRUE(town.begin().ok());
  ASSERT_TRUE(issues.apply(fact, {1, 99, 0}, world, turn::kTown).ok());
  const auto failures = check_fold(Book(witness));
  town.rollback();
  EXPECT_TRUE(says(failures, "is not what its own records come to: comments")) << all(failures);
}

TEST_F(SameTest, AggregatesThatARecountDoesNotGive) {
  auto& town = database(Story::kAtTown);
  ASSERT_TRUE(town.begin().ok());
  store::Query(store::connection_of(town),
               "UPDATE figure_cell SET amount = amount + 1 WHERE month = 0 AND figure = "
               "(SELECT number FROM figure WHERE name = 'issues')")
      .run();
  EXPECT_TRUE(says(check_fold(Book(witness)), "aggregates are not what a recount"));
  town.rollback();
  ASSERT_TRUE(town.begin().ok());
  store::Query(store::connection_of(town),
               "DELETE FROM figure_cell WHERE figure = "
               "(SELECT number FROM figure WHERE name LIKE 'climb:%')")
      .run();
  EXPECT_TRUE(says(check_fold(Book(witness)), "climb:"));
  town.rollback();
}

TEST_F(SameTest, RecordThatNotEveryoneHas) {
  write(Story::kAtVillage, next_entry(Story::kAtVillage, {comment()}), {});
  EXPECT_TRUE(says(check_same(Book(witness)), "not what the union of all records comes to"));
}

TEST_F(SameTest, IssueThatSomebodyDoesNotHave) {
  deliberation::ActBody body;
  body.unit = body.home = turn::kVillage;
  body.n = 1;
  body.title = "谁也不知道的事";
  body.category = "environment";
  const auto id = turn::kVillage.text() + "-2026-0777";
  write(Story::kAtVillage,
        next_entry(Story::kAtVillage, {{"issue.logged", id, deliberation::encode_body(body), {}}}),
        {});
  EXPECT_TRUE(says(check_same(Book(witness)), id + " is not what the union of all records comes "
                                                   "to: it is not there"));
}

TEST_F(SameTest, IssueThatRestsWhereItMayNot) {
  EXPECT_TRUE(check_climbs(Book(witness)).empty());
  for (std::size_t i = 0; i < 4; ++i) {
    drop_rows(i, [&](const store::StoredRow& row) { return speaks_of(row, "issue.escalated"); });
  }
  EXPECT_TRUE(says(check_climbs(Book(witness)), "has not climbed"));
}

class SettledTest : public SameTest {
 protected:
  Failures check() const { return check_settled(Book(witness)); }
};

TEST_F(SettledTest, HistoryThatNeverCameToRest) {
  witness.quiet = false;
  EXPECT_TRUE(says(check(), "never came to rest"));
}

TEST_F(SettledTest, CommandThatNobodyAnswered) {
  witness.note(5, Story::kAtTown, Asked{99, turn::NoteJournal{{"等"}}});
  EXPECT_TRUE(says(check(), "never answered command 99"));
}

TEST_F(SettledTest, TopologyThatIsOld) {
  turn::Board behind;
  auto snapshot = std::make_shared<turn::Snapshot>(*witness.nodes[Story::kAtTown].board->read());
  snapshot->directory = std::make_shared<topology::Directory>();
  behind.publish(snapshot);
  witness.nodes[Story::kAtTown].board = &behind;
  EXPECT_TRUE(says(check(), "of the topology; the root has"));
}

TEST_F(SettledTest, LogThatEndsEarlyAbove) {
  const auto log = witness.nodes[Story::kAtVillage].key.id();
  std::uint64_t last = 0;
  for (auto* stored : rows(Story::kRoot)) {
    if (stored->row.log == log) last = stored->row.position;
  }
  drop_rows(Story::kRoot, [&](const store::StoredRow& row) { return row.position == last; });
  EXPECT_TRUE(says(check(), "has the log of node 3"));
}

TEST_F(SettledTest, RowThatNobodyAcknowledges) {
  write(Story::kAtVillage, next_entry(Story::kAtVillage, {journal_line("没人收")}), {});
  EXPECT_TRUE(says(check(), "still waits for its parent's receipt"));
}

TEST_F(SettledTest, WantThatANeighbourCouldMeet) {
  const auto log = witness.nodes[Story::kAtVillage].key.id();
  const auto last = last_entry(Story::kAtVillage).header.sequence;
  auto& town = database(Story::kAtTown);
  ASSERT_TRUE(town.begin().ok());
  ASSERT_TRUE(store::Logs(town).add_want({{log, last, {}}, turn::kVillage.text(), last}).ok());
  EXPECT_TRUE(check().empty()) << "it is met already: " << all(check());
  drop_rows(Story::kAtTown,
            [&](const store::StoredRow& row) { return row.log == log && row.last == last; });
  EXPECT_TRUE(says(check(), "wants log"));
  town.rollback();
}

TEST_F(SettledTest, FactThatWaitsForWhatIsThere) {
  auto& town = database(Story::kAtTown);
  ASSERT_TRUE(town.begin().ok());
  store::Query(store::connection_of(town), "UPDATE fact SET effect = ?")
      .number(static_cast<std::uint64_t>(deliberation::Effect::kWaits))
      .run();
  EXPECT_TRUE(says(check(), "have something to wait for"));
  town.rollback();
}

// The model and the nodes' own fold, on the same records in any order.
TEST_F(SameTest, ModelAgreesWithTheFoldInEveryOrder) {
  const Book book(witness);
  Facts facts;
  for (const auto* entry : shelves_at_end(book).at(Story::kRoot).entries()) {
    add_facts(facts, *entry);
  }
  ASSERT_EQ(facts.size(), 2U);
  const deliberation::World world(book.directory());
  for (auto& [id, known] : facts) {
    std::sort(known.begin(), known.end(),
              [](const auto& a, const auto& b) { return a.digest < b.digest; });
    do {
      const auto modelled = model_issue(id, known, book.directory());
      EXPECT_EQ(difference(modelled.issue, deliberation::refold(id, known, world).issue), "");
    } while (std::next_permutation(known.begin(), known.end(), [](const auto& a, const auto& b) {
      return a.digest < b.digest;
    }));
  }
}

TEST_F(SameTest, DifferenceNamesTheField) {
  deliberation::Issue a;
  auto b = a;
  EXPECT_EQ(difference(a, b), "");
  b.comments = 2;
  EXPECT_EQ(difference(a, b), "comments 0 instead of 2");
}

}  // namespace
}  // namespace yishi::sim
