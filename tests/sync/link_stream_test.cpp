// Streams, the window, incarnations and rollbacks (rules 3 to 6 of link.h), one by one.
#include "tests/sync/link_fixture.h"

namespace yishi::sync {
namespace {

class LinkStreamTest : public LinkTest {};

// Streams: rules 3 and 4.

TEST_F(LinkStreamTest, ABatchIsAcknowledgedOnlyWhenItIsCommitted) {
  connect();
  child_has(3);
  const auto heard = give_all(parent_, now_, child_sends(1, 3));
  ASSERT_TRUE(heard.at(0).batch);
  EXPECT_TRUE(parent_.take().empty());
  EXPECT_EQ(parent_.inbound().position, 0U);
  LogHead head;
  head.sequence = 42;
  parent_.committed(now_, end_of(*heard[0].batch), {head});
  EXPECT_EQ(parent_.inbound().position, 3U);
  const auto ack = give_all(child_, now_, parent_.take());
  ASSERT_TRUE(ack.at(0).progress);
  EXPECT_EQ(ack[0].progress->heads.at(0).sequence, 42U);
  EXPECT_EQ(child_.acknowledged(), 3U);
  EXPECT_EQ(child_.bytes_in_flight(), 0U);
}

TEST_F(LinkStreamTest, ALostMessageBringsOneResendRequestHoweverManyFollow) {
  connect();
  child_has(40);
  child_sends(1, 10);  // lost
  std::vector<Outgoing> later;
  for (std::uint64_t p = 11; p <= 31; p += 10) later.push_back(child_sends(p, p + 9).at(0));
  for (const Heard& each : give_all(parent_, now_, later)) {
    EXPECT_EQ(rule(each), "entries.gap");
    EXPECT_FALSE(each.batch);
  }
  const auto asked = parent_.take();
  ASSERT_EQ(only<Ack>(asked).size(), 1U);
  EXPECT_TRUE(only<Ack>(asked)[0].resend);
  EXPECT_EQ(give(child_, now_, asked[0]).progress->cursor.position, 0U);
  ASSERT_TRUE(child_.pull());
  EXPECT_EQ(child_.pull()->after, 0U);
  // The same gap a turn later is not asked about again before the ack timeout …
  const auto early = child_sends(1, 10);
  const auto gap = child_sends(11, 20);
  EXPECT_EQ(rule(give(parent_, now_ + 1, gap[0])), "entries.gap");
  EXPECT_TRUE(parent_.take().empty());
  // … and after it, it is.
  const auto next = child_sends(21, 30);
  give(parent_, now_ + kAckTimeoutMs, next[0]);
  EXPECT_EQ(only<Ack>(parent_.take()).size(), 1U);
}

TEST_F(LinkStreamTest, SeveralBatchesInOneTurnAreAcknowledgedTogether) {
  connect();
  child_has(30);
  std::vector<Outgoing> up;
  for (std::uint64_t p = 1; p <= 21; p += 10) up.push_back(child_sends(p, p + 9).at(0));
  for (const Heard& each : give_all(parent_, now_, up)) EXPECT_TRUE(each.batch);
  parent_.committed(now_, {.incarnation = kChildStore, .position = 30}, {});
  give_all(child_, now_, parent_.take());
  EXPECT_EQ(child_.acknowledged(), 30U);
}

TEST_F(LinkStreamTest, WhenTheAckWasLostTheRepetitionIsAcknowledgedAndNotTakenTwice) {
  connect();
  child_has(10);
  commit_all(parent_, give_all(parent_, now_, child_sends(1, 10)));
  parent_.take();  // the ack is lost
  now_ += kAckTimeoutMs;
  child_.tick(now_);
  const auto heard = give_all(parent_, now_, child_sends(1, 10));
  EXPECT_EQ(rule(heard.at(0)), "entries.repeated");
  EXPECT_FALSE(heard[0].batch);
  const auto acks = parent_.take();
  EXPECT_FALSE(only<Ack>(acks).at(0).resend);
  EXPECT_TRUE(give(child_, now_, acks[0]).progress);
  EXPECT_EQ(child_.acknowledged(), 10U);
}

TEST_F(LinkStreamTest, ABatchThatCouldNotBeKeptIsNotAcknowledgedAndComesAgain) {
  connect();
  child_has(20);
  std::vector<Outgoing> up = child_sends(1, 10);
  EXPECT_TRUE(give(parent_, now_, up[0]).batch);
  parent_.not_committed();
  up = child_sends(11, 20);
  EXPECT_EQ(rule(give(parent_, now_, up[0])), "entries.gap");
  EXPECT_TRUE(parent_.take().empty());  // the disk is full: no resend is asked for
  now_ += kAckTimeoutMs;
  child_.tick(now_);
  up = child_sends(1, 20);
  EXPECT_TRUE(give(parent_, now_, up[0]).batch);
}

TEST_F(LinkStreamTest, NotCommittedGoesBackOnlyToTheLastCommit) {
  connect();
  child_has(20);
  commit_all(parent_, give_all(parent_, now_, child_sends(1, 10)));
  give_all(parent_, now_, child_sends(11, 20));
  parent_.not_committed();
  EXPECT_EQ(parent_.inbound().position, 10U);
  give_all(child_, now_, parent_.take());
  now_ += kAckTimeoutMs;
  child_.tick(now_);
  EXPECT_EQ(child_.pull()->after, 10U);
}

TEST_F(LinkStreamTest, EntriesWhosePositionsDoNotRiseOrAreOfAnotherStoreAreRefused) {
  connect();
  const Nonce session = session_of_child();
  std::uint64_t counter = 1;
  const auto refused_as = [&](Entries entries) {
    return rule(parent_.receive(now_, session, ++counter, std::move(entries)));
  };
  EXPECT_EQ(refused_as({kOtherStore, 0, 3, rows(1, 3)}), "entries.incarnation");
  EXPECT_EQ(refused_as({kChildStore, 0, 2, rows(1, 3)}), "entries.malformed");
  EXPECT_EQ(refused_as({kChildStore, 0, 0, {}}), "entries.malformed");
  EXPECT_EQ(refused_as({kChildStore, 0, 3, {Row{2, {}}, Row{2, {}}}}), "entries.malformed");
  EXPECT_EQ(refused_as({kChildStore, 0, 3, {Row{0, {}}}}), "entries.malformed");
  EXPECT_EQ(refused_as({kChildStore, 0, 3, rows(1, 3)}), "");
}

TEST_F(LinkStreamTest, ABatchOfTheSessionBeforeCommittedInTheTurnOfANewHelloIsSaidInTheWelcome) {
  connect();
  child_has(10);
  const auto heard = give_all(parent_, now_, child_sends(1, 10));
  now_ += kMinHelloMs;
  child_.line_up(now_);
  give_all(parent_, now_, child_.take());
  parent_.committed(now_, end_of(*heard.at(0).batch), {LogHead{}});
  const auto down = parent_.take();
  EXPECT_EQ(only<Welcome>(down).at(0).cursor.position, 10U);
  const auto answers = give_all(child_, now_, down);
  EXPECT_TRUE(answers.at(0).opened);
  EXPECT_EQ(child_.acknowledged(), 10U);
  EXPECT_TRUE(answers.at(1).progress);  // the receipt with its heads
}

TEST_F(LinkStreamTest, ABatchCommittedOnlyAfterTheHelloLeftComesAgainAndTheStreamGoesOn) {
  parent_self_.last_position = 20;
  update_self();
  connect();
  parent_.push(now_, rows(1, 10), 10);
  const auto heard = give_all(child_, now_, parent_.take());
  now_ += kMinHelloMs;
  child_.line_up(now_);
  const auto hello = child_.take();
  child_.committed(now_, end_of(*heard.at(0).batch), {});
  give_all(parent_, now_, hello);
  carry();
  ASSERT_EQ(parent_.pull()->after, 0U);
  parent_.push(now_, rows(1, 5), 5);
  commit_all(child_, give_all(child_, now_, parent_.take()));
  carry();
  EXPECT_EQ(parent_.acknowledged(), 5U);
}

TEST_F(LinkStreamTest, ARepetitionInTheTurnOfItsCommitIsAnsweredByThatCommitsAck) {
  connect();
  child_has(10);
  const auto first = give_all(parent_, now_, child_sends(1, 10));
  child_.tick(now_ + kAckTimeoutMs);
  EXPECT_EQ(rule(give_all(parent_, now_, child_sends(1, 10)).at(0)), "entries.repeated");
  commit_all(parent_, first);
  EXPECT_EQ(parent_.take().size(), 1U);
}

TEST_F(LinkStreamTest, MoreHeadsThanAnAckHoldsTravelInSeveral) {
  connect();
  child_has(10);
  give_all(parent_, now_, child_sends(1, 10));
  parent_.committed(now_, {.incarnation = kChildStore, .position = 10},
                    std::vector<LogHead>(kMaxHeadsPerAck + 1));
  const auto down = parent_.take();
  ASSERT_EQ(only<Ack>(down).size(), 2U);
  EXPECT_EQ(only<Ack>(down)[1].heads.size(), 1U);
  for (const Heard& each : give_all(child_, now_, down)) EXPECT_TRUE(each.progress);
}

// Skips.

TEST_F(LinkStreamTest, SkippedRowsMoveTheCursorAndAreAcknowledged) {
  connect();
  child_has(kSkipPositions);
  child_.push(now_, {}, kSkipPositions);
  const auto heard = give_all(parent_, now_, child_.take());
  ASSERT_TRUE(heard.at(0).batch);
  EXPECT_TRUE(heard[0].batch->rows.empty());
  EXPECT_EQ(heard[0].batch->upto, kSkipPositions);
  commit_all(parent_, heard);
  give_all(child_, now_, parent_.take());
  EXPECT_EQ(child_.acknowledged(), kSkipPositions);
}

TEST_F(LinkStreamTest, AFewSkippedRowsAreNotWorthAMessageAndAreNotReadAgain) {
  connect();
  child_has(kSkipPositions - 1);
  child_.push(now_, {}, kSkipPositions - 1);
  EXPECT_TRUE(child_.take().empty());
  EXPECT_FALSE(child_.pull());
  child_has(kSkipPositions);
  ASSERT_TRUE(child_.pull());
  EXPECT_EQ(child_.pull()->after, kSkipPositions - 1);
}

TEST_F(LinkStreamTest, AFilterThatLetsNothingThroughCostsOneMessageARoundTrip) {
  connect();
  child_has(100 * kSkipPositions);
  std::size_t pushes = 0;
  while (const auto pull = child_.pull()) {
    child_.push(now_, {}, pull->after + kSkipPositions);
    ++pushes;
  }
  EXPECT_EQ(pushes, 100U);
  const auto first = child_.take();
  ASSERT_EQ(first.size(), 1U);
  commit_all(parent_, give_all(parent_, now_, first));
  give_all(child_, now_, parent_.take());
  const auto second = child_.take();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(only<Entries>(second).at(0).upto, 100 * kSkipPositions);
}

TEST_F(LinkStreamTest, RowsAfterASkipCarryItWithThem) {
  connect();
  child_has(30);
  child_sends(1, 10);
  child_.push(now_, {}, 20);
  EXPECT_TRUE(child_.take().empty());
  const auto entries = only<Entries>(child_sends(21, 30));
  EXPECT_EQ(entries.at(0).after, 10U);
  EXPECT_EQ(entries.at(0).upto, 30U);
}

TEST_F(LinkStreamTest, AnOwnerWithNothingNewIsNotAskedAgainUntilItsStoreGrows) {
  connect();
  child_has(5);
  ASSERT_TRUE(child_.pull());
  child_.push(now_, {}, 0);
  EXPECT_FALSE(child_.pull());
  EXPECT_TRUE(child_.take().empty());
  child_has(6);
  EXPECT_TRUE(child_.pull());
}

// The window: rule 5.

TEST_F(LinkStreamTest, NothingIsWishedForUnlessOpen) {
  child_has(10);
  EXPECT_FALSE(child_.pull());
  child_.line_up(now_);
  EXPECT_FALSE(child_.pull());
  child_.push(now_, rows(1, 10), 10);
  carry();
  EXPECT_TRUE(child_.pull());
  child_.line_down(now_);
  EXPECT_FALSE(child_.pull());
}

TEST_F(LinkStreamTest, TheWindowFillsAndAcksMakeRoom) {
  connect();
  child_has(1'000);
  std::vector<Outgoing> up;
  while (const auto pull = child_.pull()) {
    EXPECT_EQ(pull->max_bytes, kWindowBytes - child_.bytes_in_flight());
    for (auto& each : child_sends(pull->after + 1, pull->after + 4, 50'000)) up.push_back(each);
    EXPECT_LE(child_.bytes_in_flight(), kWindowBytes);
  }
  EXPECT_GT(child_.bytes_in_flight(), kWindowBytes - kBatchBytes);
  commit_all(parent_, give_all(parent_, now_, up));
  give_all(child_, now_, parent_.take());
  EXPECT_EQ(child_.bytes_in_flight(), 0U);
  EXPECT_TRUE(child_.pull());
}

TEST_F(LinkStreamTest, APushIsSplitByBytesAndByRows) {
  connect();
  child_has(2'000);
  const auto small = only<Entries>(child_sends(1, 600));
  ASSERT_EQ(small.size(), 3U);
  std::uint64_t after = 0;
  for (const Entries& each : small) {
    EXPECT_LE(each.rows.size(), kMaxRowsPerMessage);
    EXPECT_EQ(each.after, after);
    EXPECT_GE(each.upto, each.rows.back().position);
    after = each.upto;
  }
  EXPECT_EQ(after, 600U);
  const auto large = only<Entries>(child_sends(601, 603, kBatchBytes / 2 + 1));
  EXPECT_EQ(large.size(), 3U);
}

TEST_F(LinkStreamTest, RowsBeyondTheWindowAreLeftForALaterPull) {
  connect();
  child_has(100);
  const auto sent = only<Entries>(child_sends(1, 100, 390'000));
  EXPECT_LE(child_.bytes_in_flight() + kBatchBytes, kWindowBytes);
  EXPECT_EQ(sent.back().upto, 2U);
  EXPECT_FALSE(child_.pull());  // the next row would not fit: no use asking before an ack
}

TEST_F(LinkStreamTest, ARowLargerThanABatchTravelsAlone) {
  connect();
  child_has(2);
  const auto sent = only<Entries>(child_sends(1, 2, kMaxRunBytes / 2));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].rows.size(), 1U);
}

TEST_F(LinkStreamTest, AnAckBeyondWhatWasSentDoesNotCount) {
  connect();
  child_has(10);
  const auto up = child_sends(1, 10);
  const auto ack = [&](std::uint64_t counter, const Nonce& store, std::uint64_t position) {
    return child_.receive(now_, up[0].session, counter, Ack{{store, position}, false, {}, {}});
  };
  EXPECT_EQ(rule(ack(1, kChildStore, 11)), "ack.beyond");
  EXPECT_EQ(rule(ack(2, kOtherStore, 10)), "ack.incarnation");
  EXPECT_EQ(child_.acknowledged(), 0U);
  EXPECT_TRUE(ack(3, kChildStore, 10).progress);
  EXPECT_EQ(rule(ack(4, kChildStore, 9)), "ack.behind");
  EXPECT_EQ(child_.acknowledged(), 10U);
}

TEST_F(LinkStreamTest, WithoutAcksTheSenderGoesBackAndTriesOneBatchMoreAndMoreSeldom) {
  connect();
  child_has(10);
  child_sends(1, 10);
  EXPECT_EQ(child_.next_tick_ms(), now_ + kAckTimeoutMs);
  const Nonce session = session_of_child();
  std::uint64_t counter = 0;
  std::uint64_t wait = kAckTimeoutMs;
  for (int i = 0; i < 3; ++i) {
    child_.tick(now_ + wait - 1);
    EXPECT_FALSE(child_.pull());
    now_ += wait;
    child_.receive(now_, session, ++counter, StatusReport{});  // alive
    child_.tick(now_);
    child_.take();
    ASSERT_TRUE(child_.pull());
    EXPECT_EQ(child_.pull()->after, 0U);
    EXPECT_EQ(child_.pull()->max_bytes, kBatchBytes);
    child_sends(1, 10);
    wait = std::min(2 * wait, kMaxAckTimeoutMs);
  }
}

TEST_F(LinkStreamTest, AnAckForWhatWeWentBackFromStillCounts) {
  connect();
  child_has(10);
  const auto up = child_sends(1, 10);
  child_.tick(now_ + kAckTimeoutMs);
  EXPECT_EQ(child_.pull()->after, 0U);
  commit_all(parent_, give_all(parent_, now_, up));
  give_all(child_, now_ + kAckTimeoutMs, parent_.take());
  EXPECT_EQ(child_.acknowledged(), 10U);
  EXPECT_FALSE(child_.pull());
}

// What was passed over: rule 4.

TEST_F(LinkStreamTest, LacksAreToldWithEveryAckAndEveryGreeting) {
  const std::vector<Lack> lacks = {{crypto::Digest{{7}}, 3}};
  parent_self_.lacks = lacks;
  update_self();
  child_has(20);
  connect();
  EXPECT_EQ(child_.peer()->lacks, lacks);
  parent_self_.lacks.push_back({{}, 10});
  commit_all(parent_, give_all(parent_, now_, child_sends(1, 10)));
  update_self();
  const auto first = parent_.take();
  EXPECT_EQ(give(child_, now_, first.at(0)).progress->lacks, parent_self_.lacks);
  // Said again for the same position, when what was missed has come after all.
  parent_self_.lacks.clear();
  update_self();
  parent_.committed(now_, parent_.inbound(), {});
  const auto second = parent_.take();
  const auto heard = give(child_, now_, second.at(0));
  EXPECT_EQ(heard.progress->cursor.position, 10U);
  EXPECT_TRUE(heard.progress->lacks.empty());
}

// Incarnations and rollbacks: rule 6.

TEST_F(LinkStreamTest, AStreamIsResumedFromTheCursorOfTheGreeting) {
  parent_holds({kChildStore, 7});
  child_has(10);
  connect();
  EXPECT_EQ(child_.acknowledged(), 7U);
  EXPECT_EQ(child_.pull()->after, 7U);
  EXPECT_TRUE(give_all(parent_, now_, child_sends(8, 10)).at(0).batch);
}

TEST_F(LinkStreamTest, ACursorOfAnotherIncarnationStartsAtZero) {
  parent_holds({kOtherStore, 7});
  child_has(10);
  connect();
  EXPECT_EQ(child_.acknowledged(), 0U);
  EXPECT_EQ(child_.pull()->after, 0U);
  EXPECT_TRUE(child_.take_faults().empty());
  // What is held of the old store stays written down until the new one's is on disk.
  EXPECT_EQ(parent_.inbound(), (Cursor{kOtherStore, 7}));
  commit_all(parent_, give_all(parent_, now_, child_sends(1, 10)));
  EXPECT_EQ(parent_.inbound(), (Cursor{kChildStore, 10}));
}

TEST_F(LinkStreamTest, AStoreReplacedWhileOpenEndsTheSession) {
  connect();
  now_ += kKeepaliveMs;
  child_.tick(now_);
  child_self_.incarnation = kOtherStore;
  update_self();
  EXPECT_EQ(child_.state(), LinkState::kGreeting);
  child_.tick(now_);
  carry();
  EXPECT_EQ(parent_.peer()->incarnation, kOtherStore);
}

TEST_F(LinkStreamTest, ACursorBeyondOurStoreMeansThatItLostItsTail) {
  parent_holds({kChildStore, 100});
  child_has(30);
  connect();
  EXPECT_EQ(child_.take_faults(), std::vector<std::string>{"stream.rollback"});
  EXPECT_EQ(child_.acknowledged(), 0U);
  EXPECT_EQ(child_.pull()->after, 0U);
}

// The child's store in its lives: one, two … as they followed each other.
Nonce life(std::uint32_t number, std::uint8_t chance = 0) {
  return life_name(kChildStore, number, {chance});
}

class LinkLivesTest : public LinkStreamTest {
 protected:
  // The child has had lives 4 and 5, which ended at positions 5 and 7, and is in its sixth.
  LinkLivesTest() {
    child_self_.incarnation = life(6);
    child_self_.past = past_;
    child_has(20);
  }
  void starts_at(std::uint64_t position) {
    EXPECT_EQ(child_.acknowledged(), position);
    ASSERT_TRUE(child_.pull().has_value());
    EXPECT_EQ(child_.pull()->after, position);
  }

  std::vector<Life> past_ = {{life(4), 5}, {life(5), 7}};
};

TEST_F(LinkLivesTest, AStreamGoesOnWhereItStoodInALifeBefore) {
  parent_holds({life(4), 5});
  connect();
  EXPECT_TRUE(child_.take_faults().empty());
  starts_at(5);
  commit_all(parent_, give_all(parent_, now_, child_sends(6, 20)));
  EXPECT_EQ(parent_.inbound(), (Cursor{life(6), 20}));
  carry();
  EXPECT_EQ(child_.acknowledged(), 20U);
}

TEST_F(LinkLivesTest, ACursorBeyondTheEndOfItsLifeIsOfRowsThatAreNoMore) {
  parent_holds({life(5), 8});  // and our store has twenty by now: others
  connect();
  EXPECT_EQ(child_.take_faults(), std::vector<std::string>{"stream.rollback"});
  starts_at(0);
}

TEST_F(LinkLivesTest, ACursorOfALifeThatOurStoreHasNotHadIsOfRowsThatAreNoMore) {
  for (const auto& lived : {life(5, 1), life(6, 1), life(7)}) {
    parent_holds({lived, 3});
    now_ += kHelloTimeoutMs;  // the line comes up again
    connect();
    EXPECT_EQ(child_.take_faults(), std::vector<std::string>{"stream.rollback"});
    starts_at(0);
  }
}

TEST_F(LinkLivesTest, ACursorOfALifeLongForgottenStartsAtZeroWithoutAWord) {
  parent_holds({life(3), 3});
  connect();
  EXPECT_TRUE(child_.take_faults().empty());
  starts_at(0);
}

TEST_F(LinkLivesTest, AResendIsGivenBeforeAnythingOfThePresentLifeIsOnDisk) {
  parent_holds({life(5), 7});
  connect();
  child_sends(8, 10);  // lost
  const auto gap = child_sends(11, 20);
  EXPECT_EQ(rule(give(parent_, now_, gap[0])), "entries.gap");
  const auto answers = give_all(child_, now_, parent_.take());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(rule(answers[0]), "");
  starts_at(7);
}

TEST_F(LinkLivesTest, WhatWasCommittedBeforeTheGreetingLeftCountsThoughItIsOfALifeBefore) {
  parent_holds({life(5), 6});
  child_.line_up(now_);
  const auto hello = child_.take();
  (void)give_all(parent_, now_, hello);
  parent_.committed(now_, {life(5), 7}, {});  // a batch of the session before, in the same turn
  carry();
  starts_at(7);
  commit_all(parent_, give_all(parent_, now_, child_sends(8, 20)));
  EXPECT_EQ(parent_.inbound(), (Cursor{life(6), 20}));
}

TEST_F(LinkStreamTest, AReceiverFollowsASenderThatLostItsTailEvenWhenTheFirstMessageIsLost) {
  parent_holds({kChildStore, 100});
  child_has(30);
  connect();
  child_sends(1, 10);  // lost
  const auto gap = child_sends(11, 30);
  EXPECT_EQ(rule(give(parent_, now_, gap[0])), "entries.repeated");
  EXPECT_EQ(rule(give_all(child_, now_, parent_.take()).at(0)), "ack.beyond");
  now_ += kAckTimeoutMs;
  child_.tick(now_);
  const auto heard = give_all(parent_, now_, child_sends(1, 30));
  ASSERT_TRUE(heard.at(0).batch);
  EXPECT_EQ(parent_.take_faults(), std::vector<std::string>{"peer.rollback"});
  commit_all(parent_, heard);
  EXPECT_EQ(parent_.inbound().position, 30U);
  give_all(child_, now_, parent_.take());
  EXPECT_EQ(child_.acknowledged(), 30U);
}

}  // namespace
}  // namespace yishi::sync
