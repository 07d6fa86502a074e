// Figures, and how complete they are.
#include "node/store/reports.h"

#include "tests/node/store/history.h"

namespace yishi::store {
namespace {

using Codes = std::vector<topology::Code>;
constexpr std::uint64_t kHour = 3'600'000;

class ReportsTest : public ::testing::Test {
 protected:
  void log(const topology::Code& home, std::int64_t yuan) {
    Happening one(scribes_, home, ++number_);
    ASSERT_EQ(one.log(dl::with_budget(yuan)), "");
    city_.take_all(one.written);
  }
  Report report_on(const topology::Code& unit, std::string_view month = {},
                   Grouping by = Grouping::kChild) {
    const auto one = dl::parse_month(month).value_or(0);
    return report(city_.database(), town_.directory, {unit, {one, one}, by}, town_.now, kHour);
  }
  Frontier frontier_of(const topology::Code& unit) {
    return frontier(city_.database(), town_.directory, unit, town_.now, kHour);
  }
  // What the parent of a unit's node said of it, and what this store holds of its log.
  void heard(const topology::Code& unit, std::uint64_t ago_ms, std::uint64_t head,
             std::uint64_t held) {
    in_transaction(city_.database(), [&] {
      Logs logs(city_.database());
      ASSERT_OK(logs.note_contact({unit.text(), town_.now - ago_ms, head, 0, "yishi"}));
      const auto& key = town_.keys.at(unit).public_key();
      ASSERT_OK(logs.set_head(key.id(), {held, key.id(), town_.now}, 1));
    });
  }

  dl::Town town_;
  Scribes scribes_{town_};
  NodeStore city_{town_};
  std::uint64_t number_ = 0;
};

const ReportLine& line_of(const Report& report, const topology::Code& unit) {
  static const ReportLine kNone;
  for (const auto& line : report.lines) {
    if (line.unit == unit) return line;
  }
  ADD_FAILURE() << "no line for " << unit.text();
  return kNone;
}

TEST_F(ReportsTest, MattersCountForTheChildTheyLieBelow) {
  log(dl::kVillage1, 10'000);
  log(dl::kVillage2, 20'000);
  log(dl::kTown2, 30'000);
  log(dl::kVillage4, 600'000);  // climbs twice
  const Report city = report_on(dl::kCity);
  ASSERT_EQ(city.lines.size(), 3U);  // itself and two districts
  EXPECT_EQ(city.lines[0].unit, dl::kCity);
  EXPECT_EQ(city.lines[0].of("issues"), 0);
  EXPECT_EQ(line_of(city, dl::kDistrictA).of("issues"), 3);
  EXPECT_EQ(line_of(city, dl::kDistrictA).name, "淮安区");
  EXPECT_EQ(line_of(city, dl::kDistrictA).of("budget_fen"), 60'000 * dl::kYuan);
  EXPECT_EQ(line_of(city, dl::kDistrictA).of("climbed"), 0);
  EXPECT_EQ(line_of(city, dl::kDistrictB).of("issues"), 1);
  EXPECT_EQ(line_of(city, dl::kDistrictB).of("climbed"), 1);
  EXPECT_EQ(line_of(city, dl::kDistrictB).of("stage:escalated"), 1);
  EXPECT_EQ(city.total.of("issues"), 4);
  EXPECT_EQ(city.total.of("stage:logged"), 3);
  EXPECT_EQ(city.total.of("budget_fen"), 660'000 * dl::kYuan);
  EXPECT_EQ(city.total.of("category:environment"), 4);
  EXPECT_EQ(city.total.of("climb:budget"), 2);

  const Report district = report_on(dl::kDistrictA);
  EXPECT_EQ(line_of(district, dl::kTown1).of("issues"), 2);
  EXPECT_EQ(line_of(district, dl::kTown2).of("issues"), 1);
  EXPECT_EQ(district.total.of("issues"), 3);
  EXPECT_EQ(district.total.of("climb:budget"), 0);
  const Report town = report_on(dl::kTown2);
  EXPECT_EQ(line_of(town, dl::kTown2).of("issues"), 1);  // its own
  EXPECT_EQ(line_of(town, dl::kVillage3).of("issues"), 0);
}

TEST_F(ReportsTest, VillageReportsOnItself) {
  log(dl::kVillage1, 10'000);
  log(dl::kVillage2, 10'000);
  const Report village = report_on(dl::kVillage1);
  ASSERT_EQ(village.lines.size(), 1U);
  EXPECT_EQ(village.lines[0].unit, dl::kVillage1);
  EXPECT_EQ(village.total.of("issues"), 1);
  EXPECT_EQ(village.frontier.nodes, 0U);
  EXPECT_EQ(village.frontier.units, 1U);
}

TEST_F(ReportsTest, MonthIsThatOfTheLogging) {
  log(dl::kVillage1, 10'000);
  town_.now += 40ULL * 24 * kHour;
  log(dl::kVillage1, 600'000);
  EXPECT_EQ(report_on(dl::kCity).total.of("issues"), 2);
  EXPECT_EQ(report_on(dl::kCity, "2026-11").total.of("issues"), 1);
  EXPECT_EQ(report_on(dl::kCity, "2026-11").total.of("climb:budget"), 0);
  EXPECT_EQ(report_on(dl::kCity, "2026-12").total.of("climb:budget"), 2);
  EXPECT_EQ(report_on(dl::kCity, "2025-01").total.of("issues"), 0);
}

TEST_F(ReportsTest, ByLevelAndByMonthAddUpToTheSame) {
  log(dl::kVillage1, 10'000);
  log(dl::kTown2, 30'000);
  town_.now += 40ULL * 24 * kHour;
  log(dl::kVillage4, 600'000);
  for (const auto& unit : {dl::kCity, dl::kDistrictA}) {
    const auto total = report_on(unit).total.figures;
    const Report levels = report_on(unit, {}, Grouping::kLevel);
    EXPECT_EQ(levels.total.figures, total) << unit.text();
    const Report months = report_on(unit, {}, Grouping::kMonth);
    EXPECT_EQ(months.total.figures, total) << unit.text();
  }
  const Report levels = report_on(dl::kCity, {}, Grouping::kLevel);
  ASSERT_EQ(levels.lines.size(), 2U);
  EXPECT_EQ(levels.lines[0].key, "township");
  EXPECT_EQ(levels.lines[1].of("issues"), 2);
  const Report months = report_on(dl::kCity, {}, Grouping::kMonth);
  ASSERT_EQ(months.lines.size(), 2U);
  EXPECT_EQ(months.lines[0].key, "2026-11");
  EXPECT_EQ(months.lines[0].of("category:environment"), 2);
  EXPECT_EQ(months.lines[1].of("climbed"), 1);
}

TEST_F(ReportsTest, OneSessionOfTwoIssuesIsOneSession) {
  const dl::ActBody told = dl::session(town_);
  for (int i = 0; i < 2; ++i) {
    Happening one(scribes_, dl::kVillage1, ++number_);
    ASSERT_EQ(one.log(dl::with_budget(1'000)), "");
    ASSERT_EQ(one.act(dl::Act::kPropose, dl::kVillage1), "");
    ASSERT_EQ(one.act(dl::Act::kApprove, dl::kVillage1, dl::with_text("同意")), "");
    ASSERT_EQ(one.act(dl::Act::kResearch, dl::kVillage1, dl::with_text("走访")), "");
    ASSERT_EQ(one.act(dl::Act::kHoldSession, dl::kVillage1, told), "");
    city_.take_all(one.written);
  }
  const Report city = report_on(dl::kCity);
  EXPECT_EQ(city.total.of("deliberated"), 2);
  EXPECT_EQ(city.total.of("session:meeting"), 1);
  const auto rows = Figures(city_.database()).sittings(std::nullopt, {}, {}, 0, 10);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].issues.size(), 2U);
}

TEST_F(ReportsTest, SurveysAddUpUnderTheMonthOfTheirIssue) {
  Happening one(scribes_, dl::kVillage1, ++number_);
  ASSERT_EQ(one.log(dl::with_budget(1'000)), "");
  town_.now += 40ULL * 24 * kHour;  // surveys of a later month
  dl::ActBody body;
  for (const auto& [asked, satisfied] : {std::pair{40, 37}, {3, 2}}) {
    body.follow.asked = static_cast<std::uint64_t>(asked);
    body.follow.satisfied = static_cast<std::uint64_t>(satisfied);
    ASSERT_EQ(one.act(dl::Act::kRate, dl::kVillage1, body), "");
  }
  city_.take_all(one.written);
  log(dl::kVillage2, 1'000);  // nobody was asked about it
  const Report november = report_on(dl::kCity, "2026-11");
  EXPECT_EQ(november.total.of("asked"), 43);
  EXPECT_EQ(november.total.of("satisfied"), 39);
  EXPECT_EQ(report_on(dl::kCity, "2026-12").total.of("asked"), 0);
  const auto page = Figures(city_.database()).behind("satisfied", {}, {}, "", 10);
  ASSERT_EQ(page.issues.size(), 1U);
  EXPECT_EQ(page.issues[0].issue.id, one.issue.id);
  EXPECT_EQ(page.issues[0].amount, 39);
}

TEST_F(ReportsTest, MovedUnitCountsWhereItIsNow) {
  log(dl::kVillage1, 10'000);
  town_.change({topology::UnitMoved{dl::kVillage1, dl::kTown3}});
  EXPECT_EQ(line_of(report_on(dl::kCity), dl::kDistrictB).of("issues"), 1);
  EXPECT_EQ(line_of(report_on(dl::kCity), dl::kDistrictA).of("issues"), 0);
}

TEST_F(ReportsTest, FrontierSaysWhoIsInBehindMissingAndSilent) {
  heard(dl::kTown1, 10, 5, 5);
  heard(dl::kVillage1, 20, 7, 9);         // we hold more than its parent last said
  heard(dl::kTown2, 30, 9, 8);            // still on its way
  heard(dl::kVillage3, 2 * kHour, 3, 3);  // in, and silent
  const Frontier district = frontier_of(dl::kDistrictA);
  EXPECT_EQ(district.units, 6U);
  EXPECT_EQ(district.nodes, 4U);
  EXPECT_EQ(district.in, 3U);
  EXPECT_EQ(district.up_to_ms, town_.now - 2 * kHour);
  EXPECT_EQ(district.behind, Codes{dl::kTown2});
  EXPECT_TRUE(district.missing.empty());
  EXPECT_EQ(district.silent, Codes{dl::kVillage3});
  EXPECT_EQ(district.units_without_node, 1U);

  const Frontier city = frontier_of(dl::kCity);
  EXPECT_EQ(city.nodes, 8U);
  EXPECT_EQ(city.in, 3U);
  EXPECT_EQ(city.missing, (Codes{dl::kDistrictA, dl::kDistrictB, dl::kTown3, dl::kVillage4}));
}

TEST_F(ReportsTest, NothingHeardMeansNothingIsIn) {
  const Frontier city = frontier_of(dl::kCity);
  EXPECT_EQ(city.in, 0U);
  EXPECT_EQ(city.up_to_ms, 0U);
  EXPECT_EQ(city.missing.size(), city.nodes);
  EXPECT_TRUE(city.silent.empty());
}

TEST_F(ReportsTest, ReaderReportsInsideItsOwnSnapshotToo) {
  log(dl::kVillage1, 10'000);
  const auto reader = open_or_fail(city_.directory(), Access::kReader);
  const auto total = [&] {
    return report(*reader, town_.directory, {dl::kCity, {}, Grouping::kChild}, town_.now, kHour)
        .total.of("issues");
  };
  EXPECT_EQ(total(), 1);
  EXPECT_FALSE(reader->in_transaction());
  ASSERT_OK(reader->begin());
  EXPECT_EQ(total(), 1);
  log(dl::kVillage1, 10'000);
  EXPECT_EQ(total(), 1);
  ASSERT_OK(reader->commit());
  EXPECT_EQ(total(), 2);
}

}  // namespace
}  // namespace yishi::store
