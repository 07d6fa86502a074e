#include "tests/sim/check_received.h"

#include <algorithm>

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

// It acknowledged and died before its turn was over: nobody has seen what that turn stored.
TEST_F(ReceivedTest, SaidOfAParentThatDiedInThatTurnIsJudgedByWhatIsOnItsDisk) {
  Opened opened;
  for (auto* stored : rows(Story::kAtTown)) opened.rows.push_back(stored->row);
  drop_rows(Story::kAtTown, [&](const store::StoredRow& row) { return is_of_village(row); });
  const auto told = std::find_if(witness.events.begin(), witness.events.end(), [](const auto& one) {
    return std::holds_alternative<Told>(one.what);
  });
  witness.events.insert(told, Event{20, Story::kAtTown, Died{"disk", true, {}}});
  witness.note(30, Story::kAtTown, opened);
  EXPECT_FALSE(says(check(), "which is not on its disk")) << all(check());

  std::erase_if(std::get<Opened>(witness.events.back().what).rows,
                [&](const auto& row) { return is_of_village(row); });
  EXPECT_TRUE(says(check(), "which is not on its disk"));
}

TEST_F(ReceivedTest, EntriesThatTheParentDoesNotHoldMustBeExcepted) {
  const auto log = witness.nodes[Story::kAtVillage].key.id();
  drop_rows(Story::kAtTown, [&](const store::StoredRow& row) { return is_of_village(row); });
  EXPECT_FALSE(check().empty());
  std::uint64_t records = 0;
  for (auto* stored : rows(Story::kAtVillage)) {
    if (is_of_village(stored->row)) records += stored->row.records;
  }
  for (auto& event : witness.events) {
    auto* told = std::get_if<Told>(&event.what);
    if (told == nullptr || event.node != Story::kAtVillage) continue;
    told->receipted.lacks.push_back({log, 0});
    told->waiting.records = records;
    told->waiting.oldest_ms = rows(Story::kAtVillage).front()->row.time_ms;
  }
  EXPECT_FALSE(says(check(), "which is not on its disk")) << all(check());
}

TEST_F(ReceivedTest, WrongNumberOfWaitingRecords) {
  for (auto& event : witness.events) {
    if (auto* told = std::get_if<Told>(&event.what)) told->waiting.records += 1;
  }
  EXPECT_TRUE(says(check(), "records wait for its parent"));
}

}  // namespace
}  // namespace yishi::sim
