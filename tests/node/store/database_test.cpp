// The store as a file: who may open it, what its settings are, what a reader sees.
#include "node/store/database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

#include "node/store/database_impl.h"
#include "node/store/page_check.h"
#include "node/store/schema.h"
#include "node/store/settings.h"
#include "tests/node/store/fixture.h"

namespace yishi::store {
namespace {

void run_sql(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                            checked_vfs(nullptr)),
            SQLITE_OK);
  ASSERT_TRUE(reserve_page_checks(handle));
  char* message = nullptr;
  ASSERT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  ASSERT_EQ(sqlite3_close(handle), SQLITE_OK);
}

std::string rule_of_open(const std::string& directory, Access access = Access::kWriter) {
  const auto opened = Database::open(directory, access);
  return opened ? "" : opened.error().rule;
}

mode_t mode_of(const std::string& path) {
  struct ::stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

TEST(Database, IdentityIsThereAfterReopening) {
  const TempDir dir;
  Identity identity = identity_of("320803001000-E01");
  identity.suite = crypto::Suite::kSm2Sm3;
  ASSERT_OK(Database::create(dir.data(), identity));
  for (int time = 0; time < 2; ++time) {
    const auto database = open_or_fail(dir.data());
    EXPECT_EQ(database->identity().network, identity.network);
    EXPECT_EQ(database->identity().suite, identity.suite);
    EXPECT_EQ(database->identity().unit, identity.unit);
    EXPECT_EQ(database->identity().incarnation, identity.incarnation);
    EXPECT_EQ(database->identity().created_ms, identity.created_ms);
    EXPECT_EQ(database->directory(), dir.data());
  }
}

TEST(Database, OthersMayNotReadTheDirectoryOrItsFiles) {
  const TempDir dir;
  std::filesystem::create_directory(dir.data());
  ::chmod(dir.data().c_str(), 0777);
  const auto database = make_store(dir.data());
  in_transaction(*database, [&] { ASSERT_OK(Logs(*database).set_value("a", "b")); });
  EXPECT_EQ(mode_of(dir.data()), 0700U);
  for (const char* file : {"/store.db", "/store.db-wal", "/store.db-shm", "/lock", "/reserve"}) {
    EXPECT_EQ(mode_of(dir.data() + file), 0600U) << file;
  }
}

TEST(Database, CreatingTwiceIsRefusedAndTheFirstStays) {
  const TempDir dir;
  ASSERT_OK(Database::create(dir.data(), identity_of("320803001001")));
  const Status again = Database::create(dir.data(), identity_of("320803001002"));
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().rule, "store.exists");
  EXPECT_EQ(open_or_fail(dir.data())->identity().unit, code("320803001001"));
}

TEST(Database, CreatingThatWasCutOffLeavesNothingInTheWay) {
  const TempDir dir;
  std::filesystem::create_directory(dir.data());
  std::ofstream(dir.data() + "/store.db.new") << "half a file";
  std::ofstream(dir.data() + "/store.db.new-journal") << "half a journal";
  EXPECT_EQ(rule_of_open(dir.data()), "store.missing");
  ASSERT_OK(Database::create(dir.data(), identity_of("320803001001")));
  EXPECT_EQ(rule_of_open(dir.data()), "");
  EXPECT_FALSE(std::filesystem::exists(dir.data() + "/store.db.new"));
}

TEST(Database, NoStoreInTheDirectoryIsNamedMissing) {
  const TempDir dir;
  EXPECT_EQ(rule_of_open(dir.data()), "store.missing");
  EXPECT_EQ(rule_of_open(dir.data(), Access::kReader), "store.missing");
}

TEST(Database, SecondWriterIsRefusedWhileTheFirstLives) {
  const TempDir dir;
  auto first = make_store(dir.data());
  const auto second = Database::open(dir.data(), Access::kWriter);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().rule, "store.locked");
  EXPECT_EQ(second.error().field, dir.data());
  const Status created = Database::create(dir.data(), identity_of("320803001001"));
  ASSERT_FALSE(created.ok());
  EXPECT_EQ(created.error().rule, "store.locked");
  first.reset();
  EXPECT_EQ(rule_of_open(dir.data()), "");
}

TEST(Database, WriterHasTheSettingsItsPromisesRestOn) {
  const TempDir dir;
  const auto database = make_store(dir.data());
  Connection& connection = database->impl().connection;
  const std::vector<std::pair<std::string, std::string>> settings = {
      {"journal_mode", "wal"},
      {"synchronous", "2"},
      {"foreign_keys", "1"},
      {"trusted_schema", "0"},
      {"cell_size_check", "1"},
      {"mmap_size", "0"},
      {"cache_size", "-2048"},
      {"temp_store", "2"},
      {"wal_autocheckpoint", "0"},
      {"query_only", "0"},
      {"application_id", std::to_string(kApplicationId)},
      {"user_version", std::to_string(kSchemaVersion)}};
  for (const auto& [name, value] : settings) {
    EXPECT_EQ(pragma(connection, name).value_or("fault"), value) << name;
  }
  int defensive = -1;
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive);
  EXPECT_EQ(defensive, 1);
}

TEST(Database, ReaderOnlyAsksAndNeverCheckpoints) {
  const TempDir dir;
  const auto writer = make_store(dir.data());
  const auto reader = open_or_fail(dir.data(), Access::kReader);
  Connection& connection = reader->impl().connection;
  EXPECT_EQ(pragma(connection, "query_only"), "1");
  EXPECT_EQ(pragma(connection, "wal_autocheckpoint"), "0");
  EXPECT_EQ(pragma(connection, "trusted_schema"), "0");
  int kept = -1;
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &kept);
  EXPECT_EQ(kept, 1);
}

TEST(Database, ReaderCannotWriteEvenInATransaction) {
  const TempDir dir;
  const auto writer = make_store(dir.data());
  const auto reader = open_or_fail(dir.data(), Access::kReader);
  ASSERT_OK(reader->begin());
  const Status written = Logs(*reader).set_value("name", "value");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().rule, "store.readonly");
  EXPECT_FALSE(reader->commit().ok());
  EXPECT_FALSE(reader->poisoned());
  EXPECT_EQ(Logs(*writer).value("name"), std::nullopt);
}

TEST(Database, ReaderSeesOnlyWhatWasCommitted) {
  const TempDir dir;
  const auto writer = make_store(dir.data());
  const auto reader = open_or_fail(dir.data(), Access::kReader);
  ASSERT_OK(writer->begin());
  ASSERT_OK(Logs(*writer).set_value("name", "value"));
  EXPECT_EQ(Logs(*reader).value("name"), std::nullopt);
  ASSERT_OK(writer->commit());
  EXPECT_EQ(Logs(*reader).value("name"), "value");
}

TEST(Database, ReaderInATransactionSeesOneState) {
  const TempDir dir;
  const auto writer = make_store(dir.data());
  const auto reader = open_or_fail(dir.data(), Access::kReader);
  ASSERT_OK(reader->begin());
  EXPECT_EQ(Logs(*reader).value("name"), std::nullopt);
  in_transaction(*writer, [&] { ASSERT_OK(Logs(*writer).set_value("name", "value")); });
  EXPECT_EQ(Logs(*reader).value("name"), std::nullopt);
  ASSERT_OK(reader->commit());
  EXPECT_EQ(Logs(*reader).value("name"), "value");
}

TEST(Database, ReaderOpensAFreshStoreThatNoWriterHasOpened) {
  const TempDir dir;
  ASSERT_OK(Database::create(dir.data(), identity_of("320803001001")));
  const auto reader = open_or_fail(dir.data(), Access::kReader);
  EXPECT_EQ(Logs(*reader).last_position(), 0U);
  EXPECT_FALSE(reader->take_fault().has_value());
}

TEST(Database, ReaderThatClosesLastLeavesTheWriteAheadLogAlone) {
  const TempDir dir;
  auto writer = make_store(dir.data());
  auto reader = open_or_fail(dir.data(), Access::kReader);
  in_transaction(*writer, [&] { ASSERT_OK(Logs(*writer).set_value("name", "value")); });
  // A copy of what a power cut leaves: the file and its write-ahead log.
  const std::string cut = dir.path() + "/cut";
  std::filesystem::copy(dir.data(), cut);
  writer.reset();
  reader.reset();
  const auto wal_bytes = std::filesystem::file_size(cut + "/store.db-wal");
  ASSERT_GT(wal_bytes, 0U);
  reader = open_or_fail(cut, Access::kReader);
  EXPECT_EQ(Logs(*reader).value("name"), "value");
  reader.reset();
  EXPECT_EQ(std::filesystem::file_size(cut + "/store.db-wal"), wal_bytes);
}

TEST(Database, ClosingWriterCopiesTheWriteAheadLogBack) {
  const TempDir dir;
  auto writer = make_store(dir.data());
  in_transaction(*writer, [&] { ASSERT_OK(Logs(*writer).set_value("name", "value")); });
  writer.reset();
  EXPECT_FALSE(std::filesystem::exists(dir.data() + "/store.db-wal"));
  EXPECT_EQ(Logs(*open_or_fail(dir.data())).value("name"), "value");
}

TEST(Database, WriteAheadLogIsCopiedBackWhileTheWriterLives) {
  const TempDir dir;
  const auto writer = make_store(dir.data());
  TestLog log(1);
  StoredRow row = log.row(1);
  row.run.resize(64UL * 1024, 5);
  for (int i = 0; i < 200; ++i) {  // 13 MB in transactions of 64 KB
    in_transaction(*writer, [&] {
      row.first = row.last = static_cast<std::uint64_t>(i) + 1;
      ASSERT_OK(Logs(*writer).append(row));
    });
  }
  EXPECT_LT(std::filesystem::file_size(dir.data() + "/store.db-wal"), 3U * kCheckpointPages * 4096);
  EXPECT_FALSE(writer->poisoned());
}

TEST(Database, CommitsFindRoomInTheWriteAheadLogAndDoNotMakeItLonger) {
  const TempDir dir;
  auto writer = make_store(dir.data());
  writer->make_log_room();
  const std::string log = dir.data() + "/store.db-wal";
  const auto room = std::filesystem::file_size(log);
  EXPECT_GE(room, static_cast<std::uintmax_t>(kCheckpointPages) * 4096);
  for (int i = 0; i < 1500; ++i) {  // through a checkpoint
    in_transaction(*writer, [&] { ASSERT_OK(Logs(*writer).set_value("name", std::to_string(i))); });
  }
  EXPECT_EQ(std::filesystem::file_size(log), room);
  // What a power cut leaves: the zeros behind the last frame are not taken for frames.
  const std::string cut = dir.path() + "/cut";
  std::filesystem::copy(dir.data(), cut);
  const auto again = open_or_fail(cut);
  again->make_log_room();
  EXPECT_EQ(Logs(*again).value("name"), "1499");
}

TEST(Database, RollbackKeepsNothing) {
  const TempDir dir;
  const auto database = make_store(dir.data());
  ASSERT_OK(database->begin());
  EXPECT_TRUE(database->in_transaction());
  ASSERT_OK(Logs(*database).set_value("name", "value"));
  database->rollback();
  EXPECT_FALSE(database->in_transaction());
  EXPECT_EQ(Logs(*database).value("name"), std::nullopt);
}

TEST(Database, StoreOfANewerProgramIsRefusedByName) {
  const TempDir dir;
  make_store(dir.data()).reset();
  run_sql(dir.data() + "/store.db", "PRAGMA user_version = 99");
  for (const Access access : {Access::kWriter, Access::kReader}) {
    const auto opened = Database::open(dir.data(), access);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().rule, "store.schema");
    EXPECT_NE(opened.error().en.find("99"), std::string::npos) << opened.error().en;
    EXPECT_EQ(opened.error().field, dir.data() + "/store.db");
  }
}

// Version 0 as it was: an identity, and nothing besides.
void make_version_0(const std::string& directory) {
  std::filesystem::create_directory(directory);
  run_sql(directory + "/store.db",
          std::string(kIdentitySchema) +
              "PRAGMA application_id = " + std::to_string(kApplicationId) +
              ";INSERT INTO identity VALUES (1, zeroblob(32), 1, '320803001001', "
              "x'00112233445566778899aabbccddeeff', 1790000000000)");
}

TEST(Database, OlderSchemaIsBroughtUpByTheWriter) {
  const TempDir dir;
  make_version_0(dir.data());
  {
    const auto database = open_or_fail(dir.data());
    EXPECT_EQ(database->identity().unit, code("320803001001"));
    EXPECT_EQ(pragma(database->impl().connection, "user_version"), std::to_string(kSchemaVersion));
    in_transaction(*database, [&] { ASSERT_OK(Logs(*database).append(TestLog(1).row(2))); });
  }
  EXPECT_EQ(Logs(*open_or_fail(dir.data(), Access::kReader)).last_position(), 1U);
}

TEST(Database, ReaderDoesNotTouchAnOlderSchema) {
  const TempDir dir;
  make_version_0(dir.data());
  EXPECT_EQ(rule_of_open(dir.data(), Access::kReader), "store.schema");
}

TEST(Database, FailedMigrationLeavesTheOlderSchema) {
  const TempDir dir;
  make_version_0(dir.data());
  // In the way of one of the last tables of the step.
  run_sql(dir.data() + "/store.db", "CREATE TABLE figure_cell (anything)");
  EXPECT_NE(rule_of_open(dir.data()), "");
  run_sql(dir.data() + "/store.db", "DROP TABLE figure_cell");
  EXPECT_EQ(rule_of_open(dir.data()), "");
}

TEST(Database, FileThatIsNoDatabaseIsNamed) {
  const TempDir dir;
  std::filesystem::create_directory(dir.data());
  const std::string path = dir.data() + "/store.db";
  for (const std::string& content :
       {std::string(), std::string("not a database"), std::string(8192, 'x')}) {
    std::ofstream(path, std::ios::trunc) << content;
    const auto opened = Database::open(dir.data(), Access::kWriter);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().rule, "store.corrupt") << content.size();
    EXPECT_EQ(opened.error().field, path);
    EXPECT_NE(opened.error().zh.find(path), std::string::npos);
  }
}

TEST(Database, DatabaseOfAnotherProgramIsNotTaken) {
  const TempDir dir;
  std::filesystem::create_directory(dir.data());
  run_sql(dir.data() + "/store.db", "CREATE TABLE identity (only INTEGER)");
  EXPECT_EQ(rule_of_open(dir.data()), "store.corrupt");
}

// Writes rubbish over every page of a table, beginning at its root.
void damage_table(const std::string& path, const std::string& table) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  const std::string sql = "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'";
  ASSERT_EQ(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const std::int64_t page = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp((page - 1) * 4096);
  file << std::string(4096, '\x5A');
}

TEST(Database, DamagedPageEndsTheWriterAndIsToldByTheReader) {
  const TempDir dir;
  {
    const auto database = make_store(dir.data());
    in_transaction(*database, [&] { ASSERT_OK(Logs(*database).set_value("name", "value")); });
  }
  damage_table(dir.data() + "/store.db", "named_value");
  const auto writer = open_or_fail(dir.data());
  const auto reader = open_or_fail(dir.data(), Access::kReader);

  EXPECT_EQ(Logs(*reader).value("name"), std::nullopt);
  const auto fault = reader->take_fault();
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->rule, "store.corrupt");
  EXPECT_EQ(fault->field, dir.data() + "/store.db");
  EXPECT_FALSE(reader->take_fault().has_value());

  EXPECT_EQ(Logs(*writer).value("name"), std::nullopt);
  EXPECT_TRUE(writer->poisoned());
  const Status begun = writer->begin();
  ASSERT_FALSE(begun.ok());
  EXPECT_EQ(begun.error().rule, "store.poisoned");
}

TEST(Database, QuestionThatFailsInATransactionKeepsItFromCommitting) {
  const TempDir dir;
  {
    const auto database = make_store(dir.data());
    in_transaction(*database, [&] { ASSERT_OK(Logs(*database).set_value("name", "value")); });
  }
  damage_table(dir.data() + "/store.db", "named_value");
  const auto writer = open_or_fail(dir.data());
  ASSERT_OK(writer->begin());
  EXPECT_EQ(Logs(*writer).value("name"), std::nullopt);  // looks as if it were not there …
  EXPECT_FALSE(Logs(*writer).append(TestLog(1).row(1)).ok());
  const Status committed = writer->commit();  // … so nothing may rest on it
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().rule, "store.corrupt");
  EXPECT_TRUE(writer->poisoned());
}

}  // namespace
}  // namespace yishi::store
