// 上级已收 is never more than is true: also when the parent passed something over.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

// A village whose disk was copied writes two histories: one over its own town, and, moved to
// another, a second one there. Either town takes what it hears for the only one; the district
// above both holds the first and refuses the second.
class TwoHistories : public testing::Test {
 protected:
  TwoHistories() {
    for (const auto& unit : {kDistrict, kTown, kOtherTown, kVillage}) network.join(unit);
    log(kVillage, "分开之前");
    settle_received({kVillage, kTown, kDistrict});
    write_first_history();
    write_second_history();
  }

  std::string log(const topology::Code& unit, std::string_view title) {
    const auto answer = network.log(unit, title, "environment", 1'000);
    EXPECT_TRUE(answer.ok()) << answer.error().en;
    return answer.ok() ? answer->issue : "";
  }
  void settle_received(const std::vector<topology::Code>& units) {
    for (const auto& unit : units) {
      EXPECT_TRUE(network.settle([&] { return network.received(unit); })) << unit.text();
    }
  }
  std::string directory() { return network.at(kVillage).directory; }

  void write_first_history() {
    network.kill(kVillage);
    std::filesystem::copy(directory(), directory() + ".copy");
    network.start(kVillage);
    first = log(kVillage, "第一种说法");
    settle_received({kVillage, kTown, kDistrict});
  }
  void write_second_history() {
    network.kill(kVillage);
    std::filesystem::remove_all(directory());
    std::filesystem::rename(directory() + ".copy", directory());
    network.start(kVillage);
    EXPECT_TRUE(network.change({topology::UnitMoved{kVillage, kOtherTown}}).ok());
    second = log(kVillage, "第二种说法");
    EXPECT_TRUE(network.settle([&] { return network.issue(kOtherTown, second).has_value(); }));
  }
  std::uint64_t waiting(const topology::Code& unit) {
    return store::Logs(*network.at(unit).database)
        .waiting(network.at(unit).board.read()->receipted)
        .records;
  }
  bool forked(const topology::Code& unit) {
    return !store::Logs(*network.at(unit).database).forks().empty();
  }

  SimulatedNetwork network;
  std::string first, second;
};

TEST_F(TwoHistories, theTownThatRelaysTheSecondIsNotToldThatItWasReceived) {
  ASSERT_TRUE(network.settle([&] { return forked(kDistrict); }));
  network.settle();
  EXPECT_GE(waiting(kOtherTown), 1U) << "what the district refused";
  EXPECT_FALSE(network.received(kOtherTown));
  // What is not of that log goes on.
  const auto before = waiting(kOtherTown);
  const auto own = log(kOtherTown, "镇里自己的事");
  ASSERT_TRUE(network.settle([&] { return network.issue(kCity, own).has_value(); }));
  ASSERT_TRUE(network.settle([&] { return waiting(kOtherTown) == before; }));
}

TEST_F(TwoHistories, andStillNotWhenBothEndsHaveStartedAgain) {
  ASSERT_TRUE(network.settle([&] { return forked(kDistrict); }));
  network.settle();
  const auto before = waiting(kOtherTown);
  for (const auto& unit : {kOtherTown, kDistrict, kOtherTown}) {
    network.kill(unit);
    network.settle();
    network.start(unit);
    ASSERT_TRUE(network.settle(
        [&] { return network.at(kOtherTown).board.read()->parent->state == "open"; }));
    EXPECT_EQ(waiting(kOtherTown), before) << unit.text();
  }
}

}  // namespace
}  // namespace yishi::turn
