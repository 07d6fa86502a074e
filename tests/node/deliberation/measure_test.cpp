// Measures: conditions, points, what is due; and what is refused of their part of a policy.
#include "node/deliberation/measure.h"

#include <gtest/gtest.h>

#include "town.h"

namespace yishi::deliberation {
namespace {

// The first fault of Huai'an's policy with this added.
Error fault_with(const std::string& text) {
  const auto policy = parse_policy(huaian() + "\n" + text);
  return policy.ok() ? Error{} : policy.error();
}

TEST(Measure, conditions_hold_as_they_read) {
  const FieldValues fields{{"kind", {"village"}}, {"uses", {"a", "b"}}};
  using Sense = Condition::Sense;
  EXPECT_TRUE(holds({{"kind", Sense::kIs, {"town", "village"}}}, fields));
  EXPECT_FALSE(holds({{"kind", Sense::kIsNot, {"village"}}}, fields));
  EXPECT_TRUE(holds({{"other", Sense::kIsNot, {"village"}}}, fields));
  EXPECT_TRUE(holds({{"uses", Sense::kIs, {"b"}}, {"uses", Sense::kIs, {"a"}}}, fields));
  EXPECT_FALSE(holds({{"uses", Sense::kIs, {"b"}}, {"uses", Sense::kIs, {"c"}}}, fields));
  EXPECT_TRUE(holds({{"kind", Sense::kGiven, {}}, {"opened", Sense::kAbsent, {}}}, fields));
}

TEST(Measure, both_days_of_a_period_are_in_it) {
  Measure measure;
  measure.date = "date";
  const Period period = year_period(2026);
  EXPECT_EQ(amount(measure, {{"date", {"2026-01-01"}}}, period), 1);
  EXPECT_EQ(amount(measure, {{"date", {"2026-12-31"}}}, period), 1);
  EXPECT_FALSE(amount(measure, {{"date", {"2025-12-31"}}}, period).has_value());
  EXPECT_FALSE(amount(measure, {}, period).has_value());
  measure.sum = "people";
  EXPECT_EQ(amount(measure, {{"date", {"2026-06-01"}}, {"people", {"40"}}}, period), 40);
}

TEST(Measure, points_are_exact_and_never_above_their_weight) {
  EXPECT_EQ(star_points(30, 1, 3), 1000U);
  EXPECT_EQ(star_points(20, 2, 3), 1333U);
  EXPECT_EQ(star_points(20, 9, 3), 2000U);
  EXPECT_EQ(star_points(20, 0, 0), 0U);
}

TEST(Measure, what_is_due_grows_with_the_year) {
  EXPECT_EQ(due_by(2, "2026-01-01"), 0U);
  EXPECT_EQ(due_by(2, "2026-07-01"), 0U);
  EXPECT_EQ(due_by(2, "2026-07-02"), 1U);  // the 183rd of 365 days
  EXPECT_EQ(due_by(2, "2026-12-30"), 1U);
  EXPECT_EQ(due_by(2, "2026-12-31"), 2U);
  EXPECT_EQ(due_by(366, "2028-02-29"), 60U);
}

TEST(Measure, mistakes_in_a_policy_are_named) {
  EXPECT_EQ(
      fault_with("[[measures]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nregister = \"none\"").rule,
      "policy.register.unknown");
  EXPECT_EQ(fault_with("[[measures]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nregister = \"rooms\"\n"
                       "where = [\"kind=palace\"]")
                .rule,
            "policy.measure.value");
  EXPECT_EQ(fault_with("[[measures]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nregister = \"rooms\"\n"
                       "date = \"name\"")
                .rule,
            "policy.measure.field");
  EXPECT_EQ(fault_with("[[measures]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nof = \"issues\"\n"
                       "where = [\"colour=red\"]")
                .rule,
            "policy.measure.field");
  EXPECT_EQ(fault_with("[[rates]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\ncount = \"rooms\"\n"
                       "among = \"nothing\"")
                .rule,
            "policy.measure.unknown");
  EXPECT_EQ(fault_with("[[minimums]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nlevel = \"village\"\n"
                       "measure = \"rooms\"\nat_least = 2")
                .rule,
            "policy.minimum.date");
  EXPECT_EQ(fault_with("[[gaps]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nregister = \"rooms\"").rule,
            "policy.gap");
  EXPECT_EQ(fault_with("[[registers]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nkey = [\"name\"]\n"
                       "fields = [{id = \"name\", zh = \"n\", en = \"n\", personal = true, "
                       "required = true}]")
                .rule,
            "policy.register.key");
  EXPECT_EQ(fault_with("[[registers]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nkey = [\"n\"]\n"
                       "fields = [{id = \"n\", zh = \"n\", en = \"n\", type = \"label\", "
                       "required = true}]")
                .rule,
            "policy.register.options");
}

TEST(Measure, the_line_of_a_mistake_is_that_of_its_table) {
  const std::string policy = huaian();
  const auto before = std::count(policy.begin(), policy.end(), '\n') + 1;
  const auto error =
      fault_with("[[gaps]]\nid = \"x\"\nzh = \"x\"\nen = \"x\"\nregister = \"rooms\"");
  EXPECT_EQ(error.field, "line " + std::to_string(before + 1));
}

}  // namespace
}  // namespace yishi::deliberation
