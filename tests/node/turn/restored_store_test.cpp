// A disk that is put back to an older state of itself, and has grown again past what its parent
// holds before the two meet.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

class RestoredStore : public testing::Test {
 protected:
  RestoredStore() {
    for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
    network.line_cut = [this](const topology::Code& child) { return cut && child == kVillage; };
  }

  Answer note(std::string_view line) {
    return network.ask(kVillage, NoteJournal{{std::string(line)}});
  }
  void copy_disk(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  SimulatedNetwork network;
  bool cut = false;
};

TEST_F(RestoredStore, SaysNothingOfRowsThatItsParentNeverSaw) {
  const auto& disk = network.at(kVillage).directory;
  ASSERT_TRUE(note("在备份里").ok());
  ASSERT_TRUE(network.settle([&] { return network.received(kVillage); }));
  network.kill(kVillage);
  copy_disk(disk, network.folder + "/backup");
  network.start(kVillage);
  for (const auto* line : {"一", "二", "三"}) ASSERT_TRUE(note(line).ok());
  ASSERT_TRUE(network.settle([&] { return network.received(kVillage); }));

  network.kill(kVillage);
  copy_disk(network.folder + "/backup", disk);
  cut = true;
  network.start(kVillage);
  for (const auto* line : {"四", "五", "六"}) ASSERT_TRUE(note(line).ok());
  EXPECT_FALSE(network.received(kVillage));
  cut = false;
  for (int i = 0; i < 200; ++i) {
    network.step();
    ASSERT_FALSE(network.received(kVillage));
  }
  EXPECT_EQ(note("七").error().rule, "node.own_log");  // it would fork its log even further
  EXPECT_FALSE(store::Logs(*network.at(kTown).database).forks().empty());
}

TEST_F(RestoredStore, RestartsAloneCostNothing) {
  ASSERT_TRUE(note("之前").ok());
  ASSERT_TRUE(network.settle([&] { return network.received(kVillage); }));
  const auto position = network.at(kVillage).board.read()->receipted.position;
  for (int i = 0; i < 3; ++i) {
    network.kill(kVillage);
    network.start(kVillage);
    ASSERT_TRUE(
        network.settle([&] { return network.at(kVillage).board.read()->parent->state == "open"; }));
    EXPECT_EQ(network.at(kVillage).board.read()->receipted.position, position);
  }
  ASSERT_TRUE(note("之后").ok());
  EXPECT_TRUE(network.settle([&] { return network.received(kVillage); }));
}

}  // namespace
}  // namespace yishi::turn
