// What goes wrong: processes that die, lines that are cut, neighbours that lie.
#include "node/turn/verify.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

class Trouble : public testing::Test {
 protected:
  Trouble() {
    for (const auto& unit : {kDistrict, kTown, kVillage, kSecondVillage}) network.join(unit);
  }
  std::string log(const topology::Code& unit, std::string_view title) {
    const auto answer = network.log(unit, title, "environment", 1'000);
    EXPECT_TRUE(answer.ok()) << answer.error().en;
    return answer.ok() ? answer->issue : "";
  }
  bool at_city(const std::string& id) { return network.issue(kCity, id).has_value(); }

  // A frame of the village, signed with its real key, thrown over its real line.
  void throw_frame(const sync::Envelope& envelope) {
    auto& village = network.at(kVillage);
    network.at(kTown).transport->deliver(
        {village.curve.public_key, false, sync::seal(village.keys.node, envelope)});
    network.step();
  }
  sync::Envelope envelope(sync::Message message, std::uint64_t counter) {
    return {network.id,   network.at(kVillage).keys.node.public_key().id(),
            kTown.text(), session,
            counter,      std::move(message)};
  }
  SimulatedNetwork network;
  sync::Nonce session{};
};

TEST_F(Trouble, NodeWhoseDiskIsGoneHearsAgainWhatItsPredecessorWrote) {
  const auto id = log(kVillage, "旧机器登记的");
  ASSERT_TRUE(network.settle([&] { return at_city(id) && network.received(kVillage); }));
  network.kill(kVillage);
  std::filesystem::remove_all(network.at(kVillage).directory);
  network.join(kVillage);
  EXPECT_TRUE(network.settle([&] { return network.same_everywhere(id, {kVillage, kCity}); }));
}

TEST_F(Trouble, ParentIsKilledAndEverythingArrivesOnceAfterItComesBack) {
  const auto before = log(kVillage, "一");
  ASSERT_TRUE(network.settle([&] { return at_city(before); }));
  network.kill(kDistrict);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(log(kVillage, "断线时登记"));
    ids.push_back(log(kSecondVillage, "断线时也登记"));
  }
  ASSERT_TRUE(network.settle([&] {
    return network.received(kVillage) && network.received(kSecondVillage);
  })) << "the township has them";
  EXPECT_FALSE(network.received(kTown));
  const auto waiting =
      store::Logs(*network.at(kTown).database).waiting(network.at(kTown).board.read()->receipted);
  EXPECT_EQ(waiting.records, 40U);
  EXPECT_GT(waiting.oldest_ms, 0U);
  network.start(kDistrict);
  ASSERT_TRUE(network.settle([&] {
    return network.received(kTown) &&
           std::all_of(ids.begin(), ids.end(), [&](const auto& id) { return at_city(id); });
  }));
  EXPECT_EQ(store::Issues(*network.at(kCity).database).count(), 41U);
}

TEST_F(Trouble, LineIsCutForDaysAndHealsByItself) {
  network.line_cut = [](const auto& child) { return child == kVillage; };
  network.settle();
  const auto id = log(kVillage, "断网时登记");
  network.clock.pass(5ULL * 86'400'000);
  network.settle();
  EXPECT_FALSE(network.received(kVillage));
  network.line_cut = [](const auto&) { return false; };
  EXPECT_TRUE(network.settle([&] { return at_city(id) && network.received(kVillage); }));
}

TEST_F(Trouble, EveryNodeIsRestartedInTurnAndNothingIsLost) {
  std::vector<std::string> ids;
  for (const auto& unit : {kVillage, kTown, kDistrict, kCity, kVillage, kCity, kTown}) {
    ids.push_back(log(kVillage, "重启之间"));
    network.kill(unit);
    network.step();
    network.start(unit);
  }
  ASSERT_TRUE(network.settle([&] {
    return std::all_of(ids.begin(), ids.end(), [&](const auto& id) { return at_city(id); });
  }));
  for (auto& [unit, node] : network.nodes) {
    const auto report = verify_store(node->directory, {});
    ASSERT_TRUE(report.ok()) << report.error().en;
    EXPECT_TRUE(report->ok()) << unit.text() << " " << report->faults_en.front();
  }
}

TEST_F(Trouble, FrameOfAStrangerIsRefusedByName) {
  const auto stranger = crypto::PrivateKey::generate(network.suite);
  auto forged = envelope(sync::StatusReport{}, 1);
  forged.sender = stranger.public_key().id();
  network.at(kTown).transport->deliver(
      {network.at(kVillage).curve.public_key, false, sync::seal(stranger, forged)});
  network.step();
  EXPECT_TRUE(network.refused(kTown, "envelope.sender"));
}

TEST_F(Trouble, FrameSignedWithAnotherKeyIsRefusedByName) {
  const auto stranger = crypto::PrivateKey::generate(network.suite);
  network.at(kTown).transport->deliver({network.at(kVillage).curve.public_key, false,
                                        sync::seal(stranger, envelope(sync::StatusReport{}, 1))});
  network.step();
  EXPECT_TRUE(network.refused(kTown, "envelope.signature"));
}

TEST_F(Trouble, FrameOverAnotherChildsLineIsRefusedByName) {
  network.at(kTown).transport->deliver(
      {network.at(kSecondVillage).curve.public_key, false,
       sync::seal(network.at(kVillage).keys.node, envelope(sync::StatusReport{}, 1))});
  network.step();
  EXPECT_TRUE(network.refused(kTown, "envelope.line"));
}

TEST_F(Trouble, FrameForAnotherNetworkOrReceiverIsRefusedByName) {
  auto other_network = envelope(sync::StatusReport{}, 1);
  other_network.network.bytes.fill(1);
  throw_frame(other_network);
  EXPECT_TRUE(network.refused(kTown, "envelope.network"));
  auto other_receiver = envelope(sync::StatusReport{}, 1);
  other_receiver.receiver = kDistrict.text();
  throw_frame(other_receiver);
  EXPECT_TRUE(network.refused(kTown, "envelope.receiver"));
}

TEST_F(Trouble, MessageOfAnOlderSessionIsRefusedAndTheLinkGoesOn) {
  throw_frame(envelope(sync::StatusReport{}, 1));  // session zero: none that was ever agreed
  EXPECT_TRUE(network.refused(kTown, "session.unknown"));
  const auto id = log(kVillage, "之后照常");
  EXPECT_TRUE(network.settle([&] { return at_city(id); }));
}

TEST_F(Trouble, SuspendedUnitIsNotHeardAnyMore) {
  ASSERT_TRUE(network.change({topology::UnitSuspended{kVillage}}).ok());
  network.settle();
  const auto refused = network.log(kVillage, "停用后", "environment", 1'000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().rule, "node.suspended");
  ASSERT_TRUE(network.change({topology::UnitResumed{kVillage}}).ok());
  network.settle();
  const auto id = log(kVillage, "恢复后");
  EXPECT_TRUE(network.settle([&] { return at_city(id); }));
}

TEST_F(Trouble, TownshipThatWasOfflineWhenItMovedLearnsOfItFromItsFormerParent) {
  network.join(kOtherDistrict);
  network.kill(kTown);
  ASSERT_TRUE(network.change({topology::UnitMoved{kTown, kOtherDistrict}}).ok());
  network.settle();
  const auto id = log(kVillage, "镇里停机时登记");
  network.start(kTown);
  EXPECT_TRUE(network.settle([&] { return network.issue(kOtherDistrict, id).has_value(); }));
}

TEST_F(Trouble, MovedTownshipWorksOnUnderItsNewParentAndBringsItsHistory) {
  const auto before = log(kVillage, "搬迁前");
  ASSERT_TRUE(network.settle([&] { return at_city(before); }));
  network.join(kOtherDistrict);
  ASSERT_TRUE(network.change({topology::UnitMoved{kTown, kOtherDistrict}}).ok());
  ASSERT_TRUE(network.settle([&] { return network.issue(kOtherDistrict, before).has_value(); }));
  const auto after = log(kVillage, "搬迁后");
  EXPECT_TRUE(network.settle(
      [&] { return at_city(after) && network.issue(kOtherDistrict, after).has_value(); }));
}

TEST_F(Trouble, ParentsDiskIsFullWhileItsChildrenSendAndNothingIsLost) {
  const auto before = log(kVillage, "一");
  ASSERT_TRUE(network.settle([&] { return at_city(before); }));
  // No reserve can be made where a folder has its name: the store takes the disk for full.
  network.kill(kTown);
  const auto reserve = std::filesystem::path(network.at(kTown).directory) / "reserve";
  std::filesystem::remove(reserve);
  std::filesystem::create_directory(reserve);
  network.start(kTown);
  const auto during = log(kVillage, "镇里满盘时登记");
  network.settle();
  throw_frame(envelope(sync::StatusReport{}, 1));  // of no session: a refusal is not kept either
  EXPECT_FALSE(network.received(kVillage));
  EXPECT_FALSE(network.issue(kTown, during).has_value());
  const auto refused = network.log(kTown, "无处可存", "environment", 1'000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().rule, "store.full");
  EXPECT_TRUE(network.at(kTown).board.read()->disk_full);
  EXPECT_TRUE(network.issue(kTown, before).has_value()) << "it still answers";

  std::filesystem::remove(reserve);
  EXPECT_TRUE(network.settle([&] { return at_city(during) && network.received(kVillage); }));
  EXPECT_FALSE(network.at(kTown).board.read()->disk_full);
}

TEST_F(Trouble, WhenTooManyChildrenGreetAtOnceTheRestIsWelcomedInTheNextTurn) {
  const auto state_at_town = [&](const topology::Code& child) {
    for (const auto& view : network.at(kTown).board.read()->children) {
      if (view.unit == child) return view.state;
    }
    return std::string("never heard");
  };
  network.kill(kVillage);
  network.clock.pass(sync::kSilenceMs + 1'000);
  network.settle();
  ASSERT_EQ(state_at_town(kVillage), "down");

  const auto& crowd = network.at(kSecondVillage);
  for (std::size_t i = 0; i < kGreetingsPerTurn; ++i) {
    sync::Hello hello;
    network.random.fill(hello.nonce);
    network.at(kTown).transport->deliver(
        {crowd.curve.public_key, false,
         sync::seal(crowd.keys.node,
                    {network.id, crowd.keys.node.public_key().id(), kTown.text(), {}, 0, hello})});
  }
  network.start(kVillage);
  ASSERT_TRUE(network.at(kVillage).turn->run_once(0).ok());  // greets, behind all of those
  network.step();
  EXPECT_EQ(state_at_town(kVillage), "down");
  network.step();
  EXPECT_EQ(state_at_town(kVillage), "open");
  const auto id = log(kVillage, "排队之后");
  EXPECT_TRUE(network.settle([&] { return at_city(id); }));
}

TEST_F(Trouble, TamperedHeadIsFoundByVerify) {
  const auto id = log(kVillage, "将被篡改");
  ASSERT_TRUE(network.settle([&] { return at_city(id); }));
  auto& city = network.at(kCity);
  store::Logs logs(*city.database);
  const auto log_id = network.at(kVillage).keys.node.public_key().id();
  auto head = logs.log(log_id).head;
  head.sequence += 1;
  ASSERT_TRUE(city.database->begin().ok());
  ASSERT_TRUE(logs.set_head(log_id, head, 1).ok());
  ASSERT_TRUE(city.database->commit().ok());
  const auto report = verify_store(city.directory, {});
  ASSERT_TRUE(report.ok()) << report.error().en;
  EXPECT_FALSE(report->ok());
}

TEST_F(Trouble, TamperedProjectionIsFoundByVerify) {
  const auto id = log(kVillage, "将被篡改");
  ASSERT_TRUE(network.settle([&] { return at_city(id); }));
  auto& city = network.at(kCity);
  store::Logs logs(*city.database);
  ASSERT_TRUE(city.database->begin().ok());
  // The index of who must hear what is changed behind the entries' back.
  ASSERT_TRUE(store::Issues(*city.database).touch_everyone(logs.last_position() + 1).ok());
  ASSERT_TRUE(city.database->commit().ok());
  const auto report = verify_store(city.directory, {});
  ASSERT_TRUE(report.ok()) << report.error().en;
  EXPECT_FALSE(report->ok());
}

}  // namespace
}  // namespace yishi::turn
