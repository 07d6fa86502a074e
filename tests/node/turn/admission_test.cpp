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

TEST(Admission, SecondUseOfATicketIsRefusedAndTheOperatorHearsOfIt) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown}) network.join(unit);
  network.prepare_join(kVillage);
  const auto ticket = network.at(kVillage).joining->ticket;
  network.start(kVillage);
  ASSERT_TRUE(network.settle([&] { return network.at(kVillage).turn->admitted(); }));
  const auto first = network.at(kVillage).keys.node.public_key().id();
  network.kill(kVillage);

  // Another machine, with keys of its own and a copy of the ticket.
  std::filesystem::remove_all(network.at(kVillage).directory);
  network.prepare_join(kVillage);
  auto& copy = network.at(kVillage);
  copy.joining->ticket = ticket;
  copy.joining->change =
      topology::sign_change(
          ticket.signing_key(), network.id, network.clock.wall_ms,
          {topology::NodeAdmitted{kVillage, copy.keys.node.public_key().raw(),
                                  SimulatedNetwork::bytes_of(copy.curve.public_key),
                                  SimulatedNetwork::endpoint(kVillage)}},
          network.random)
          .encode();
  network.start(kVillage);
  ASSERT_TRUE(
      network.settle([&] { return network.at(kVillage).turn->waits_for() == "ticket.used"; }));
  ASSERT_TRUE(network.settle([&] { return network.refused(kCity, "ticket.used"); }));
  network.settle();
  EXPECT_FALSE(network.at(kVillage).turn->admitted());
  EXPECT_TRUE(network.refused(kTown, "ticket.used"));
  const auto& directory = *network.at(kCity).board.read()->directory;
  EXPECT_EQ(directory.node_of_unit(kVillage)->key.id(), first);
  std::size_t said = 0;  // once, however often it knocks
  for (const auto& one : network.refusals(kCity)) said += one.rule == "ticket.used" ? 1 : 0;
  EXPECT_EQ(said, 1U);
}

TEST(Admission, TicketExpiresByTheRootsClock) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown}) network.join(unit);
  network.prepare_join(kVillage);  // signed in time
  network.clock.wall_ms += 2 * 86'400'000ULL;
  network.start(kVillage);
  ASSERT_TRUE(
      network.settle([&] { return network.at(kVillage).turn->waits_for() == "ticket.expired"; }));
  EXPECT_FALSE(network.at(kVillage).turn->admitted());
}

TEST(Admission, StoreOfOneUnitWithTheKeyOfAnotherDoesNotStart) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
  network.kill(kVillage);
  auto& village = network.at(kVillage);
  auto database = store::Database::open(village.directory, store::Access::kWriter);
  ASSERT_TRUE(database.ok());
  SimulatedTransport transport(network, kVillage);
  Board board;
  Mailbox mailbox{[] {}};
  Turn turn(**database, transport, mailbox, board, network.clock, network.random,
            network.at(kTown).keys, std::nullopt, {});
  const auto status = turn.start();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "data.other");
}

}  // namespace
}  // namespace yishi::turn
