// What commands with a key led to: kept in the transaction that did it, for long enough, and not
// without bound.
#include "node/store/answered.h"

#include "fixture.h"
#include "node/store/limits.h"

namespace yishi::store {
namespace {

crypto::Digest key_of(std::uint64_t number) {
  const std::string text = std::to_string(number);
  return crypto::digest(crypto::Suite::kEd25519Sha256, "test", {view_of(text)});
}

class AnsweredCommands : public testing::Test {
 protected:
  AnsweredCommands() {
    YISHI_ASSERT(Database::create(dir.data(), identity_of("320803001001")).ok());
    database = open_or_fail(dir.data());
  }
  void keep(std::uint64_t number, std::uint64_t now_ms) {
    Answered(*database).keep(key_of(number), {key_of(number + 1), copy(view_of("done"))}, now_ms);
  }
  bool known(std::uint64_t number) { return Answered(*database).find(key_of(number)).has_value(); }

  TempDir dir;
  std::unique_ptr<Database> database;
};

TEST_F(AnsweredCommands, are_there_with_their_transaction_and_gone_without_it) {
  ASSERT_TRUE(database->begin().ok());
  keep(1, 1000);
  database->rollback();
  EXPECT_FALSE(known(1));
  ASSERT_TRUE(database->begin().ok());
  keep(1, 1000);
  ASSERT_TRUE(database->commit().ok());
  database.reset();
  database = open_or_fail(dir.data());
  const auto row = Answered(*database).find(key_of(1));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->request, key_of(2));
  EXPECT_EQ(row->answer, copy(view_of("done")));
  EXPECT_FALSE(known(3));
}

TEST_F(AnsweredCommands, go_when_they_are_too_old_and_not_before) {
  ASSERT_TRUE(database->begin().ok());
  keep(1, 1000);
  EXPECT_TRUE(Answered(*database).make_room(1000 + kAnsweredMs).ok());
  EXPECT_TRUE(known(1));
  EXPECT_TRUE(Answered(*database).make_room(1001 + kAnsweredMs).ok());
  EXPECT_FALSE(known(1));
  database->rollback();
}

TEST_F(AnsweredCommands, are_refused_when_there_are_too_many_of_late) {
  ASSERT_TRUE(database->begin().ok());
  for (std::uint64_t i = 0; i < kMaxAnswered; ++i) keep(i, 1000);
  const auto full = Answered(*database).make_room(2000);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().rule, "once.full");
  EXPECT_TRUE(Answered(*database).make_room(1001 + kAnsweredMs).ok());
  database->rollback();
}

}  // namespace
}  // namespace yishi::store
