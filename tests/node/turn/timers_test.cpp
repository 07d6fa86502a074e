// Deadlines are told of once by each node that has to know: after a long sleep, after restarts, and
// whatever the clocks do.
#include "node/deliberation/deadlines.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

constexpr std::uint64_t kOneDayMs = 86'400'000;

class Timers : public testing::Test {
 protected:
  // An issue that has gone up to the district and waits to be accepted there.
  Timers() {
    for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
    id = network.log(kVillage, "卫生室", "healthcare", 2'200'000)->issue;
    EXPECT_TRUE(network.settle([&] { return network.same_everywhere(id, all); }));
    network.settle();
    const auto open = deliberation::open_deadlines(*network.issue(kCity, id));
    EXPECT_EQ(open.size(), 1U);
    due_ms = open.empty() ? 0 : open.front().due_ms;
  }

  std::size_t told(const topology::Code& unit) {
    return network.issue(unit, id)->follow.alerts.size();
  }
  std::size_t records(const topology::Code& unit) {
    const auto facts = store::Issues(*network.at(unit).database).facts(id);
    return static_cast<std::size_t>(std::count_if(
        facts.begin(), facts.end(),
        [](const store::StoredFact& one) { return one.fact.kind == "deadline.passed"; }));
  }
  void everybody_knows() {
    EXPECT_TRUE(network.settle([&] { return network.same_everywhere(id, all); }));
    for (const auto& unit : all) EXPECT_EQ(records(unit), told(unit)) << unit.text();
  }
  void restart_all() {
    for (const auto& unit : all) network.kill(unit);
    for (const auto& unit : {kCity, kDistrict, kTown, kVillage}) network.start(unit);
    network.settle();
  }

  SimulatedNetwork network;
  std::string id;
  std::uint64_t due_ms = 0;
  const std::vector<topology::Code> all{kVillage, kTown, kDistrict, kCity};
};

TEST_F(Timers, nobody_is_told_before_the_last_millisecond_has_passed) {
  network.clock.wall_ms = due_ms - 60'000;
  network.settle();
  EXPECT_EQ(told(kCity), 0U);
  network.clock.wall_ms = due_ms + 1;
  EXPECT_TRUE(network.settle([&] { return told(kCity) > 0; }));
}

TEST_F(Timers, a_node_that_slept_through_it_tells_once_when_it_is_back) {
  for (const auto& unit : all) network.kill(unit);
  network.clock.pass(due_ms - network.clock.wall_ms + 400 * kOneDayMs);
  for (const auto& unit : {kCity, kDistrict, kTown, kVillage}) network.start(unit);
  EXPECT_TRUE(network.settle([&] { return told(kCity) > 0; }));
  network.settle();
  everybody_knows();
  const auto times = told(kCity);
  for (int i = 0; i < 2; ++i) {
    restart_all();
    network.clock.pass(30 * kOneDayMs);
    network.settle();
  }
  everybody_knows();
  EXPECT_EQ(told(kCity), times);
}

TEST_F(Timers, a_clock_that_jumps_over_it_back_and_over_it_again_tells_once) {
  const auto before_ms = network.clock.wall_ms;
  network.clock.wall_ms = due_ms + kOneDayMs;
  EXPECT_TRUE(network.settle([&] { return told(kCity) > 0; }));
  network.settle();
  everybody_knows();
  const auto times = told(kCity);
  network.clock.wall_ms = before_ms;  // somebody sets the clocks right
  network.settle();
  restart_all();
  network.clock.wall_ms = due_ms + 2 * kOneDayMs;
  network.settle();
  everybody_knows();
  EXPECT_EQ(told(kCity), times);
}

}  // namespace
}  // namespace yishi::turn
