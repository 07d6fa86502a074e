// What the link promises on a network that loses, repeats, overtakes and cuts, between
// ends that stop at any moment: once things are well again the receiver holds the
// sender's stream, in order, once; and no end ever believed more than was on disk.
#include "tests/sync/link_network.h"

#include <gtest/gtest.h>

namespace yishi::sync {
namespace {

constexpr std::uint64_t kSeeds = 80;           // each weather
constexpr std::uint64_t kTroubleMs = 120'000;  // how long the weather lasts
constexpr std::uint64_t kSettleMs = 300'000;   // in which all must be well afterwards
constexpr std::uint64_t kStepMs = 50;

bool same_rows(const std::vector<Row>& a, const std::vector<Row>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Row& x, const Row& y) {
    return x.position == y.position && x.run == y.run;
  });
}

void write_something(LinkNetwork& network, End& end) {
  if (network.roll(20) != 0) return;
  const std::size_t rows = 1 + network.roll(6);
  for (std::size_t i = 0; i < rows; ++i) {
    const bool large = network.roll(50) == 0;
    end.append(large ? 20'000 + network.roll(400'000) : 1 + network.roll(400),
               network.roll(3) != 0);
  }
}

void expect_honest(LinkNetwork& network) {
  ASSERT_TRUE(LinkNetwork::honest(network.child(), network.parent())) << network.now_ms();
  ASSERT_TRUE(LinkNetwork::honest(network.parent(), network.child())) << network.now_ms();
}

void expect_complete(LinkNetwork& network) {
  ASSERT_TRUE(network.settled()) << "not settled at " << network.now_ms();
  EXPECT_TRUE(same_rows(network.parent().disk().taken_in, network.child().stream()));
  EXPECT_TRUE(same_rows(network.child().disk().taken_in, network.parent().stream()));
}

LinkNetwork::Counts run(std::uint64_t seed, const Weather& weather) {
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  LinkNetwork network(seed, weather);
  while (network.now_ms() < kTroubleMs) {
    write_something(network, network.child());
    write_something(network, network.parent());
    network.step(kStepMs);
    expect_honest(network);
    if (testing::Test::HasFatalFailure()) return {};
  }
  network.heal();
  while (!network.settled() && network.now_ms() < kTroubleMs + kSettleMs) {
    network.step(kStepMs);
    expect_honest(network);
    if (testing::Test::HasFatalFailure()) return {};
  }
  expect_complete(network);
  return network.counts();
}

LinkNetwork::Counts run_seeds(const Weather& weather) {
  LinkNetwork::Counts total;
  for (std::uint64_t seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    const LinkNetwork::Counts counts = run(seed, weather);
    total.dropped += counts.dropped;
    total.duplicated += counts.duplicated;
    total.cuts += counts.cuts;
    total.restarts += counts.restarts;
    total.failed_commits += counts.failed_commits;
    total.hellos += counts.hellos;
    total.entries += counts.entries;
  }
  return total;
}

TEST(LinkNetwork, FairWeatherCostsOneHelloAndNoTrouble) {
  const auto total = run_seeds({});
  EXPECT_EQ(total.hellos, kSeeds);
}

TEST(LinkNetwork, MessagesAreLost) {
  const auto total = run_seeds({.drop = 30});
  EXPECT_GT(total.dropped, 0U);
}

TEST(LinkNetwork, MessagesAreRepeated) {
  const auto total = run_seeds({.duplicate = 50, .jitter_ms = 40});
  EXPECT_GT(total.duplicated, 0U);
}

TEST(LinkNetwork, MessagesOvertakeEachOther) {
  run_seeds({.drop = 5, .duplicate = 20, .delay_ms = 20, .jitter_ms = 3'000});
}

TEST(LinkNetwork, GreetingsTakeLongerThanTheirTimeout) { run_seeds({.delay_ms = kHelloTimeoutMs}); }

TEST(LinkNetwork, TheLineIsCutSeenAndUnseen) {
  const auto total = run_seeds({.drop = 2, .cut_per_mille = 5});
  EXPECT_GT(total.cuts, 0U);
}

TEST(LinkNetwork, EitherEndStopsBetweenReceiptCommitAndAck) {
  const auto total = run_seeds({.drop = 2, .restart_per_mille = 5});
  EXPECT_GT(total.restarts, 0U);
}

TEST(LinkNetwork, CommitsFail) {
  const auto total = run_seeds({.commit_fails = 30});
  EXPECT_GT(total.failed_commits, 0U);
}

TEST(LinkNetwork, EverythingAtOnce) {
  run_seeds({.drop = 30,
             .duplicate = 50,
             .delay_ms = 30,
             .jitter_ms = 500,
             .cut_per_mille = 2,
             .restart_per_mille = 2,
             .commit_fails = 10});
}

// A bad line must be used well, not only correctly.
TEST(LinkNetwork, LossDoesNotMakeAFloodOfHellosOrEntries) {
  const Weather weather{.drop = 20, .duplicate = 30, .delay_ms = 30, .jitter_ms = 300};
  const auto total = run_seeds(weather);
  const std::uint64_t seconds = kSeeds * (kTroubleMs + kSettleMs) / 1'000;
  EXPECT_LT(total.hellos, seconds / 4);
  EXPECT_LT(total.entries, seconds * 20);
}

}  // namespace
}  // namespace yishi::sync
