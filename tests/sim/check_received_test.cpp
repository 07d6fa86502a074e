#include "tests/sim/check_received.h"

#include "tests/sim/check_fixture.h"

namespace yishi::sim {
namespace {

class ReceivedTest : public CheckTest {
 protected:
  Failures check() const { return check_received(Book(witness)); }
  bool is_of_village(const store::StoredRow& row) const {
    return row.log == witness.nodes[Story::kAtVillage].key.id();
  }
};

TEST_F(ReceivedTest, TrueAccountIsRight) {
  const auto failures = check();
  EXPECT_TRUE(failures.empty()) << all(failures);
}

TEST_F(ReceivedTest, SaidBeforeTheParentHasItOnDisk) {
  // The same rows, but the township stores them after the village has spoken.
  std::stable_partition(witness.events.begin(), witness.events.end(), [&](const Event& event) {
    const auto* stored = std::get_if<Stored>(&event.what);
    return stored == nullptr || event.node != Story::kAtTown || !is_of_village(stored->row);
  });
  EXPECT_TRUE(says(check(), "which is not on its disk"));
}

TEST_F(ReceivedTest, SaidAndThenLostByTheParent) {
  Opened opened;
  for (auto* stored : rows(Story::kAtTown)) {
    if (!is_of_village(stored->row)) opened.rows.push_back(stored->row);
  }
  witness.note(30, Story::kAtTown, opened);
  EXPECT_TRUE(says(check(), "which is not on its disk"));
}

TEST_F(ReceivedTest, OfAHostileNodesEntriesNothingIsOwed) {
  drop_rows(Story::kAtTown, [&](const store::StoredRow& row) { return is_of_village(row); });
  EXPECT_FALSE(check().empty());
  witness.nodes[Story::kAtVillage].hostile = true;
  EXPECT_TRUE(check().empty()) << all(check());
}

TEST_F(ReceivedTest, WrongNumberOfWaitingRecords) {
  for (auto& event : witness.events) {
    if (auto* told = std::get_if<Told>(&event.what)) told->waiting.records += 1;
  }
  EXPECT_TRUE(says(check(), "records wait for its parent"));
}

}  // namespace
}  // namespace yishi::sim
