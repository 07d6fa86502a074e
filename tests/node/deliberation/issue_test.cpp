#include <gtest/gtest.h>

#include "town.h"

namespace yishi::deliberation {
namespace {

Issue full_issue() {
  Issue issue;
  issue.id = "320803001001-2026-0007";
  issue.n = 9;
  issue.last.bytes.fill(3);
  issue.policy_version = 4;
  issue.home = kVillage1;
  issue.holder = kDistrictA;
  issue.stage = "escalated";
  issue.title = "标题";
  issue.text = "内容";
  issue.category = "land";
  issue.source = "raised";
  issue.budget_fen = 12'345;
  issue.reach = {kVillage2, kVillage3};
  issue.logged_ms = 1;
  issue.changed_ms = 2;
  issue.accept_by_ms = 3;
  issue.closed_ms = 4;
  issue.custody = {kVillage1, kTown1, kVillage1};
  issue.custody_reasons = {{}, {"budget", "reach"}, {"person"}};
  issue.proposer = kVillage1;
  issue.concerned = {kVillage1, kTown1, kDistrictA};
  issue.granted = {"320803001001:budget"};
  issue.escalations = {"budget", "reach", "person"};
  issue.assignments = {{1, kVillage1, "一", 5, 6, 70, true, "二", 8, issue.last},
                       {2, kTown1, "三", 0, 0, 0, false, "", 0, {}}};
  issue.filed = {{kTown1, 11}};
  issue.approved_n = 3;
  issue.approved_by = kTown1;
  issue.approved_for = kVillage1;
  issue.researched = true;
  issue.session_held = true;
  issue.decision = "决定";
  issue.outcome = "成果";
  issue.became = "project";
  issue.result = "solved";
  issue.return_reason = "理由";
  issue.figures = {{"费用", "2", "1", "元"}};
  issue.comments = 1;
  issue.evaluations = 2;
  issue.score_sum = 180;
  return issue;
}

TEST(IssueCodec, EveryFieldComesBack) {
  for (const Issue& issue : {full_issue(), Issue{}}) {
    const auto read = decode_issue(encode_issue(issue));
    ASSERT_TRUE(read.ok()) << read.error().en;
    EXPECT_EQ(*read, issue);
  }
}

TEST(IssueCodec, AnIssueWithTheLongestHistoryStillFits) {
  Issue issue = full_issue();
  issue.n = kMaxTransitions;
  issue.custody.assign(kMaxTransitions, kVillage1);
  issue.custody_reasons.assign(kMaxTransitions, {"budget", "category", "reach", "person"});
  issue.escalations.clear();
  for (std::uint64_t i = 0; i < kMaxTransitions; ++i) {
    issue.escalations.insert(issue.escalations.end(), {"budget", "category", "reach", "person"});
  }
  const auto read = decode_issue(encode_issue(issue));
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(*read, issue);
}

TEST(IssueCodec, AnotherVersionOrCutBytesAreRefused) {
  Bytes bytes = encode_issue(full_issue());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_issue(View(bytes).first(size)).ok());
  }
  bytes[0] = 0;
  const auto read = decode_issue(bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().rule, "issue.state.version");
}

TEST(IssueId, IsReadBackAndHasOneSpelling) {
  EXPECT_EQ(make_issue_id(kVillage1, 2026, 7), "320803001001-2026-0007");
  EXPECT_EQ(make_issue_id(kVillage1, 2026, 100'001), "320803001001-2026-100001");
  const auto room = parse_issue_id("320803001000-E01-2026-0012");
  ASSERT_TRUE(room.ok());
  EXPECT_EQ(room->unit, code("320803001000-E01"));
  EXPECT_EQ(room->year, 2026);
  EXPECT_EQ(room->number, 12U);
}

TEST(IssueId, OtherSpellingsAreRefused) {
  for (const char* text :
       {"", "-", "--", "0007", "320803001001-2026", "320803001001-2026-", "320803001001-2026-7",
        "320803001001-2026-00007", "320803001001-2026-0000", "320803001001-26-0007",
        "320803001001-2026-+007", "32080300100-2026-0007", "320803001001-2026-0007 ",
        "320803001001-2026-9999999999999999999999", "320803001001-0000-0007"}) {
    const auto id = parse_issue_id(text);
    ASSERT_FALSE(id.ok()) << text;
    EXPECT_EQ(id.error().rule, "issue.id");
  }
}

TEST(ChinaTime, TheYearTurnsAtMidnightInChina) {
  const std::uint64_t midnight = 1'798'732'800'000;  // 2027-01-01 00:00 +08:00
  EXPECT_EQ(china_year(midnight - 1), 2026);
  EXPECT_EQ(china_month(midnight - 1), "2026-12");
  EXPECT_EQ(china_year(midnight), 2027);
  EXPECT_EQ(china_month(midnight), "2027-01");
  EXPECT_EQ(china_year(UINT64_MAX), china_year(kMaxTimeMs));
}

}  // namespace
}  // namespace yishi::deliberation
