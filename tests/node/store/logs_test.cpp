// Rows, heads, links and what is kept beside them; reopened after what was written.
#include "node/store/logs.h"

#include "node/store/limits.h"
#include "sync/limits.h"
#include "tests/node/store/fixture.h"

namespace yishi::store {
namespace {

class LogsTest : public ::testing::Test {
 protected:
  LogsTest() : database_(make_store(dir_.data())) {}

  Logs logs() { return Logs(*database_); }
  void reopen() {
    database_.reset();
    database_ = open_or_fail(dir_.data());
  }
  std::uint64_t append(const StoredRow& row) {
    std::uint64_t position = 0;
    in_transaction(*database_, [&] {
      const auto appended = logs().append(row);
      ASSERT_OK(appended);
      position = *appended;
    });
    return position;
  }

  TempDir dir_;
  std::unique_ptr<Database> database_;
};

TEST_F(LogsTest, RowComesBackAsItWasStored) {
  TestLog log(1);
  const StoredRow row = log.row(3, Source::kBelow);
  EXPECT_EQ(append(row), 1U);
  reopen();
  const auto found = logs().row(1);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->position, 1U);
  EXPECT_EQ(found->log, log.id());
  EXPECT_EQ(found->first, 1U);
  EXPECT_EQ(found->last, 3U);
  EXPECT_EQ(found->records, 3U);
  EXPECT_EQ(found->time_ms, row.time_ms);
  EXPECT_EQ(found->source, Source::kBelow);
  EXPECT_EQ(found->run, row.run);
  EXPECT_FALSE(logs().row(2).has_value());
}

TEST_F(LogsTest, PositionsCountOnAfterReopeningAndAfterARollback) {
  TestLog log(1);
  EXPECT_EQ(append(log.row(1)), 1U);
  reopen();
  EXPECT_EQ(append(log.row(1)), 2U);
  const StoredRow third = log.row(1);
  ASSERT_OK(database_->begin());
  ASSERT_OK(logs().append(third));
  EXPECT_EQ(logs().last_position(), 3U);
  database_->rollback();
  EXPECT_EQ(logs().last_position(), 2U);
  EXPECT_EQ(append(third), 3U);
}

TEST_F(LogsTest, NewLogOfARolledBackTransactionIsNotRemembered) {
  TestLog first(1);
  TestLog second(2);
  const StoredRow lost = first.row(1);
  ASSERT_OK(database_->begin());
  ASSERT_OK(logs().append(lost));
  database_->rollback();
  append(second.row(1));  // takes the number that the first log had
  append(lost);
  EXPECT_EQ(logs().row(1)->log, second.id());
  EXPECT_EQ(logs().row(2)->log, first.id());
  EXPECT_TRUE(logs().holds(first.id(), 1));
}

TEST_F(LogsTest, RowsAfterStopAtTheBytesButGiveOneAtLeast) {
  TestLog log(1);
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 4; ++i) {
    const StoredRow row = log.row(2);
    sizes.push_back(row.run.size());
    append(row);
  }
  EXPECT_EQ(logs().rows_after(0, 1, false).size(), 1U);
  EXPECT_EQ(logs().rows_after(0, sizes[0] + sizes[1], false).size(), 2U);
  EXPECT_EQ(logs().rows_after(1, SIZE_MAX, false).size(), 3U);
  EXPECT_EQ(logs().rows_after(1, SIZE_MAX, false).front().position, 2U);
  EXPECT_TRUE(logs().rows_after(4, SIZE_MAX, false).empty());
}

TEST_F(LogsTest, UpwardRowsAreTheOwnAndThoseFromBelow) {
  TestLog own(1);
  TestLog below(2);
  TestLog above(3);
  append(own.row(1));
  append(above.row(1, Source::kAbove));
  append(below.row(1, Source::kBelow));
  append(above.row(1, Source::kAbove));
  const auto rows = logs().rows_after(0, SIZE_MAX, true);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].position, 1U);
  EXPECT_EQ(rows[1].position, 3U);
  EXPECT_EQ(logs().rows_after(0, SIZE_MAX, false).size(), 4U);
}

TEST_F(LogsTest, RowsOfALogBeginWithTheOneThatHoldsTheSequence) {
  TestLog log(1);
  TestLog other(2);
  append(log.row(4));  // 1..4
  append(other.row(9));
  append(log.row(4));  // 5..8
  append(log.row(1));  // 9
  const auto rows = logs().rows_of_log(log.id(), 6, SIZE_MAX);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].first, 5U);
  EXPECT_EQ(rows[1].first, 9U);
  EXPECT_EQ(logs().rows_of_log(log.id(), 1, 1).size(), 1U);
  EXPECT_TRUE(logs().rows_of_log(log.id(), 10, SIZE_MAX).empty());
}

TEST_F(LogsTest, HoldsKnowsHolesAndRowsThatOverlap) {
  TestLog log(1);
  const StoredRow early = log.row(3);  // 1..3
  const StoredRow middle = log.row(4);
  const StoredRow late = log.row(2);  // 8..9
  append(late);
  append(early);
  EXPECT_TRUE(logs().holds(log.id(), 1));
  EXPECT_TRUE(logs().holds(log.id(), 3));
  EXPECT_FALSE(logs().holds(log.id(), 4));
  EXPECT_FALSE(logs().holds(log.id(), 7));
  EXPECT_TRUE(logs().holds(log.id(), 9));
  EXPECT_FALSE(logs().holds(log.id(), 10));
  EXPECT_FALSE(logs().holds(TestLog(5).id(), 1));
  append(middle);
  StoredRow part = middle;  // the same run, for one entry of it
  part.first = part.last = 5;
  append(part);
  for (std::uint64_t sequence = 4; sequence <= 7; ++sequence) {
    EXPECT_TRUE(logs().holds(log.id(), sequence)) << sequence;
  }
}

TEST_F(LogsTest, EntryDigestIsTheOneTheNextEntryNames) {
  TestLog log(1);
  append(log.row(2));
  const sync::Head head = log.head();
  append(log.row(5));
  reopen();
  EXPECT_EQ(logs().entry_digest(log.id(), 2), head.digest);
  EXPECT_EQ(logs().entry_digest(log.id(), 7), log.head().digest);
  EXPECT_EQ(logs().entry_digest(log.id(), 8), std::nullopt);
  EXPECT_EQ(logs().entry_digest(TestLog(2).id(), 1), std::nullopt);
}

TEST_F(LogsTest, EntryIsFoundThoughAnEarlierRowSpansItWithAHole) {
  TestLog log(1);
  std::vector<sync::SealedEntry> sealed;
  for (int i = 0; i < 3; ++i) sealed.push_back(log.entry({log.note("entry")}, 1'790'000'000'000));
  append(log.row_of({sealed[0], sealed[2]}, Source::kAbove));
  EXPECT_EQ(logs().entry_digest(log.id(), 2), std::nullopt);
  append(log.row_of({sealed[1]}, Source::kAbove));
  const auto found = logs().signed_header(log.id(), 2);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->header, sealed[1].header);
  EXPECT_EQ(found->signature, copy(sealed[1].signature.view()));
  EXPECT_TRUE(logs().entry_digest(log.id(), 2).has_value());
}

TEST_F(LogsTest, RunOfFullLengthIsFoundByItsFirstSequence) {
  TestLog log(1);
  append(log.row(sync::kMaxRunEntries));
  append(log.row(sync::kMaxRunEntries));
  EXPECT_TRUE(logs().holds(log.id(), 1));
  EXPECT_TRUE(logs().holds(log.id(), sync::kMaxRunEntries + 1));
  EXPECT_TRUE(logs().entry_digest(log.id(), 1).has_value());
}

TEST_F(LogsTest, LogStateKeepsHeadRecordsAndQuarantine) {
  TestLog log(1);
  EXPECT_EQ(logs().log(log.id()).head.sequence, 0U);
  in_transaction(*database_, [&] {
    ASSERT_OK(logs().append(log.row(3)));
    ASSERT_OK(logs().set_head(log.id(), log.head(), 42));
    ASSERT_OK(logs().quarantine(log.id(), "entry.signature", 4));
  });
  reopen();
  LogState state = logs().log(log.id());
  EXPECT_EQ(state.head.sequence, 3U);
  EXPECT_EQ(state.head.digest, log.head().digest);
  EXPECT_EQ(state.head.time_ms, log.head().time_ms);
  EXPECT_EQ(state.topology, 42U);
  EXPECT_EQ(state.records, 3U);
  EXPECT_EQ(state.quarantine, "entry.signature");
  EXPECT_EQ(state.quarantine_at, 4U);
  in_transaction(*database_, [&] { ASSERT_OK(logs().release(log.id())); });
  state = logs().log(log.id());
  EXPECT_EQ(state.quarantine, "");
  EXPECT_EQ(state.quarantine_at, 0U);
  EXPECT_EQ(state.head.sequence, 3U);
}

TEST_F(LogsTest, LogInQuarantineBeforeItsFirstEntryIsListed) {
  TestLog log(1);
  TestLog other(2);
  append(other.row(1));
  in_transaction(*database_, [&] { ASSERT_OK(logs().quarantine(log.id(), "entry.forked", 1)); });
  const auto all = logs().all_logs();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].first, other.id());
  EXPECT_EQ(all[1].first, log.id());
  EXPECT_EQ(all[1].second.quarantine, "entry.forked");
}

TEST_F(LogsTest, FirstForkProofOfASequenceIsKept) {
  TestLog log(1);
  const ForkProof first{log.id(), 5, {1}, {2}, {3}, {4}};
  ForkProof second = first;
  second.header_b = {9};
  ForkProof elsewhere = first;
  elsewhere.sequence = 6;
  in_transaction(*database_, [&] {
    ASSERT_OK(logs().add_fork(first));
    ASSERT_OK(logs().add_fork(second));
    ASSERT_OK(logs().add_fork(elsewhere));
  });
  reopen();
  const auto proofs = logs().forks();
  ASSERT_EQ(proofs.size(), 2U);
  EXPECT_EQ(proofs[0].sequence, 5U);
  EXPECT_EQ(proofs[0].header_a, Bytes{1});
  EXPECT_EQ(proofs[0].signature_a, Bytes{2});
  EXPECT_EQ(proofs[0].header_b, Bytes{3});
  EXPECT_EQ(proofs[0].signature_b, Bytes{4});
  EXPECT_EQ(proofs[1].sequence, 6U);
}

TEST_F(LogsTest, PrivateRecordIsKeptAndErased) {
  crypto::Digest digest;
  digest.bytes.fill(3);
  const Bytes bytes = {0, 1, 2, 255};
  EXPECT_EQ(logs().private_record(digest), std::nullopt);
  in_transaction(*database_, [&] { ASSERT_OK(logs().keep_private(digest, bytes)); });
  reopen();
  EXPECT_EQ(logs().private_record(digest), bytes);
  in_transaction(*database_, [&] { ASSERT_OK(logs().erase_private(digest)); });
  EXPECT_EQ(logs().private_record(digest), std::nullopt);
}

TEST_F(LogsTest, CursorAndRowsAreKeptTogetherOrNotAtAll) {
  TestLog log(1);
  LinkState link;
  link.inbound.incarnation.fill(4);
  link.inbound.position = 17;
  link.lacking = {{log.id(), 1}, {{}, 12}};
  link.receipted = {5, {{log.id(), sync::kMaxNumber}}};
  link.receipted_ms = 99;
  link.receipt = {1, 2, 3};
  const StoredRow row = log.row(2, Source::kBelow);

  ASSERT_OK(database_->begin());
  ASSERT_OK(logs().append(row));
  ASSERT_OK(logs().save_link(code("320803001001"), link));
  database_->rollback();
  EXPECT_EQ(logs().link(code("320803001001")).inbound, sync::Cursor{});
  EXPECT_EQ(logs().last_position(), 0U);

  in_transaction(*database_, [&] {
    ASSERT_OK(logs().append(row));
    ASSERT_OK(logs().save_link(code("320803001001"), link));
  });
  reopen();
  const LinkState found = logs().link(code("320803001001"));
  EXPECT_EQ(found.inbound, link.inbound);
  EXPECT_EQ(found.lacking, link.lacking);
  EXPECT_EQ(found.receipted.position, 5U);
  EXPECT_EQ(found.receipted.lacks, link.receipted.lacks);
  EXPECT_EQ(found.receipted_ms, 99U);
  EXPECT_EQ(found.receipt, link.receipt);
  EXPECT_EQ(logs().last_position(), 1U);
}

TEST_F(LogsTest, NeighbourNeverMetHasZeros) {
  const LinkState link = logs().link(code("320803001001"));
  EXPECT_EQ(link.inbound, sync::Cursor{});
  EXPECT_EQ(link.receipted.position, 0U);
  EXPECT_TRUE(link.receipt.empty());
}

TEST_F(LogsTest, WaitingCountsWhatTheParentPassedOver) {
  TestLog own(1);
  TestLog below(2);
  append(own.row(2, Source::kOwn, 5'000));
  append(below.row(3, Source::kBelow, 2'000));
  append(below.row(4, Source::kBelow, 3'000));
  EXPECT_EQ(logs().waiting({3, {}}).records, 0U);
  const auto lacking = logs().waiting({3, {{below.id(), 3}}});
  EXPECT_EQ(lacking.records, 4U);
  EXPECT_EQ(lacking.oldest_ms, 3'000U);
  EXPECT_EQ(logs().waiting({3, {{below.id(), 0}}}).records, 7U);
  EXPECT_EQ(logs().waiting({3, {{below.id(), 7}}}).records, 0U);
  EXPECT_EQ(logs().waiting({3, {{{}, 1}}}).records, 2U) << "the row that could not be read";
  EXPECT_EQ(logs().waiting({2, {{below.id(), 3}}}).records, 4U) << "beyond: counted once";
}

TEST_F(LogsTest, WaitingCountsWhatTheParentHasNotReceipted) {
  TestLog own(1);
  TestLog below(2);
  TestLog above(3);
  EXPECT_EQ(logs().waiting({0, {}}).records, 0U);
  EXPECT_EQ(logs().waiting({0, {}}).oldest_ms, 0U);
  append(own.row(2, Source::kOwn, 5'000));
  append(above.row(7, Source::kAbove, 1'000));
  append(below.row(3, Source::kBelow, 2'000));  // older, and came later
  EXPECT_EQ(logs().waiting({0, {}}).records, 5U);
  EXPECT_EQ(logs().waiting({0, {}}).oldest_ms, 2'000U);
  EXPECT_EQ(logs().waiting({1, {}}).records, 3U);
  EXPECT_EQ(logs().waiting({3, {}}).records, 0U);
  EXPECT_EQ(logs().waiting({3, {}}).oldest_ms, 0U);
}

TEST_F(LogsTest, SameWantAgainChangesNothing) {
  TestLog log(1);
  const WantRow log_want{{log.id(), 5, ""}, "320803001001", 9};
  const WantRow issue_want{{crypto::Digest{}, 0, "320803001001-2026-0007"}, "320803000000", 0};
  in_transaction(*database_, [&] {
    ASSERT_OK(logs().add_want(log_want));
    ASSERT_OK(logs().add_want(log_want));
    ASSERT_OK(logs().add_want(issue_want));
  });
  reopen();
  ASSERT_EQ(logs().wants().size(), 2U);
  EXPECT_EQ(logs().wants()[0].want.issue, issue_want.want.issue);
  EXPECT_EQ(logs().wants()[0].neighbour, "320803000000");
  EXPECT_EQ(logs().wants()[1].want.log, log.id());
  EXPECT_EQ(logs().wants()[1].upto, 9U);
  in_transaction(*database_, [&] { ASSERT_OK(logs().remove_want(log_want.want)); });
  ASSERT_EQ(logs().wants().size(), 1U);
  EXPECT_TRUE(logs().wants()[0].want.log.is_zero());
}

TEST_F(LogsTest, OlderContactChangesNothing) {
  const sync::FrontierRow row{"320803001001", 1'000, 7, 2, "yishi 1"};
  sync::FrontierRow older = row;
  older.contact_ms = 999;
  older.head = 3;
  sync::FrontierRow newer = row;
  newer.contact_ms = 2'000;
  newer.head = 9;
  in_transaction(*database_, [&] {
    ASSERT_OK(logs().note_contact(row));
    ASSERT_OK(logs().note_contact(older));
  });
  ASSERT_EQ(logs().contacts().size(), 1U);
  EXPECT_EQ(logs().contacts()[0].head, 7U);
  in_transaction(*database_, [&] { ASSERT_OK(logs().note_contact(newer)); });
  reopen();
  EXPECT_EQ(logs().contacts()[0].head, 9U);
  EXPECT_EQ(logs().contacts()[0].contact_ms, 2'000U);
  EXPECT_EQ(logs().contacts()[0].software, "yishi 1");
}

TEST_F(LogsTest, OnlyTheNewestRefusalsAreKept) {
  ASSERT_OK(database_->begin());
  for (std::size_t i = 1; i <= kMaxRefusals + 25; ++i) {
    ASSERT_OK(logs().note_refusal({i, "320803001001", "entry.signature", "", "", ""}));
  }
  ASSERT_OK(database_->commit());
  reopen();
  const auto refusals = logs().refusals(SIZE_MAX);
  ASSERT_EQ(refusals.size(), kMaxRefusals);
  EXPECT_EQ(refusals.front().time_ms, kMaxRefusals + 25);
  EXPECT_EQ(refusals.back().time_ms, 26U);
  EXPECT_EQ(logs().refusals(3).size(), 3U);
}

TEST_F(LogsTest, RefusalsTakeNoMoreRoomThanTheirLimitAndStayText) {
  std::string flood;
  while (flood.size() < 10'000) flood += "议事";
  in_transaction(*database_, [&] {
    ASSERT_OK(logs().note_refusal({1, flood, "rule", flood, flood, flood}));
  });
  const auto refusal = logs().refusals(1).at(0);
  EXPECT_EQ(refusal.rule, "rule");
  for (const auto& text : {refusal.peer, refusal.field, refusal.zh, refusal.en}) {
    EXPECT_LE(text.size(), kMaxRefusalBytes);
    EXPECT_GT(text.size(), kMaxRefusalBytes - 4);
    EXPECT_TRUE(is_utf8(text));
  }
}

TEST_F(LogsTest, ValuesAreReplacedByName) {
  EXPECT_EQ(logs().value("name"), std::nullopt);
  in_transaction(*database_, [&] {
    ASSERT_OK(logs().set_value("name", "one"));
    ASSERT_OK(logs().set_value("name", ""));
    ASSERT_OK(logs().set_value("other", "two"));
  });
  reopen();
  EXPECT_EQ(logs().value("name"), "");
  EXPECT_EQ(logs().value("other"), "two");
}

TEST_F(LogsTest, WritingOutsideATransactionIsABug) {
  EXPECT_DEATH((void)logs().set_value("name", "value"), "assertion failed");
}

}  // namespace
}  // namespace yishi::store
