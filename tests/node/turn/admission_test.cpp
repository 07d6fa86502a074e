// Doors that open late: a ticket that its parent has not heard of yet.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

TEST(Admission, JoinerThatKnocksBeforeItsParentHasHeardOfTheTicketIsLetInLater) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown}) network.join(unit);
  network.line_cut = [](const auto& child) { return child == kTown; };
  network.prepare_join(kVillage);  // the root knows the ticket now, and the town does not
  network.start(kVillage);
  EXPECT_FALSE(network.settle([&] { return network.at(kVillage).turn->admitted(); }, 2'000));
  network.line_cut = [](const auto&) { return false; };
  EXPECT_TRUE(network.settle([&] { return network.at(kVillage).turn->admitted(); }));
}

}  // namespace
}  // namespace yishi::turn
