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
  Report report_on(const topology::Code& unit, std::string_view month = {}) {
    return report(city_.database(), town_.directory, unit, month, town_.now, kHour);
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
  EXPECT_EQ(city.lines[0].issues, 0U);
  EXPECT_EQ(line_of(city, dl::kDistrictA).issues, 3U);
  EXPECT_EQ(line_of(city, dl::kDistrictA).name, "淮安区");
  EXPECT_EQ(line_of(city, dl::kDistrictA).budget_fen, 60'000 * dl::kYuan);
  EXPECT_EQ(line_of(city, dl::kDistrictA).escalated, 0U);
  EXPECT_EQ(line_of(city, dl::kDistrictB).issues, 1U);
  EXPECT_EQ(line_of(city, dl::kDistrictB).escalated, 1U);
  EXPECT_EQ(line_of(city, dl::kDistrictB).by_stage.at("escalated"), 1U);
  EXPECT_EQ(city.total.issues, 4U);
  EXPECT_EQ(city.total.by_stage.at("logged"), 3U);
  EXPECT_EQ(city.total.budget_fen, 660'000 * dl::kYuan);
  EXPECT_EQ(city.by_category.at("environment"), 4U);
  EXPECT_EQ(city.escalation_reasons.at("budget"), 2U);

  const Report district = report_on(dl::kDistrictA);
  EXPECT_EQ(line_of(district, dl::kTown1).issues, 2U);
  EXPECT_EQ(line_of(district, dl::kTown2).issues, 1U);
  EXPECT_EQ(district.total.issues, 3U);
  EXPECT_TRUE(district.escalation_reasons.empty());
  const Report town = report_on(dl::kTown2);
  EXPECT_EQ(line_of(town, dl::kTown2).issues, 1U);  // its own
  EXPECT_EQ(line_of(town, dl::kVillage3).issues, 0U);
}

TEST_F(ReportsTest, VillageReportsOnItself) {
  log(dl::kVillage1, 10'000);
  log(dl::kVillage2, 10'000);
  const Report village = report_on(dl::kVillage1);
  ASSERT_EQ(village.lines.size(), 1U);
  EXPECT_EQ(village.lines[0].unit, dl::kVillage1);
  EXPECT_EQ(village.total.issues, 1U);
  EXPECT_EQ(village.frontier.nodes, 0U);
  EXPECT_EQ(village.frontier.units, 1U);
}

TEST_F(ReportsTest, MonthIsThatOfTheLogging) {
  log(dl::kVillage1, 10'000);
  town_.now += 40ULL * 24 * kHour;
  log(dl::kVillage1, 600'000);
  EXPECT_EQ(report_on(dl::kCity).total.issues, 2U);
  EXPECT_EQ(report_on(dl::kCity, "2026-11").total.issues, 1U);
  EXPECT_TRUE(report_on(dl::kCity, "2026-11").escalation_reasons.empty());
  EXPECT_EQ(report_on(dl::kCity, "2026-12").escalation_reasons.at("budget"), 2U);
  EXPECT_EQ(report_on(dl::kCity, "2025-01").total.issues, 0U);
}

TEST_F(ReportsTest, MovedUnitCountsWhereItIsNow) {
  log(dl::kVillage1, 10'000);
  town_.change({topology::UnitMoved{dl::kVillage1, dl::kTown3}});
  EXPECT_EQ(line_of(report_on(dl::kCity), dl::kDistrictB).issues, 1U);
  EXPECT_EQ(line_of(report_on(dl::kCity), dl::kDistrictA).issues, 0U);
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
    return report(*reader, town_.directory, dl::kCity, {}, town_.now, kHour).total.issues;
  };
  EXPECT_EQ(total(), 1U);
  EXPECT_FALSE(reader->in_transaction());
  ASSERT_OK(reader->begin());
  EXPECT_EQ(total(), 1U);
  log(dl::kVillage1, 10'000);
  EXPECT_EQ(total(), 1U);
  ASSERT_OK(reader->commit());
  EXPECT_EQ(total(), 2U);
}

}  // namespace
}  // namespace yishi::store
