#include "tests/sim/disk.h"

#include <gtest/gtest.h>

#include "node/store/logs.h"

namespace yishi::sim {
namespace {

class SimulatedDisk : public testing::Test {
 protected:
  static store::Identity identity() {
    return {{}, crypto::Suite::kEd25519Sha256, *topology::Code::parse("320803001001"), {}, 1};
  }
  static std::unique_ptr<store::Database> open(Disk& disk) {
    auto database = store::Database::open("/node", store::Access::kWriter, disk);
    EXPECT_TRUE(database.ok()) << database.error().en;
    return std::move(*database);
  }
  // Commits 1, 2, 3 … as a value until it fails; what was acknowledged last.
  static int write_until_it_fails(store::Database& database, int from, int upto) {
    store::Logs logs(database);
    for (int i = from; i <= upto; ++i) {
      if (!database.begin().ok()) return i - 1;
      (void)logs.set_value("n", std::to_string(i));
      (void)logs.set_value("filler " + std::to_string(i), std::string(900, 'x'));
      if (!database.commit().ok()) return i - 1;
    }
    return upto;
  }
  static int read(store::Database& database) {
    return std::stoi(store::Logs(database).value("n").value_or("0"));
  }
};

TEST_F(SimulatedDisk, KeepsEveryAcknowledgedCommitThroughPowerCutsAtAnyOperation) {
  seed_sqlite(1);
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Disk disk(seed);
    ASSERT_TRUE(store::Database::create("/node", identity(), disk).ok());
    int acknowledged = 0;
    for (int life = 0; life < 4; ++life) {
      auto database = open(disk);
      ASSERT_GE(read(*database), acknowledged) << "seed " << seed << ", life " << life;
      disk.die_after(7 * seed % 97);
      acknowledged = write_until_it_fails(*database, read(*database) + 1, 40);
      disk.die();
      database.reset();
      disk.restart(true);
    }
  }
}

TEST_F(SimulatedDisk, LosesCommitsThatWereNotSynced) {
  seed_sqlite(2);
  int lost = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Disk disk(seed);
    ASSERT_TRUE(store::Database::create("/node", identity(), disk).ok());
    const auto add = [&](const char* synchronous) {
      sqlite3* handle = nullptr;
      ASSERT_EQ(sqlite3_open_v2("/node/store.db", &handle, SQLITE_OPEN_READWRITE, disk.vfs()),
                SQLITE_OK);
      const auto sql = std::string("PRAGMA synchronous = ") + synchronous +
                       "; INSERT INTO named_value VALUES ('n', '7')";
      EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
      disk.die();
      sqlite3_close(handle);
      disk.restart(true);
    };
    add("OFF");
    const auto database = open(disk);
    if (read(*database) != 7) ++lost;
  }
  EXPECT_GT(lost, 3);
  EXPECT_LT(lost, 20);
}

TEST_F(SimulatedDisk, TearsAWriteIntoSectors) {
  int whole = 0, none = 0, torn = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Disk disk(seed);
    sqlite3_vfs* vfs = sqlite3_vfs_find(disk.vfs());
    Bytes memory(static_cast<std::size_t>(vfs->szOsFile));
    auto* file = reinterpret_cast<sqlite3_file*>(memory.data());
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
    ASSERT_EQ(vfs->xOpen(vfs, "/f", file, flags, nullptr), SQLITE_OK);
    const std::string old(4 * kSectorBytes, 'o'), fresh(4 * kSectorBytes, 'n');
    const int size = static_cast<int>(old.size());
    ASSERT_EQ(file->pMethods->xWrite(file, old.data(), size, 0), SQLITE_OK);
    ASSERT_EQ(file->pMethods->xSync(file, 0), SQLITE_OK);
    ASSERT_EQ(file->pMethods->xWrite(file, fresh.data(), size, 0), SQLITE_OK);
    disk.restart(true);
    std::string now(old.size(), ' ');
    ASSERT_EQ(file->pMethods->xRead(file, now.data(), size, 0), SQLITE_OK);
    std::size_t sectors = 0;
    for (std::size_t at = 0; at < now.size(); at += kSectorBytes) {
      const auto sector = now.substr(at, kSectorBytes);
      const bool is_new = sector == std::string(kSectorBytes, 'n');
      ASSERT_TRUE(is_new || sector == std::string(kSectorBytes, 'o'));
      sectors += is_new ? 1 : 0;
    }
    ++(sectors == 0 ? none : sectors == 4 ? whole : torn);
    ASSERT_EQ(file->pMethods->xClose(file), SQLITE_OK);
  }
  EXPECT_GT(none, 5);
  EXPECT_GT(whole, 5);
  EXPECT_GT(torn, 5);
}

TEST_F(SimulatedDisk, FullDiskRefusesAndTakesAgainWhenThereIsRoom) {
  seed_sqlite(3);
  Disk disk(1);
  ASSERT_TRUE(store::Database::create("/node", identity(), disk).ok());
  auto database = open(disk);
  disk.fill_up(0);
  const int kept = write_until_it_fails(*database, 1, 2'000);
  EXPECT_LT(kept, 2'000);
  EXPECT_FALSE(database->poisoned());
  EXPECT_EQ(database->begin().error().rule, "store.full");
  disk.heal();
  EXPECT_EQ(write_until_it_fails(*database, kept + 1, kept + 5), kept + 5);
  EXPECT_EQ(read(*database), kept + 5);
}

// The pages of a sync that failed are read until the machine restarts, and are not on the
// disk: who builds on them loses what came after.
TEST_F(SimulatedDisk, NothingAcknowledgedIsLostAfterASyncThatFailed) {
  seed_sqlite(4);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Disk disk(seed);
    ASSERT_TRUE(store::Database::create("/node", identity(), disk).ok());
    auto database = open(disk);
    int acknowledged = write_until_it_fails(*database, 1, 3);
    disk.faults().failing_syncs = 1;
    disk.faults().failed_pages_vanish = seed % 2 == 0;
    EXPECT_LE(write_until_it_fails(*database, 4, 4), 3);
    EXPECT_TRUE(database->poisoned());
    disk.heal();
    database.reset();
    disk.restart(false);  // the process ends; the machine goes on
    database = open(disk);
    const int next = read(*database) + 1;
    acknowledged = write_until_it_fails(*database, next, next + 2);
    ASSERT_EQ(acknowledged, next + 2);
    disk.die();
    database.reset();
    disk.restart(true);  // … and now its power is cut
    database = open(disk);
    ASSERT_GE(read(*database), acknowledged) << "seed " << seed;
  }
}

TEST_F(SimulatedDisk, HoldsOneLockAtATime) {
  Disk disk(1);
  int error = 0;
  auto first = disk.lock("/node/lock", error);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(disk.lock("/node/lock", error), nullptr);
  EXPECT_EQ(error, EWOULDBLOCK);
  first.reset();
  EXPECT_NE(disk.lock("/node/lock", error), nullptr);
}

}  // namespace
}  // namespace yishi::sim
