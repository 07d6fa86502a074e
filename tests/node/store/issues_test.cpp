// Facts into states: once, early, void, copied, rolled back; and what can be asked then.
#include "node/store/issues.h"

#include "tests/node/store/history.h"
#include "tests/recount.h"

namespace yishi::store {
namespace {

using dl::Act;
using dl::Effect;

class IssuesTest : public ::testing::Test {
 protected:
  dl::Town town_;
  Scribes scribes_{town_};
};

TEST_F(IssuesTest, LoggedIssueIsThereAfterReopening) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(dl::with_budget(20'000)), "");
  NodeStore city(town_);
  const Applied applied = city.take(road.written.at(0));
  EXPECT_TRUE(applied.changed);
  EXPECT_FALSE(applied.misses);
  EXPECT_FALSE(applied.error.has_value());
  city.reopen();
  const auto issue = city.issues().issue(road.id);
  ASSERT_TRUE(issue.has_value());
  EXPECT_EQ(dl::encode_issue(*issue), dl::encode_issue(road.issue));
  EXPECT_EQ(city.issues().count(), 1U);
  EXPECT_EQ(city.issues().held_by(dl::kVillage1), std::vector<std::string>{road.id});
  EXPECT_TRUE(city.issues().held_by(dl::kTown1).empty());
  EXPECT_EQ(city.issues().positions(road.id), std::vector<std::uint64_t>{1});
  const auto sums = recount::kept(city.database());
  EXPECT_EQ(recount::difference(sums, recount::count({road.issue})), "");
  EXPECT_EQ(sums.at({dl::kVillage1.text(), "2026-11", "stage:logged"}), 1);
  EXPECT_EQ(sums.at({dl::kVillage1.text(), "2026-11", "category:environment"}), 1);
  EXPECT_EQ(sums.at({"", "", "budget_fen"}), 20'000 * dl::kYuan);
}

TEST_F(IssuesTest, FactsComeBackWithTheirPlacesAndEffects) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  ASSERT_EQ(road.act(Act::kComment, dl::kVillage1, dl::with_text("请尽快")), "");
  NodeStore city(town_);
  city.take_all(road.written);
  city.reopen();
  const auto facts = city.issues().facts(road.id);
  ASSERT_EQ(facts.size(), road.written.size());
  for (const auto& stored : facts) {
    const auto& one = road.written.at(stored.place.position - 1);
    EXPECT_EQ(stored.fact.digest, one.fact.digest);
    EXPECT_EQ(stored.fact.author, one.fact.author);
    EXPECT_EQ(stored.fact.sequence, one.fact.sequence);
    EXPECT_EQ(stored.fact.time_ms, one.fact.time_ms);
    EXPECT_EQ(stored.fact.topology, one.fact.topology);
    EXPECT_EQ(stored.fact.kind, one.fact.kind);
    EXPECT_EQ(stored.fact.issue, road.id);
    EXPECT_EQ(dl::encode_body(stored.fact.body), dl::encode_body(one.fact.body));
    EXPECT_EQ(stored.effect, Effect::kApplied);
    EXPECT_TRUE(city.issues().knows(road.id, one.fact.digest));
  }
  EXPECT_EQ(facts.back().fact.body.n, 1U);
  EXPECT_FALSE(city.issues().knows(road.id, crypto::Digest{}));
  EXPECT_TRUE(city.issues().facts("320803001001-2026-0999").empty());
}

TEST_F(IssuesTest, FactTwiceChangesNothing) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  ASSERT_EQ(road.act(Act::kComment, dl::kVillage1, dl::with_text("请尽快")), "");
  NodeStore city(town_);
  city.take_all(road.written);
  const auto before = projection_digests(city.database());
  for (const auto& one : road.written) {
    const Applied again = city.take(one);
    EXPECT_FALSE(again.changed);
    EXPECT_FALSE(again.misses);
  }
  EXPECT_EQ(city.issues().issue(road.id)->comments, 1U);
  EXPECT_EQ(projection_digests(city.database()), before);
}

TEST_F(IssuesTest, RecordWrittenTwiceCountsFromItsFirstEntryWhicheverComesFirst) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  const Written first = road.written.at(0);
  town_.now += 3'600'000;
  const Written second = scribes_.copy_of(first, dl::kVillage1);
  ASSERT_EQ(first.fact.digest, second.fact.digest);
  NodeStore in_order(town_);
  NodeStore turned(town_);
  in_order.take(first);
  EXPECT_FALSE(in_order.take(second).changed);
  turned.take(second);
  EXPECT_TRUE(turned.take(first).changed);
  EXPECT_EQ(in_order.issues().issue(road.id)->logged_ms, first.fact.time_ms);
  EXPECT_EQ(turned.issues().issue(road.id)->logged_ms, first.fact.time_ms);
  EXPECT_EQ(turned.issues().facts(road.id).size(), 1U);
}

TEST_F(IssuesTest, CopyOfARecordInAForeignLogDoesNotKeepTheRealOneOut) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  const Written copied = scribes_.copy_of(road.written.at(0), dl::kVillage3);
  NodeStore city(town_);
  const Applied foreign = city.take(copied);
  EXPECT_FALSE(foreign.changed);
  EXPECT_TRUE(foreign.error.has_value());
  EXPECT_EQ(city.issues().issue(road.id), std::nullopt);
  EXPECT_TRUE(city.take(road.written.at(0)).changed);
  EXPECT_EQ(dl::encode_issue(*city.issues().issue(road.id)), dl::encode_issue(road.issue));
  EXPECT_EQ(city.issues().facts(road.id).size(), 2U);
}

TEST_F(IssuesTest, FactThatComesEarlyWaitsAndCountsOnceTheOtherIsHere) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  ASSERT_EQ(road.act(Act::kPropose, dl::kVillage1), "");
  ASSERT_EQ(road.act(Act::kComment, dl::kVillage1, dl::with_text("请尽快")), "");
  ASSERT_EQ(road.written.size(), 3U);
  NodeStore district(town_, dl::kDistrictA);
  const Applied comment = district.take(road.written.at(2));
  EXPECT_FALSE(comment.changed);
  EXPECT_TRUE(comment.misses);
  EXPECT_TRUE(district.take(road.written.at(1)).misses);
  EXPECT_EQ(district.issues().issue(road.id), std::nullopt);
  EXPECT_EQ(district.issues().count(), 0U);
  EXPECT_TRUE(recount::kept(district.database()).empty());
  EXPECT_TRUE(district.issues().touches(0, 100).empty());
  EXPECT_EQ(district.issues().positions(road.id), (std::vector<std::uint64_t>{1, 2}));
  for (const auto& fact : district.issues().facts(road.id)) {
    EXPECT_EQ(fact.effect, Effect::kWaits);
  }
  district.reopen();
  const Applied last = district.take(road.written.at(0));
  EXPECT_TRUE(last.changed);
  EXPECT_FALSE(last.misses);
  EXPECT_EQ(dl::encode_issue(*district.issues().issue(road.id)), dl::encode_issue(road.issue));
  for (const auto& fact : district.issues().facts(road.id)) {
    EXPECT_EQ(fact.effect, Effect::kApplied);
  }
  // Those who wait below the district hear of all three now.
  const auto touches = district.issues().touches(0, 100);
  for (std::uint64_t position = 1; position <= 3; ++position) {
    EXPECT_TRUE(std::any_of(touches.begin(), touches.end(), [&](const Touch& touch) {
      return touch.position == position && touch.unit == dl::kVillage1;
    })) << position;
  }
}

TEST_F(IssuesTest, ActAgainstTheRulesIsKeptAndShownAndHasNoEffect) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  const dl::Issue before = road.issue;
  const Written forged = road.forge(Act::kDecide, dl::kVillage3, dl::with_text("我们说了算"));
  NodeStore city(town_);
  city.take(road.written.at(0));
  const Applied applied = city.take(forged);
  EXPECT_FALSE(applied.changed);
  EXPECT_FALSE(applied.misses);
  ASSERT_TRUE(applied.error.has_value());
  EXPECT_FALSE(applied.error->rule.empty());
  EXPECT_EQ(dl::encode_issue(*city.issues().issue(road.id)), dl::encode_issue(before));
  EXPECT_EQ(city.issues().positions(road.id), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_FALSE(city.issues().touches(1, 100).empty());  // the evidence travels too
  city.reopen();
  const auto facts = city.issues().facts(road.id);
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_EQ(facts[1].effect, Effect::kVoid);
  EXPECT_EQ(facts[1].rule, applied.error->rule);
  EXPECT_EQ(facts[1].zh, applied.error->zh);
  EXPECT_EQ(facts[1].en, applied.error->en);
}

TEST_F(IssuesTest, ActThatFollowsAVoidOneDoesNotWaitForEver) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  const Written forged = road.forge(Act::kDecide, dl::kVillage3, dl::with_text("我们说了算"));
  dl::ActBody body;
  body.n = 3;
  body.prev = forged.fact.digest;
  body.unit = dl::kVillage3;
  const Written next =
      scribes_.write({std::string(dl::info(Act::kClose).kind), road.id, body}, dl::kVillage3);
  for (const bool turned : {false, true}) {
    NodeStore city(town_);
    city.take(road.written.at(0));
    city.take(turned ? next : forged);
    const Applied last = city.take(turned ? forged : next);
    EXPECT_FALSE(last.misses) << turned;
    for (const auto& fact : city.issues().facts(road.id)) {
      EXPECT_NE(fact.effect, Effect::kWaits) << turned;
    }
  }
}

TEST_F(IssuesTest, RollbackLeavesNothingBehindInMemory) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  ASSERT_EQ(road.act(Act::kPropose, dl::kVillage1), "");
  Happening pond(scribes_, dl::kVillage3);
  ASSERT_EQ(pond.log(titled("清理池塘")), "");
  NodeStore shaken(town_);
  NodeStore calm(town_);
  for (const auto* history : {&road, &pond}) {
    for (const auto& one : history->written) {
      ASSERT_OK(shaken.database().begin());
      shaken.put(pond.written.at(0));  // it will not have been so
      shaken.put(one);
      shaken.database().rollback();
      shaken.take(one);
      calm.take(one);
    }
  }
  EXPECT_EQ(projection_digests(shaken.database()), projection_digests(calm.database()));
  EXPECT_EQ(dl::encode_issue(*shaken.issues().issue(road.id)), dl::encode_issue(road.issue));
}

TEST_F(IssuesTest, NumbersCountOnFromTheIncarnation) {
  NodeStore town(town_, dl::kTown1);
  const auto next = [&](int year, std::uint32_t incarnation) {
    std::uint64_t number = 0;
    in_transaction(town.database(), [&] {
      const auto given = town.issues().next_number(dl::kVillage2, year, incarnation);
      ASSERT_OK(given);
      number = *given;
    });
    return number;
  };
  EXPECT_EQ(next(2026, 0), 1U);
  EXPECT_EQ(next(2026, 0), 2U);
  town.reopen();
  EXPECT_EQ(next(2026, 0), 3U);
  EXPECT_EQ(next(2027, 0), 1U);
  EXPECT_EQ(next(2026, 1), 100'001U);
  EXPECT_EQ(next(2026, 2), 200'001U);
  ASSERT_OK(town.database().begin());
  EXPECT_EQ(*town.issues().next_number(dl::kVillage2, 2026, 0), 4U);
  town.database().rollback();
  EXPECT_EQ(next(2026, 0), 4U);
}

TEST_F(IssuesTest, NumbersGoOnAfterTheHighestThatWasLoggedNotAfterOneThatWasOnlyNamed) {
  Happening seventh(scribes_, dl::kVillage1, 7);
  ASSERT_EQ(seventh.log(), "");
  Happening named(scribes_, dl::kVillage1, 90'000);
  named.forge(Act::kLog, dl::kVillage3, titled("不存在"));
  NodeStore rebuilt(town_, dl::kVillage1);
  rebuilt.take_all(seventh.written);
  rebuilt.take_all(named.written);
  in_transaction(rebuilt.database(), [&] {
    EXPECT_EQ(*rebuilt.issues().next_number(dl::kVillage1, 2026, 0), 8U);
    EXPECT_EQ(*rebuilt.issues().next_number(dl::kVillage1, 2026, 1), 100'001U);
  });
}

TEST_F(IssuesTest, NumbersThatAreUsedUpAreRefusedByName) {
  Happening last(scribes_, dl::kVillage1, dl::kNumbersPerIncarnation);
  ASSERT_EQ(last.log(), "");
  NodeStore village(town_, dl::kVillage1);
  village.take_all(last.written);
  ASSERT_OK(village.database().begin());
  const auto number = village.issues().next_number(dl::kVillage1, 2026, 0);
  ASSERT_FALSE(number.ok());
  EXPECT_EQ(number.error().rule, "store.numbers");
  ASSERT_OK(village.database().commit());
}

TEST_F(IssuesTest, TouchesNameTheUnitsBelowThatAnIssueConcerns) {
  dl::ActBody body;
  body.reach = {dl::kTown2, dl::kVillage4};
  Happening river(scribes_, dl::kVillage1);
  ASSERT_EQ(river.log(body), "");
  NodeStore district(town_, dl::kDistrictA);
  district.take(river.written.at(0));
  std::set<topology::Code> units;
  for (const auto& touch : district.issues().touches(0, 100)) units.insert(touch.unit);
  // Not the district itself, nor what lies in another district.
  EXPECT_EQ(units, (std::set<topology::Code>{dl::kVillage1, dl::kTown2}));
  NodeStore village(town_, dl::kVillage1);
  village.take(river.written.at(0));
  EXPECT_TRUE(village.issues().touches(0, 100).empty());
}

TEST_F(IssuesTest, NewsIsCountedInTheOrderInWhichItBecameNews) {
  dl::ActBody body;
  body.reach = {dl::kTown2, dl::kVillage4, dl::kTown3};
  Happening river(scribes_, dl::kVillage1);
  ASSERT_EQ(river.log(body), "");
  NodeStore city(town_);
  city.take(river.written.at(0));
  in_transaction(city.database(), [&] { ASSERT_OK(city.issues().touch_everyone(2)); });
  const auto all = city.issues().touches(0, 100);
  ASSERT_EQ(all.size(), 5U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].news, i + 1);
  EXPECT_TRUE(all.back().unit.empty());
  EXPECT_EQ(all.back().position, 2U);
  EXPECT_EQ(city.issues().last_news(), 5U);
  EXPECT_EQ(city.issues().touches(0, 4).size(), 4U);
  EXPECT_EQ(city.issues().touches(4, 10).size(), 1U);
  EXPECT_TRUE(city.issues().touches(5, 10).empty());
}

// Its row lies behind what those below have heard already: it is said again, as the newest.
TEST_F(IssuesTest, FactThatHadToWaitIsNewsWhenItsTurnHasCome) {
  Happening road(scribes_, dl::kVillage1);
  ASSERT_EQ(road.log(), "");
  ASSERT_EQ(road.act(Act::kComment, dl::kVillage1, dl::with_text("请尽快")), "");
  Happening river(scribes_, dl::kVillage1, 2);
  ASSERT_EQ(river.log(), "");
  NodeStore district(town_, dl::kDistrictA);
  district.take(road.written.at(1));   // position 1 waits
  district.take(river.written.at(0));  // position 2 is news
  const auto heard = district.issues().last_news();
  EXPECT_EQ(heard, 1U);
  district.take(road.written.at(0));
  std::vector<std::uint64_t> rows;
  for (const auto& touch : district.issues().touches(heard, 100)) rows.push_back(touch.position);
  EXPECT_EQ(rows, (std::vector<std::uint64_t>{1, 3}));
}

}  // namespace
}  // namespace yishi::store
