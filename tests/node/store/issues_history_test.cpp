// Random histories: whatever the order, the same states; aggregates that agree with a
// recount; the same rows, the same projections.
#include <numeric>
#include <random>

#include "node/store/database_impl.h"
#include "tests/node/store/history.h"
#include "tests/recount.h"

namespace yishi::store {
namespace {

using dl::Act;

const std::vector<topology::Code>& homes() {
  static const std::vector<topology::Code> kHomes = {dl::kVillage1, dl::kVillage2, dl::kVillage3,
                                                     dl::kVillage4, dl::kTown1};
  return kHomes;
}

class RandomTown {
 public:
  explicit RandomTown(std::uint64_t seed) : random_(seed) {}

  // Issues with acts that rules allow, acts that they do not, and two that claim a number.
  std::vector<Happening> live(std::size_t issues, std::size_t steps) {
    std::vector<Happening> happenings;
    for (std::size_t i = 0; i < issues; ++i) {
      auto& one = happenings.emplace_back(scribes_, homes()[pick(homes().size())], i + 1);
      dl::ActBody first = logging();
      if (i % 2 == 0) {
        first.budget_fen = 1'000 * dl::kYuan;  // stays where it is
        first.reach.clear();
        first.category = "environment";
      }
      EXPECT_EQ(one.log(std::move(first)), "");
      if (i % 2 == 0) {  // chance alone seldom comes as far as a session
        for (const Act act : {Act::kPropose, Act::kApprove, Act::kResearch, Act::kHoldSession}) {
          (void)one.act(act, town.directory.keeper_of(one.issue.holder), body_for(act));
        }
      }
      for (std::size_t k = 0; k < steps; ++k) step(one);
    }
    return happenings;
  }

  std::vector<Written> shuffled(const std::vector<Happening>& happenings) {
    std::vector<Written> all;
    for (const auto& one : happenings) {
      all.insert(all.end(), one.written.begin(), one.written.end());
    }
    std::shuffle(all.begin(), all.end(), random_);
    return all;
  }

  dl::Town town;

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }

  dl::ActBody logging() {
    static const std::vector<std::string> kCategories = {"environment", "traffic", "land"};
    dl::ActBody body = titled("道路积水", "每逢下雨就积水");
    body.category = kCategories[pick(kCategories.size())];
    body.budget_fen = static_cast<std::int64_t>(pick(8)) * 100'000 * dl::kYuan;
    if (pick(4) == 0) body.reach = {homes()[pick(homes().size())]};
    return body;
  }

  dl::ActBody body_for(Act act) {
    switch (act) {
      case Act::kAmend: {
        dl::ActBody body = logging();
        body.title = "道路积水（" + std::to_string(pick(1000)) + "）";
        body.reach.clear();
        return body;
      }
      case Act::kHoldSession: {
        // Few times and numbers of people: several issues speak of one session.
        constexpr std::uint64_t kDayMs = 86'400'000;
        dl::ActBody body = dl::session(town);
        body.held_ms = pick(4) == 0 ? 0 : 1'793'750'400'000 - pick(3) * 20 * kDayMs;
        body.parties.back().count = 1 + pick(3);
        body.overrides = "时间紧";  // what holds in principle is not what is tested here
        return body;
      }
      case Act::kAssign:
        return dl::assignment(homes()[pick(homes().size())]);
      case Act::kProgress:
        return dl::progress(1 + pick(2), pick(101));
      case Act::kEvaluate:
        return dl::evaluation("mass", pick(101));
      case Act::kRate: {
        dl::ActBody body;
        body.follow.asked = 1 + pick(40);
        body.follow.satisfied = pick(body.follow.asked + 2);  // one too many is without effect
        return body;
      }
      case Act::kOutcome:
      case Act::kClose: {
        dl::ActBody body = dl::with_result("solved", "已办好");
        body.became = "consensus";
        body.text = "达成共识";
        return body;
      }
      default: {
        dl::ActBody body = dl::with_text("同意");
        body.reason = "情况属实";
        if (pick(2) == 0) body.overrides = "从简";
        return body;
      }
    }
  }

  void step(Happening& one) {
    std::vector<topology::Code> nodes;
    for (const auto& [code, key] : town.keys) nodes.push_back(code);
    const topology::Code here = nodes[pick(nodes.size())];
    const auto& acts = dl::acts();
    const Act act = acts[1 + pick(acts.size() - 1)].act;
    if (pick(8) == 0) {
      one.forge(act, here, body_for(act));
      return;
    }
    if (pick(8) == 0) {
      claim_a_number_again(one);
      return;
    }
    // The holder acts more often than chance would have it.
    const topology::Code& holder = one.issue.holder;
    const auto keeper = town.directory.keeper_of(holder);
    (void)one.act(act, pick(3) > 0 ? keeper : here, body_for(act));
  }

  // A node writes a second act for a number it has used: a fork of the issue.
  void claim_a_number_again(Happening& one) {
    const dl::Fact earlier = one.written[pick(one.written.size())].fact;
    if (earlier.body.n == 0) return;
    dl::ActBody body = earlier.body;
    body.text = "另一种说法 " + std::to_string(pick(1000));
    one.write_as(earlier.kind, std::move(body), town.directory.node_of_key(earlier.author)->unit);
  }

  std::mt19937_64 random_;
  Scribes scribes_{town};
};

void expect_cells_agree(NodeStore& store, const std::vector<Happening>& happenings) {
  std::vector<dl::Issue> issues;
  for (const auto& one : happenings) issues.push_back(one.issue);
  EXPECT_EQ(recount::difference(recount::kept(store.database()), recount::count(issues)), "");
}

// What lies behind a number, read in pages of two: how many, and how much in sum.
std::pair<std::int64_t, std::int64_t> opened(NodeStore& store, const std::string& unit,
                                             const std::string& month, const std::string& figure) {
  const Figures figures(store.database());
  const auto number = dl::parse_month(month).value_or(0);
  const Span span{number, number};
  std::vector<topology::Code> units;
  if (!unit.empty()) units.push_back(*topology::Code::parse(unit));
  std::pair<std::int64_t, std::int64_t> found{0, 0};
  if (figure.starts_with("session:") || figure == "people") {
    std::optional<std::string> form;
    if (figure != "people") form = figure.substr(figure.find(':') + 1);
    for (std::size_t skip = 0;; skip += 2) {
      const auto rows = figures.sittings(form, span, units, skip, 2);
      for (const auto& row : rows) {
        found.first += 1;
        found.second += figure == "people" ? static_cast<std::int64_t>(row.sitting.people) : 1;
        EXPECT_FALSE(row.issues.empty());
      }
      if (rows.size() < 2) return found;
    }
  }
  std::string cursor;
  do {
    auto page = figures.behind(figure, span, units, cursor, 2);
    for (const auto& one : page.issues) {
      found.first += 1;
      found.second += one.amount;
    }
    cursor = page.next;
  } while (!cursor.empty());
  return found;
}

TEST(Opened, BehindEveryNumberLieAsManyAsItSays) {
  RandomTown world(11);
  NodeStore store(world.town);
  store.take_all(world.shuffled(world.live(8, 30)));
  store.reopen();
  std::size_t sessions = 0;
  const auto sums = recount::kept(store.database());
  ASSERT_GT(sums.size(), 100U);
  for (const auto& [key, amount] : sums) {
    const auto& [unit, month, figure] = key;
    const auto [number, sum] = opened(store, unit, month, figure);
    EXPECT_EQ(sum, amount) << figure << " of " << unit << " in " << month;
    if (counts_issues(figure) || figure.starts_with("session:")) {
      EXPECT_EQ(number, amount) << figure << " of " << unit << " in " << month;
    }
    if (figure.starts_with("session:")) ++sessions;
  }
  EXPECT_GT(sessions, 0U);
}

TEST(RandomHistories, AnyOrderGivesTheStatesAndAggregatesOfARecount) {
  std::size_t facts = 0;
  std::size_t conflicts = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    RandomTown world(seed);
    const auto happenings = world.live(6, 20);
    for (int order = 0; order < 2; ++order) {
      NodeStore store(world.town);
      store.take_all(world.shuffled(happenings));
      store.reopen();
      for (const auto& one : happenings) {
        const auto issue = store.issues().issue(one.id);
        ASSERT_TRUE(issue.has_value()) << one.id;
        EXPECT_EQ(dl::encode_issue(*issue), dl::encode_issue(one.issue)) << "seed " << seed;
        const auto stored = store.issues().facts(one.id);
        EXPECT_EQ(stored.size(), one.written.size());
        facts += stored.size();
        for (const auto& fact : stored) conflicts += fact.rule == "act.conflict" ? 1 : 0;
      }
      EXPECT_EQ(store.issues().count(), happenings.size());
      expect_cells_agree(store, happenings);
    }
  }
  EXPECT_GT(facts, 400U);  // else these histories show nothing
  EXPECT_GT(conflicts, 0U);
}

TEST(RandomHistories, EffectsAreTheSameInEveryOrder) {
  RandomTown world(9);
  const auto happenings = world.live(4, 14);
  std::map<crypto::Digest, dl::Effect> effects;
  for (int order = 0; order < 3; ++order) {
    NodeStore store(world.town);
    store.take_all(world.shuffled(happenings));
    for (const auto& one : happenings) {
      for (const auto& fact : store.issues().facts(one.id)) {
        const auto [known, fresh] = effects.try_emplace(fact.fact.digest, fact.effect);
        EXPECT_EQ(known->second, fact.effect) << fact.fact.kind << " " << fact.en;
      }
    }
  }
}

TEST(RandomHistories, SameRowsGiveTheSameProjectionsWhateverTheTransactions) {
  RandomTown world(5);
  const auto all = world.shuffled(world.live(5, 10));
  NodeStore at_once(world.town);
  NodeStore one_by_one(world.town);
  at_once.take_all(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    one_by_one.take(all[i]);
    if (i % 16 == 0) one_by_one.reopen();
  }
  const auto digests = projection_digests(at_once.database());
  ASSERT_EQ(digests.size(), 10U);
  EXPECT_EQ(projection_digests(one_by_one.database()), digests);
  const auto reader = open_or_fail(at_once.directory(), Access::kReader);
  EXPECT_EQ(projection_digests(*reader), digests);
}

TEST(Projections, ADifferenceInATableChangesItsLineAndNoOther) {
  RandomTown world(5);
  NodeStore store(world.town);
  store.take_all(world.shuffled(world.live(3, 8)));
  ASSERT_OK(store.database().begin());
  ASSERT_TRUE(store.database().impl().connection.execute(
      "INSERT INTO register_entry VALUES (1, 'rooms', '1', 'a', 1, 0);"
      "INSERT INTO register_fact VALUES (1, 1, x'00', 1, 1, 1, 0, 1, 1, 1, 0, x'', '', '', '')"));
  ASSERT_OK(store.database().commit());
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"issue", "UPDATE issue SET holder = holder || 'x' WHERE number = 1"},
      {"fact", "UPDATE fact SET effect = effect + 1"},
      {"touch", "INSERT INTO touch VALUES (999, 1, 'x')"},
      {"figure_cell", "UPDATE figure_cell SET amount = amount + 1"},
      {"imported", "INSERT INTO imported VALUES ('x', 'y', 'z')"},
      {"sitting", "INSERT INTO sitting VALUES ('x', 1, 'y', 'z', '', 1, 1, 1)"},
      {"search", "INSERT INTO search (rowid, words) VALUES (99, 'word')"},
      {"register_entry", "UPDATE register_entry SET withdrawn = 1"},
      {"register_fact", "UPDATE register_fact SET revision = 2"},
      {"register_reference", "INSERT INTO register_reference VALUES ('rooms', '1', 'b', 1)"}};
  const auto before = projection_digests(store.database());
  ASSERT_EQ(before.size(), changes.size());
  for (std::size_t changed = 0; changed < changes.size(); ++changed) {
    ASSERT_OK(store.database().begin());
    ASSERT_TRUE(store.database().impl().connection.execute(changes[changed].second.c_str()));
    const auto after = projection_digests(store.database());
    store.database().rollback();
    for (std::size_t line = 0; line < before.size(); ++line) {
      EXPECT_EQ(before[line] == after[line], line != changed) << before[line];
    }
    EXPECT_TRUE(before[changed].starts_with(changes[changed].first + " ")) << before[changed];
  }
  EXPECT_EQ(projection_digests(store.database()), before);
}

}  // namespace
}  // namespace yishi::store
