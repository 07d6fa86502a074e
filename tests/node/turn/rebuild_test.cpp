// Projections derived again are the ones that the daily course of things gave.
#include "node/turn/rebuild.h"

#include <sqlite3.h>

#include "node/store/projections.h"
#include "node/turn/repair.h"
#include "node/turn/verify.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

class Rebuild : public testing::Test {
 protected:
  Rebuild() {
    for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
    for (const auto* category : {"environment", "healthcare", "healthcare"}) {
      const auto logged = network.log(kVillage, "路灯与水渠", category, 2'200'000);
      EXPECT_TRUE(logged.ok());
      ids.push_back(logged->issue);
      network.settle();
    }
    EXPECT_TRUE(network.act(kDistrict, ids[1], deliberation::Act::kComment).ok());
    network.settle();
    before = store::projection_digests(*network.at(kDistrict).database);
    network.kill(kDistrict);
  }

  std::string directory() { return network.at(kDistrict).directory; }
  std::vector<std::string> digests() {
    auto database = store::Database::open(directory(), store::Access::kReader);
    return database ? store::projection_digests(**database) : std::vector<std::string>{};
  }
  std::vector<std::string> indexes() {
    std::vector<std::string> names;
    sqlite3* plain = nullptr;
    EXPECT_EQ(sqlite3_open((directory() + "/store.db").c_str(), &plain), SQLITE_OK);
    const auto add = [](void* to, int, char** values, char**) {
      static_cast<std::vector<std::string>*>(to)->emplace_back(values[0]);
      return 0;
    };
    sqlite3_exec(plain,
                 "SELECT sql FROM sqlite_schema WHERE type = 'index' "
                 "AND sql IS NOT NULL ORDER BY 1",
                 add, &names, nullptr);
    sqlite3_close(plain);
    return names;
  }
  void cut_short() {
    auto database = store::Database::open(directory(), store::Access::kWriter);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE((*database)->begin().ok());
    ASSERT_TRUE(store::begin_projections(**database).ok());
    (void)store::Logs(**database).set_value(kRebuildBegun, "1");
    ASSERT_TRUE((*database)->commit().ok());
  }

  SimulatedNetwork network;
  std::vector<std::string> ids, before;
};

TEST_F(Rebuild, gives_the_same_projections_and_indexes_and_is_news_once_more) {
  const auto with = indexes();
  std::uint64_t done = 0, all = 0;
  const auto report = rebuild_store(directory(), [&](std::uint64_t at, std::uint64_t of) {
    done = at;
    all = of;
  });
  ASSERT_TRUE(report.ok()) << report.error().en;
  EXPECT_EQ(report->issues, 3U);
  EXPECT_GT(report->records, 3U);
  EXPECT_EQ(done, report->rows);
  EXPECT_EQ(all, report->rows);
  EXPECT_EQ(digests(), before);
  EXPECT_EQ(indexes(), with);
  const auto verified = verify_store(directory(), {});
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->ok());

  network.start(kDistrict);
  ASSERT_TRUE(network.act(kDistrict, ids[2], deliberation::Act::kComment).ok());
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(ids[2], {kVillage, kTown, kDistrict, kCity});
  }));
}

TEST_F(Rebuild, that_was_cut_short_is_done_over_at_the_next_start) {
  cut_short();
  EXPECT_NE(digests(), before);
  const auto repaired = repair_store(directory(), kExamineAtStartBytes, network.clock.wall_ms);
  ASSERT_TRUE(repaired.ok()) << repaired.error().en;
  EXPECT_TRUE(repaired->rebuilt);
  EXPECT_EQ(digests(), before);
  const auto again = repair_store(directory(), kExamineAtStartBytes, network.clock.wall_ms);
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->rebuilt);
}

TEST_F(Rebuild, that_was_cut_short_can_be_begun_anew_by_hand) {
  cut_short();
  ASSERT_TRUE(rebuild_store(directory()).ok());
  EXPECT_EQ(digests(), before);
}

}  // namespace
}  // namespace yishi::turn
