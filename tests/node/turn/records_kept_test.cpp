// Records without effect here: of kinds that this program does not know, and those that break a
// rule. Both are kept, relayed and shown with their reason at every node that sees them.
#include "node/store/database_impl.h"
#include "node/turn/ledger.h"
#include "node/turn/repair.h"
#include "node/turn/verify.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

using deliberation::Act;
using deliberation::Effect;

class RecordsKept : public testing::Test {
 protected:
  RecordsKept() {
    for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
    id = network.log(kVillage, "路灯", "environment", 8'000)->issue;
    network.settle();
  }

  // Written into a node's own log by a program that asks nobody.
  void write(const topology::Code& unit, std::string kind, const deliberation::ActBody& body) {
    network.kill(unit);
    {
      auto database = open(unit);
      Ledger ledger(*database);
      ASSERT_TRUE(ledger.load().ok());
      ASSERT_TRUE(database->begin().ok());
      const auto written = ledger.write(
          network.at(unit).keys.node,
          {{std::move(kind), id, deliberation::encode_body(body), sync::make_salt(network.random)}},
          network.clock.wall_ms);
      ASSERT_TRUE(written.ok()) << written.error().en;
      ASSERT_TRUE(database->commit().ok());
    }
    network.start(unit);
  }
  std::unique_ptr<store::Database> open(const topology::Code& unit) {
    auto database = store::Database::open(network.at(unit).directory, store::Access::kWriter);
    YISHI_ASSERT(database.ok());
    return std::move(*database);
  }

  // The newest fact without effect, as a node shows it.
  std::optional<store::StoredFact> without_effect(const topology::Code& unit) {
    for (auto& one : store::Issues(*network.at(unit).database).facts(id)) {
      if (one.effect == Effect::kVoid) return std::move(one);
    }
    return std::nullopt;
  }
  bool shown_everywhere(const std::string& rule) {
    return std::all_of(all.begin(), all.end(), [&](const topology::Code& unit) {
      const auto one = without_effect(unit);
      return one && one->rule == rule && !one->zh.empty() && !one->en.empty();
    });
  }

  SimulatedNetwork network;
  std::string id;
  const std::vector<topology::Code> all{kVillage, kTown, kDistrict, kCity};
};

TEST_F(RecordsKept, one_of_a_kind_that_nobody_knows_is_shown_at_every_node) {
  deliberation::ActBody body;
  body.unit = kVillage;
  write(kVillage, "issue.dreamt", body);
  EXPECT_TRUE(network.settle([&] { return shown_everywhere("act.kind"); }));
  EXPECT_TRUE(network.same_everywhere(id, all));
  EXPECT_EQ(without_effect(kCity)->fact.kind, "issue.dreamt");
}

// A store as a program left it that did not know comments: it kept them without effect.
TEST_F(RecordsKept, what_an_older_program_did_not_know_counts_after_the_upgrade) {
  ASSERT_TRUE(network.act(kVillage, id, Act::kComment).ok());
  ASSERT_TRUE(network.settle([&] { return network.issue(kCity, id)->comments == 1; }));
  network.kill(kTown);
  {
    auto database = open(kTown);
    ASSERT_TRUE(database->begin().ok());
    auto older = *store::Issues(*database).issue(id);
    older.comments = 0;
    auto& connection = store::connection_of(*database);
    store::Query(connection, "UPDATE issue SET state = ? WHERE id = ?")
        .blob(deliberation::encode_issue(older))
        .text(id)
        .run();
    const auto places = store::Issues(*database).facts(id);
    store::Query(connection, "UPDATE fact SET effect = 3, rule = 'act.kind' WHERE digest = ?")
        .blob(places.back().fact.digest)
        .run();
    (void)store::Logs(*database).set_value(kKnownKinds, "issue.logged\n");
    ASSERT_TRUE(database->commit().ok());
  }
  {
    auto database = open(kTown);
    ASSERT_EQ(store::Issues(*database).issue(id)->comments, 0U);
    ASSERT_EQ(store::Issues(*database).facts(id).back().effect, Effect::kVoid);
  }
  const auto repaired =
      repair_store(network.at(kTown).directory, kExamineAtStartBytes, network.clock.wall_ms);
  ASSERT_TRUE(repaired.ok());
  EXPECT_TRUE(repaired->rebuilt);
  network.start(kTown);
  EXPECT_TRUE(network.settle([&] { return network.same_everywhere(id, all); }));
  EXPECT_EQ(network.issue(kTown, id)->comments, 1U);
  EXPECT_FALSE(without_effect(kTown).has_value());
  network.kill(kTown);
  const auto verified = verify_store(network.at(kTown).directory, {});
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->ok());
}

TEST_F(RecordsKept, one_that_breaks_a_rule_is_shown_with_its_reason_at_every_node) {
  const auto before = *network.issue(kCity, id);
  deliberation::ActBody body;  // the township's node approves what it does not hold
  body.unit = kTown;
  body.by = "镇党委";
  body.n = before.n + 1;
  body.prev = before.last;
  write(kTown, "topic.approved", body);
  EXPECT_TRUE(network.settle([&] { return without_effect(kCity).has_value(); }));
  const auto rule = without_effect(kCity)->rule;
  EXPECT_TRUE(rule.starts_with("act.")) << rule;
  EXPECT_TRUE(network.settle([&] { return shown_everywhere(rule); })) << rule;
  EXPECT_EQ(*network.issue(kCity, id), before);
  EXPECT_TRUE(network.same_everywhere(id, all));
}

}  // namespace
}  // namespace yishi::turn
