// Disks that are full, that fail, and that lose their power.
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "node/store/database_impl.h"
#include "node/store/limits.h"
#include "tests/node/store/fault_vfs.h"
#include "tests/node/store/fixture.h"

namespace yishi::store {
namespace {

StoredRow large_row(TestLog& log) {
  StoredRow row = log.row(1);
  row.run.resize(256UL * 1024, 5);
  return row;
}

TEST(FullDisk, NothingIsKeptTheReserveGoesAndComesBackWithTheRoom) {
  const TempDir dir;
  const auto database = make_store(dir.data());
  const Logs logs(*database);
  Logs writing(*database);
  TestLog log(1);
  in_transaction(*database, [&] { ASSERT_OK(writing.append(log.row(1))); });
  ASSERT_TRUE(std::filesystem::exists(dir.data() + "/reserve"));

  Connection& connection = database->impl().connection;
  ASSERT_TRUE(connection.execute("PRAGMA max_page_count = 1"));  // as many as there are
  ASSERT_OK(database->begin());
  Status failed;
  for (int i = 0; i < 8 && failed.ok(); ++i) {
    const auto appended = writing.append(large_row(log));
    if (!appended) failed = appended.error();
  }
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().rule, "store.full");
  EXPECT_NE(failed.error().zh.find("磁盘已满，未保存"), std::string::npos);
  const Status committed = database->commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().rule, "store.full");
  EXPECT_FALSE(database->poisoned());
  EXPECT_FALSE(database->in_transaction());
  EXPECT_EQ(logs.last_position(), 1U);
  EXPECT_FALSE(std::filesystem::exists(dir.data() + "/reserve"));

  ASSERT_TRUE(connection.execute("PRAGMA max_page_count = 1000000"));
  in_transaction(*database, [&] { ASSERT_OK(writing.append(log.row(1))); });
  EXPECT_EQ(logs.last_position(), 2U);
  EXPECT_EQ(std::filesystem::file_size(dir.data() + "/reserve"), kReserveBytes);
}

TEST(FullDisk, WriteAheadLogThatCannotGrowRefusesTheCommit) {
  const TempDir dir;
  FaultVfs& disk = FaultVfs::get();
  const auto database = make_store(dir.data());
  disk.fail_write = SQLITE_FULL;
  ASSERT_OK(database->begin());
  ASSERT_OK(Logs(*database).set_value("name", "value"));
  const Status committed = database->commit();
  disk.heal();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().rule, "store.full");
  EXPECT_FALSE(database->poisoned());
  EXPECT_EQ(Logs(*database).value("name"), std::nullopt);
  in_transaction(*database, [&] { ASSERT_OK(Logs(*database).set_value("name", "value")); });
  EXPECT_EQ(Logs(*database).value("name"), "value");
}

// A file system of its own when we may mount one; where we may not, a disk that says so.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=24m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

// Fills the disk to its last byte; what is left is left by closing.
void fill_disk(const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  const std::string block(4096, 'x');
  while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
  }
}

void expect_refused_until_there_is_room(Database& database, TestLog& log,
                                        const std::function<void()>& make_room) {
  Logs logs(database);
  const std::uint64_t held = logs.last_position();
  std::string rule;
  for (int i = 0; i < 200 && rule.empty(); ++i) {
    const Status begun = database.begin();
    if (!begun) {
      rule = begun.error().rule;
      break;
    }
    const auto appended = logs.append(large_row(log));
    const Status committed = database.commit();
    if (!committed) rule = committed.error().rule;
    EXPECT_EQ(appended.ok() && committed.ok(), rule.empty());
  }
  EXPECT_EQ(rule, "store.full");
  EXPECT_FALSE(database.poisoned());
  EXPECT_GE(logs.last_position(), held);  // can still be asked
  const Status again = database.begin();  // and says why it takes nothing
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().rule, "store.full");

  make_room();
  const std::uint64_t before = logs.last_position();
  in_transaction(database, [&] { ASSERT_OK(logs.append(large_row(log))); });
  EXPECT_EQ(logs.last_position(), before + 1);
}

TEST(FullDisk, RealDiskRefusesNewIntakeAndStillAnswers) {
  const TempDir dir;
  const SmallDisk disk(dir.path() + "/disk");
  const std::string data = disk.path() + "/data";
  const std::string ballast = disk.path() + "/ballast";
  auto database = make_store(data);
  TestLog log(1);
  if (disk.mounted()) {
    fill_disk(ballast);
    expect_refused_until_there_is_room(*database, log, [&] { std::filesystem::remove(ballast); });
    // A daemon that starts on a full disk opens on its reserve.
    database.reset();
    fill_disk(ballast);
    database = open_or_fail(data);
    EXPECT_GT(Logs(*database).last_position(), 0U);
  } else {  // not allowed to mount here: the pages of the file are the disk
    Connection& connection = database->impl().connection;
    ASSERT_TRUE(connection.execute("PRAGMA max_page_count = 100"));
    ASSERT_OK(database->begin());
    EXPECT_FALSE(Logs(*database).append(large_row(log)).ok() && database->commit().ok());
  }
}

TEST(FailingDisk, FailedSyncOfACommitPoisonsTheWriter) {
  const TempDir dir;
  FaultVfs& disk = FaultVfs::get();
  auto database = make_store(dir.data());
  in_transaction(*database, [&] { ASSERT_OK(Logs(*database).set_value("name", "before")); });
  disk.fail_sync = SQLITE_IOERR_FSYNC;
  ASSERT_OK(database->begin());
  ASSERT_OK(Logs(*database).set_value("name", "after"));
  const Status committed = database->commit();
  disk.heal();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().rule, "store.io");
  EXPECT_TRUE(database->poisoned());
  const Status begun = database->begin();  // although the disk is well again
  ASSERT_FALSE(begun.ok());
  EXPECT_EQ(begun.error().rule, "store.poisoned");
  database.reset();
  database = open_or_fail(dir.data());
  EXPECT_FALSE(database->poisoned());
  in_transaction(*database, [&] { ASSERT_OK(Logs(*database).set_value("name", "later")); });
}

TEST(FailingDisk, FailedWriteThatIsNotForRoomPoisonsTheWriter) {
  const TempDir dir;
  FaultVfs& disk = FaultVfs::get();
  const auto database = make_store(dir.data());
  disk.fail_write = SQLITE_IOERR_WRITE;
  ASSERT_OK(database->begin());
  ASSERT_OK(Logs(*database).set_value("name", "value"));
  errno = 0;
  const Status committed = database->commit();
  disk.heal();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().rule, "store.io");
  EXPECT_TRUE(database->poisoned());
}

TEST(FailingDisk, FailedSyncWhileCopyingBackPoisonsAlthoughTheCommitStands) {
  const TempDir dir;
  FaultVfs& disk = FaultVfs::get();
  const auto database = make_store(dir.data());
  TestLog log(1);
  Logs logs(*database);
  // One commit larger than a checkpoint waits for; its own sync is the first, and works.
  ASSERT_OK(database->begin());
  for (int i = 0; i < 20; ++i) ASSERT_OK(logs.append(large_row(log)));
  const std::uint64_t before = disk.syncs;
  sqlite3_wal_hook(
      database->impl().connection.handle(),
      [](void* pages, sqlite3*, const char*, int now) {
        *static_cast<int*>(pages) = now;
        FaultVfs::get().fail_sync = SQLITE_IOERR_FSYNC;  // the commit is on the disk by now
        return SQLITE_OK;
      },
      &database->impl().wal_pages);
  EXPECT_TRUE(database->commit().ok());
  EXPECT_EQ(disk.syncs, before + 1);  // the write-ahead log; nothing is copied back yet
  database->tend();
  disk.heal();
  EXPECT_GT(disk.syncs, before + 1);
  EXPECT_TRUE(database->poisoned());
  EXPECT_EQ(logs.last_position(), 20U);
}

TEST(FailingDisk, EveryCommitIsSynced) {
  const TempDir dir;
  FaultVfs& disk = FaultVfs::get();
  const auto database = make_store(dir.data());
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t before = disk.syncs;
    in_transaction(*database,
                   [&] { ASSERT_OK(Logs(*database).set_value("name", std::to_string(i))); });
    EXPECT_GT(disk.syncs, before);
  }
}

// Commits rows until it is killed, and says after each commit how far it is.
[[noreturn]] void commit_until_killed(const std::string& directory, int pipe) {
  auto opened = Database::open(directory, Access::kWriter);
  if (!opened) ::_exit(1);
  Database& database = **opened;
  Logs logs(database);
  const std::uint64_t begin = logs.last_position();
  TestLog log(begin + 1);  // a log of its own for each life
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    StoredRow row = log.row(1 + i % 3);
    if (!database.begin() || !logs.append(row) || !logs.set_head(row.log, log.head(), 1) ||
        !logs.set_value("position", std::to_string(begin + i + 1)) || !database.commit()) {
      ::_exit(1);
    }
    const std::uint64_t position = begin + i + 1;
    if (::write(pipe, &position, sizeof position) != sizeof position) ::_exit(1);
    database.tend();
  }
  ::_exit(1);
}

TEST(PowerCut, WhatCommitSaidIsThereAndCursorAndRowsAgree) {
  const TempDir dir;
  make_store(dir.data()).reset();
  std::mt19937 random(20261121);
  std::uint64_t said = 0;
  for (int life = 0; life < 20; ++life) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      commit_until_killed(dir.data(), ends[1]);
    }
    ::close(ends[1]);
    const unsigned commits = 1 + random() % 40;
    std::uint64_t position = 0;
    for (unsigned i = 0; i < commits; ++i) {
      ASSERT_EQ(::read(ends[0], &position, sizeof position), ssize_t{sizeof position});
      said = position;
    }
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    while (::read(ends[0], &position, sizeof position) == ssize_t{sizeof position}) said = position;
    ::close(ends[0]);

    const auto database = open_or_fail(dir.data());
    const Logs logs(*database);
    ASSERT_GE(logs.last_position(), said);
    ASSERT_EQ(logs.value("position"), std::to_string(logs.last_position()));
    const auto newest = logs.row(logs.last_position());
    ASSERT_TRUE(newest.has_value());
    EXPECT_EQ(logs.log(newest->log).head.sequence, newest->last);
    EXPECT_EQ(logs.entry_digest(newest->log, newest->last), logs.log(newest->log).head.digest);
  }
}

}  // namespace
}  // namespace yishi::store
