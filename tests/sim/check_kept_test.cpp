#include "tests/sim/check_kept.h"

#include "tests/sim/check_fixture.h"

namespace yishi::sim {
namespace {

class KeptTest : public CheckTest {
 protected:
  Failures check() const { return check_kept(Book(witness)); }
};

TEST_F(KeptTest, TrueAccountIsRight) {
  const auto failures = check();
  EXPECT_TRUE(failures.empty()) << all(failures);
}

TEST_F(KeptTest, RowThatIsGoneAfterARestartIsLost) {
  Opened opened;
  for (auto* stored : rows(Story::kAtTown)) opened.rows.push_back(stored->row);
  auto whole = witness;
  whole.note(30, Story::kAtTown, opened);
  EXPECT_TRUE(check_kept(Book(whole)).empty());
  opened.rows.pop_back();
  witness.note(30, Story::kAtTown, opened);
  EXPECT_TRUE(says(check(), "is not on the disk any more"));
}

TEST_F(KeptTest, RowWithOtherContentAfterARestartIsLost) {
  Opened opened;
  for (auto* stored : rows(Story::kAtTown)) opened.rows.push_back(stored->row);
  opened.rows.back().run.back() ^= 1;
  witness.note(30, Story::kAtTown, opened);
  EXPECT_TRUE(says(check(), "is not on the disk any more"));
}

TEST_F(KeptTest, AnsweredCommandWhoseEntryIsMissingIsLost) {
  drop_rows(Story::kAtVillage, [&](const store::StoredRow& row) {
    return row.source == store::Source::kOwn && row.last >= 3;
  });
  EXPECT_TRUE(says(check(), "was acknowledged and is lost"));
}

TEST_F(KeptTest, AnsweredCommandWhoseNumberAnotherTookIsLost) {
  for (auto& event : witness.events) {
    auto* asked = std::get_if<Asked>(&event.what);
    auto* log = asked ? std::get_if<turn::LogIssue>(&asked->command) : nullptr;
    if (log != nullptr) log->body.title = "另一件事";
  }
  EXPECT_TRUE(says(check(), "the logging of"));
}

TEST_F(KeptTest, JournalLineThatDiffersIsLost) {
  for (auto& event : witness.events) {
    auto* asked = std::get_if<Asked>(&event.what);
    auto* noted = asked ? std::get_if<turn::NoteJournal>(&asked->command) : nullptr;
    if (noted != nullptr) noted->lines.back() = "雪";
  }
  EXPECT_TRUE(says(check(), "journal lines"));
}

TEST_F(KeptTest, AnsweredTopologyChangeThatIsInNoEntryIsLost) {
  turn::Done done;
  done.version = 2;
  witness.note(5, Story::kRoot, Asked{99, turn::ChangeTopology{{Bytes{1, 2, 3}}}});
  witness.note(5, Story::kRoot, Answered{99, done});
  EXPECT_TRUE(says(check(), "a topology change"));
}

TEST_F(KeptTest, PositionThatIsLeftOutIsFound) {
  const auto second = rows(Story::kAtTown).at(1)->row.position;
  drop_rows(Story::kAtTown, [&](const store::StoredRow& row) { return row.position == second; });
  EXPECT_TRUE(says(check(), "took position"));
}

}  // namespace
}  // namespace yishi::sim
