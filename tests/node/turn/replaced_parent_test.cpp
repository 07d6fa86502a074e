// Another machine takes the place of a parent: those below know it only by its key, and hear of
// the new one from further up.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

constexpr std::uint64_t kSecondMs = 1'000;

// The machine is lost with its disk and its key; another one joins with a new ticket.
void replace(SimulatedNetwork& network, const topology::Code& unit) {
  network.kill(unit);
  std::filesystem::remove_all(network.at(unit).directory);
  network.prepare_join(unit);
  network.start(unit);
  ASSERT_TRUE(network.settle([&] { return network.at(unit).turn->admitted(); }));
}

TEST(ReplacedParent, IsFoundByThoseBelowAndGetsWhatTheyHave) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
  const auto before = network.log(kVillage, "换机之前", "environment", 1'000);
  ASSERT_TRUE(before.ok());
  ASSERT_TRUE(network.settle([&] { return network.received(kVillage); }));

  replace(network, kTown);
  const auto after = network.log(kVillage, "换机之后", "environment", 1'000);
  ASSERT_TRUE(after.ok());
  network.settle();
  EXPECT_FALSE(network.received(kVillage));
  for (std::uint64_t ms = 0; ms < kAskTheWayMs + 2 * kAskAtMostMs; ms += kSecondMs) {
    network.step(kSecondMs);
  }
  EXPECT_TRUE(network.settle([&] {
    return network.received(kVillage) &&
           network.same_everywhere(before->issue, {kVillage, kTown, kDistrict}) &&
           network.same_everywhere(after->issue, {kVillage, kTown, kDistrict});
  }));
  EXPECT_EQ(network.at(kVillage).board.read()->parent->state, "open");
}

TEST(ReplacedParent, WhoIsAskedTheWayTakesNothingAndTellsNothingElse) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
  network.kill(kTown);
  const auto logged = network.log(kVillage, "上级停机", "environment", 1'000);
  ASSERT_TRUE(logged.ok());
  bool asked = false;
  for (std::uint64_t ms = 0; ms < kAskTheWayMs + 2 * kAskAtMostMs; ms += kSecondMs) {
    network.step(kSecondMs);
    asked |=
        network.leads_to(network.at(kVillage), kDistrict) && network.at(kVillage).transport->up();
    ASSERT_EQ(network.at(kVillage).board.read()->parent->unit, kTown);
    ASSERT_TRUE(network.at(kDistrict).board.read()->children.size() <= 1);
  }
  EXPECT_TRUE(asked);
  EXPECT_FALSE(network.issue(kDistrict, logged->issue).has_value());
  EXPECT_FALSE(network.received(kVillage));
  // It goes back to its parent, and is heard there when that lives again.
  network.start(kTown);
  for (std::uint64_t ms = 0; ms < 2 * kAskAtMostMs; ms += kSecondMs) network.step(kSecondMs);
  EXPECT_TRUE(network.settle([&] { return network.received(kVillage); }));
}

TEST(ReplacedParent, WhoIsAskedTheWayMayTurnOutToBeTheParent) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
  network.kill(kTown);
  ASSERT_TRUE(network.change({topology::UnitMoved{kVillage, kDistrict}}).ok());
  const auto logged = network.log(kVillage, "直属之后", "environment", 1'000);
  ASSERT_TRUE(logged.ok());
  for (std::uint64_t ms = 0; ms < kAskTheWayMs + kAskAtMostMs; ms += kSecondMs) {
    network.step(kSecondMs);
  }
  EXPECT_EQ(network.at(kVillage).board.read()->parent->unit, kDistrict);
  EXPECT_TRUE(network.settle([&] {
    return network.received(kVillage) &&
           network.same_everywhere(logged->issue, {kVillage, kDistrict});
  }));
}

}  // namespace
}  // namespace yishi::turn
