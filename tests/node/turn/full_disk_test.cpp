// A node whose disk is full: it refuses what it cannot keep, says so, and goes on.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

// The machine's disk, with as much room as it is told.
class NarrowDisk final : public store::Disk {
 public:
  const char* vfs() const override { return real().vfs(); }
  bool exists(const std::string& path) override { return real().exists(path); }
  std::uint64_t size(const std::string& path) override { return real().size(path); }
  std::uint64_t room(const std::string& directory) override {
    return full ? 0 : real().room(directory);
  }
  int make_directory(const std::string& path) override { return real().make_directory(path); }
  int restrict_access(const std::string& path, unsigned mode) override {
    return real().restrict_access(path, mode);
  }
  int sync_directory(const std::string& path) override { return real().sync_directory(path); }
  int make_durable(const std::string& path) override { return real().make_durable(path); }
  int rename(const std::string& from, const std::string& to) override {
    return real().rename(from, to);
  }
  void remove(const std::string& path) override { real().remove(path); }
  int allocate(const std::string& path, std::uint64_t bytes) override {
    return full ? ENOSPC : real().allocate(path, bytes);
  }
  std::unique_ptr<Held> lock(const std::string& path, int& error) override {
    return real().lock(path, error);
  }

  bool full = false;
};

class FullDisk : public testing::Test {
 protected:
  FullDisk() {
    for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
    auto& town = network.at(kTown);
    network.kill(kTown);
    town.disk = &disk;
    disk.full = true;
    std::filesystem::remove(town.directory + "/reserve");
    network.start(kTown);
  }
  NarrowDisk disk;
  SimulatedNetwork network;
};

TEST_F(FullDisk, FrameThatIsRefusedEndsNobodysProcess) {
  network.at(kTown).transport->deliver(
      {network.at(kVillage).curve.public_key, false, Bytes{1, 2, 3}});
  network.step();  // asserts that every turn ends well
  EXPECT_TRUE(network.at(kTown).board.read()->disk_full);
}

TEST_F(FullDisk, WhatCameMeanwhileIsTakenWhenThereIsRoomAgain) {
  const auto answer = network.log(kVillage, "镇里磁盘已满时登记", "environment", 1'000);
  ASSERT_TRUE(answer.ok()) << answer.error().en;
  network.settle();
  EXPECT_FALSE(network.received(kVillage));
  const auto refused = network.log(kTown, "本机已满", "environment", 1'000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().rule, "store.full");
  disk.full = false;
  EXPECT_TRUE(network.settle(
      [&] { return network.received(kVillage) && network.issue(kCity, answer->issue); }));
}

}  // namespace
}  // namespace yishi::turn
