// Sessions, counters and life (rules 1, 2 and 7 of link.h), one by one. The network of
// link_network_test.cpp tries all rules together.
#include "tests/sync/link_fixture.h"

namespace yishi::sync {
namespace {

// Greetings and sessions: rule 1.

TEST_F(LinkTest, BothEndsOpenWithTheSameSessionAndKnowEachOther) {
  child_self_.software = "yishi 1";
  child_self_.topology = 7;
  update_self();
  child_.line_up(now_);
  const auto hello = child_.take();
  ASSERT_EQ(hello.size(), 1U);
  EXPECT_EQ(child_.state(), LinkState::kGreeting);
  EXPECT_EQ(hello[0].session, Nonce{});
  EXPECT_TRUE(give(parent_, now_, hello[0]).opened);
  const auto welcome = parent_.take();
  ASSERT_EQ(welcome.size(), 1U);
  EXPECT_EQ(welcome[0].session, Nonce{});
  EXPECT_TRUE(give(child_, now_, welcome[0]).opened);

  ASSERT_TRUE(parent_.peer());
  EXPECT_EQ(parent_.peer()->software, "yishi 1");
  EXPECT_EQ(parent_.peer()->topology, 7U);
  EXPECT_EQ(child_.peer()->incarnation, kParentStore);
  child_.send(now_, Want{});
  parent_.send(now_, Want{});
  const auto up = child_.take();
  const auto down = parent_.take();
  EXPECT_NE(up[0].session, Nonce{});
  EXPECT_EQ(up[0].session, down[0].session);
  EXPECT_TRUE(give(parent_, now_, up[0]).want);
}

TEST_F(LinkTest, ASilentParentIsGreetedAgainOnlyAfterTheTimeoutAndWithTheSameNonce) {
  child_.line_up(now_);
  const auto first = only<Hello>(child_.take());
  ASSERT_EQ(child_.next_tick_ms(), now_ + kHelloTimeoutMs);
  child_.tick(now_ + kHelloTimeoutMs - 1);
  EXPECT_TRUE(child_.take().empty());
  child_.tick(now_ + kHelloTimeoutMs);
  const auto second = only<Hello>(child_.take());
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(first.at(0).nonce, second[0].nonce);
}

TEST_F(LinkTest, AWelcomeToAnEarlierGreetingIsStale) {
  child_.line_up(now_);
  give_all(parent_, now_, child_.take());
  const auto welcome = parent_.take();
  child_.line_down(now_);
  EXPECT_EQ(rule(give(child_, now_, welcome[0])), "welcome.stale");
  child_.line_up(now_ + kMinHelloMs);
  EXPECT_EQ(rule(give(child_, now_, welcome[0])), "welcome.stale");
  EXPECT_EQ(child_.state(), LinkState::kGreeting);
}

TEST_F(LinkTest, AWelcomeThatComesTwiceDoesNotBeginTheSessionAgain) {
  child_.line_up(now_);
  give_all(parent_, now_, child_.take());
  const auto welcome = parent_.take();
  give(child_, now_, welcome[0]);
  child_.send(now_, Want{});
  EXPECT_EQ(child_.take().at(0).counter, 1U);
  EXPECT_EQ(rule(give(child_, now_, welcome[0])), "welcome.stale");
  child_.send(now_, Want{});
  EXPECT_EQ(child_.take().at(0).counter, 2U);
}

TEST_F(LinkTest, AHelloThatComesTwiceIsAnsweredWithTheSameWelcome) {
  child_.line_up(now_);
  const auto hello = child_.take();
  give(parent_, now_, hello[0]);
  const auto first = only<Welcome>(parent_.take());
  EXPECT_FALSE(give(parent_, now_, hello[0]).opened);
  const auto second = only<Welcome>(parent_.take());
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(first.at(0).nonce, second[0].nonce);
  EXPECT_EQ(first[0].cursor, second[0].cursor);
}

TEST_F(LinkTest, ANewHelloWhileOpenRewindsTheParentsStreamToItsCursor) {
  parent_self_.last_position = 9;
  update_self();
  connect();
  parent_.push(now_, rows(1, 9), 9);
  parent_.take();  // lost
  EXPECT_FALSE(parent_.pull());
  now_ += kMinHelloMs;
  child_.line_up(now_);
  const auto heard = give_all(parent_, now_, child_.take());
  EXPECT_TRUE(heard.at(0).opened);
  ASSERT_TRUE(parent_.pull());
  EXPECT_EQ(parent_.pull()->after, 0U);
  EXPECT_EQ(parent_.bytes_in_flight(), 0U);
}

TEST_F(LinkTest, AMessageOfAnEarlierSessionIsRefusedAndNotActedOn) {
  connect();
  child_.send(now_, Want{});
  const auto old = child_.take();
  now_ += kMinHelloMs;
  child_.line_up(now_);
  carry();
  const Heard heard = give(parent_, now_, old[0]);
  EXPECT_EQ(rule(heard), "session.unknown");
  EXPECT_FALSE(heard.want);
  // The refuse names the session of the past, so the present one is not disturbed.
  const auto refuse = parent_.take();
  ASSERT_EQ(only<Refuse>(refuse).size(), 1U);
  EXPECT_EQ(refuse[0].session, old[0].session);
  EXPECT_EQ(rule(give(child_, now_, refuse[0])), "refuse.stale");
  EXPECT_EQ(child_.state(), LinkState::kOpen);
}

TEST_F(LinkTest, AChildWhoseSessionAParentForgotGreetsAgain) {
  connect();
  parent_.line_down(now_);  // as after a restart
  now_ += kKeepaliveMs;
  child_.send(now_, Want{});
  give_all(parent_, now_, child_.take());
  const auto refuse = parent_.take();
  ASSERT_EQ(only<Refuse>(refuse).size(), 1U);
  const Heard heard = give(child_, now_, refuse[0]);
  EXPECT_TRUE(heard.refuse);
  EXPECT_EQ(child_.state(), LinkState::kGreeting);
  carry();
  EXPECT_EQ(child_.state(), LinkState::kOpen);
  EXPECT_EQ(parent_.state(), LinkState::kOpen);
}

TEST_F(LinkTest, ARefuseIsNeverAnsweredWithARefuse) {
  connect();
  Refuse refuse{.rule = "session.unknown", .detail = "", .log = {}, .sequence = 0};
  give(parent_, now_, {.session = kOtherStore, .counter = 1, .message = refuse});
  give(child_, now_, {.session = kOtherStore, .counter = 1, .message = refuse});
  refuse.rule = "record.malformed";
  give(parent_, now_, {.session = kOtherStore, .counter = 1, .message = refuse});
  EXPECT_TRUE(parent_.take().empty());
  EXPECT_TRUE(child_.take().empty());
}

TEST_F(LinkTest, ManyForeignMessagesBringOneRefuse) {
  connect();
  for (int i = 0; i < 100; ++i) give(parent_, now_, {kOtherStore, 1, Want{}});
  EXPECT_EQ(parent_.take().size(), 1U);
  give(parent_, now_ + kMinHelloMs, {kOtherStore, 1, Want{}});
  EXPECT_EQ(parent_.take().size(), 1U);
}

TEST_F(LinkTest, AChildHearingASessionItDoesNotKnowGreetsAgainAndMoreAndMoreSeldom) {
  connect();
  std::vector<std::uint64_t> hellos;
  const std::uint64_t start = now_;
  for (; now_ < start + 60'000; now_ += 100) {
    child_.tick(now_);
    if (child_.state() == LinkState::kOpen) give(child_, now_, {kOtherStore, 1, Want{}});
    auto up = child_.take();
    if (!only<Hello>(up).empty()) hellos.push_back(now_);
    give_all(parent_, now_, up);
    give_all(child_, now_, parent_.take());
  }
  ASSERT_GE(hellos.size(), 3U);
  EXPECT_LE(hellos.size(), 60'000 / kHelloTimeoutMs + 4);
  EXPECT_EQ(hellos[0] - start, kMinHelloMs);
  EXPECT_EQ(hellos.back() - hellos[hellos.size() - 2], kHelloTimeoutMs);
}

TEST_F(LinkTest, ALateMessageOfTheSessionBeforeDoesNotMakeTheChildGreet) {
  connect();
  parent_.send(now_, Want{});
  const auto late = parent_.take();
  now_ += kMinHelloMs;
  child_.line_up(now_);
  carry();
  EXPECT_EQ(rule(give(child_, now_, late[0])), "session.unknown");
  EXPECT_EQ(child_.state(), LinkState::kOpen);
}

TEST_F(LinkTest, AnOldHelloPlayedAgainByAThirdPartyCostsOneRoundOfGreetings) {
  child_.line_up(now_);
  const auto old = child_.take();
  now_ += kMinHelloMs;
  child_.line_up(now_);
  carry();
  EXPECT_TRUE(give(parent_, now_, old[0]).opened);
  parent_.take();  // the welcome goes wherever
  now_ += kKeepaliveMs;
  child_.tick(now_);
  carry();
  child_.tick(now_ + kMinHelloMs);
  carry();
  ASSERT_EQ(child_.state(), LinkState::kOpen);
  child_.send(now_, Want{});
  EXPECT_TRUE(give_all(parent_, now_, child_.take()).at(0).want);
}

TEST_F(LinkTest, GreetingsInTheWrongDirectionOrWithASessionAreRefused) {
  EXPECT_EQ(rule(child_.receive(now_, {}, 0, Hello{})), "hello.unexpected");
  EXPECT_EQ(rule(parent_.receive(now_, {}, 0, Welcome{})), "welcome.unexpected");
  EXPECT_EQ(rule(parent_.receive(now_, kOtherStore, 0, Hello{})), "greeting.session");
  EXPECT_EQ(rule(parent_.receive(now_, {}, 0, Join{})), "join.unexpected");
  EXPECT_EQ(parent_.state(), LinkState::kDown);
}

TEST_F(LinkTest, ARefuseOfAGreetingIsToldOnlyWhileGreeting) {
  const Refuse refuse{.rule = "sender.unknown", .detail = "", .log = {}, .sequence = 0};
  child_.line_up(now_);
  const Heard heard = give(child_, now_, {.session = {}, .counter = 0, .message = refuse});
  ASSERT_TRUE(heard.refuse);
  EXPECT_EQ(heard.refuse->rule, "sender.unknown");
  carry();
  EXPECT_EQ(rule(give(child_, now_, {.session = {}, .counter = 0, .message = refuse})),
            "refuse.stale");
}

TEST_F(LinkTest, WhatIsSentWhileNotOpenIsDropped) {
  child_.send(now_, Want{});
  EXPECT_TRUE(child_.take().empty());
  child_.line_up(now_);
  child_.send(now_, Want{});
  EXPECT_EQ(child_.take().size(), 1U);  // the hello
}

TEST_F(LinkTest, AFlappingLineIsGreetedAtMostOnceEachMinHello) {
  std::size_t hellos = 0;
  for (int i = 0; i < 10; ++i) {
    child_.line_up(now_);
    hellos += only<Hello>(child_.take()).size();
    child_.line_down(now_);
  }
  EXPECT_EQ(hellos, 1U);
  child_.line_up(now_);
  EXPECT_EQ(child_.next_tick_ms(), now_ + kMinHelloMs);
}

// Counters: rule 2.

TEST_F(LinkTest, AMessageReplayedWithinItsSessionIsRefused) {
  connect();
  child_.send(now_, Want{});
  child_.send(now_, Want{});
  const auto up = child_.take();
  EXPECT_TRUE(give(parent_, now_, up[1]).want);
  for (const Outgoing& each : up) {
    const Heard heard = give(parent_, now_, each);
    EXPECT_EQ(rule(heard), "session.replayed");
    EXPECT_FALSE(heard.want);
  }
}

TEST_F(LinkTest, AReplayIsNoSignOfLife) {
  connect();
  child_.send(now_, Want{});
  const auto up = child_.take();
  give(parent_, now_, up[0]);
  give(parent_, now_ + 5'000, up[0]);
  EXPECT_EQ(parent_.last_heard_ms(), now_);
}

// Life: rule 7.

TEST_F(LinkTest, AnEndThatSaidNothingSendsAKeepaliveAndAnIdleLinkStaysOpen) {
  connect();
  const std::uint64_t opened = now_;
  for (; now_ <= opened + 10 * kSilenceMs; now_ += 1'000) {
    child_.tick(now_);
    parent_.tick(now_);
    const auto up = child_.take();
    ASSERT_LE(up.size(), 1U);
    for (const StatusReport& each : only<StatusReport>(up)) EXPECT_TRUE(each.rows.empty());
    give_all(parent_, now_, up);
    give_all(child_, now_, parent_.take());
  }
  EXPECT_EQ(child_.state(), LinkState::kOpen);
  EXPECT_EQ(parent_.state(), LinkState::kOpen);
  EXPECT_GE(parent_.last_heard_ms() + kKeepaliveMs, now_ - 1'000);
}

TEST_F(LinkTest, SilenceEndsTheSessionAtBothEndsAndTheChildGreets) {
  connect();
  for (Link* link : {&child_, &parent_}) {
    link->tick(now_ + kSilenceMs - 1);
    EXPECT_EQ(link->state(), LinkState::kOpen);
    link->tick(now_ + kSilenceMs);
    EXPECT_EQ(link->take_faults(), std::vector<std::string>{"link.silence"});
  }
  EXPECT_EQ(parent_.state(), LinkState::kDown);
  EXPECT_FALSE(parent_.next_tick_ms());
  EXPECT_EQ(child_.state(), LinkState::kGreeting);
  EXPECT_EQ(only<Hello>(child_.take()).size(), 1U);
}

TEST_F(LinkTest, AChildWithoutALineWaitsForIt) {
  connect();
  child_.line_down(now_);
  EXPECT_EQ(child_.state(), LinkState::kDown);
  EXPECT_FALSE(child_.next_tick_ms());
  child_.tick(now_ + kSilenceMs);
  EXPECT_TRUE(child_.take().empty());
}

}  // namespace
}  // namespace yishi::sync
