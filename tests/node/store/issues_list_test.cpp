// Lists: by place, holder, stage and time, page after page; and by words inside a sentence.
#include "node/store/limits.h"
#include "tests/node/store/history.h"

namespace yishi::store {
namespace {

using dl::Act;

class IssuesListTest : public ::testing::Test {
 protected:
  std::string log(const topology::Code& home, dl::ActBody body) {
    Happening one(scribes_, home, ++number_);
    EXPECT_EQ(one.log(std::move(body)), "");
    city_.take_all(one.written);
    return one.id;
  }
  std::vector<std::string> list(const IssueFilter& filter) {
    std::vector<std::string> ids;
    for (const auto& row : city_.issues().list(filter, town_.directory)) {
      ids.push_back(row.issue.id);
    }
    EXPECT_FALSE(city_.database().poisoned());
    return ids;
  }
  std::vector<std::string> search(std::string_view text) {
    IssueFilter filter;
    filter.text = text;
    auto ids = list(filter);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  dl::Town town_;
  Scribes scribes_{town_};
  NodeStore city_{town_};
  std::uint64_t number_ = 0;
};

using Ids = std::vector<std::string>;

TEST_F(IssuesListTest, NewestChangeComesFirstAndPagesFollowEachOther) {
  Ids ids;
  for (int i = 0; i < 7; ++i) ids.push_back(log(dl::kVillage1, titled("事项")));
  Happening again(scribes_, dl::kVillage3, 100);
  ASSERT_EQ(again.log(), "");
  city_.take(again.written.at(0));
  ids.push_back(log(dl::kVillage1, titled("事项")));
  ASSERT_EQ(again.act(Act::kPropose, dl::kVillage3), "");
  city_.take(again.written.at(1));  // changed after all others
  ids.push_back(again.id);
  std::reverse(ids.begin(), ids.end());
  EXPECT_EQ(list({}), ids);

  Ids paged;
  IssueFilter filter;
  filter.limit = 4;
  for (;;) {
    const auto rows = city_.issues().list(filter, town_.directory);
    if (rows.empty()) break;
    EXPECT_LE(rows.size(), 4U);
    for (const auto& row : rows) paged.push_back(row.issue.id);
    filter.before = rows.back().order;
  }
  EXPECT_EQ(paged, ids);
}

TEST_F(IssuesListTest, LimitIsHeld) {
  for (int i = 0; i < 3; ++i) log(dl::kVillage1, titled("事项"));
  IssueFilter filter;
  filter.limit = 0;
  EXPECT_TRUE(list(filter).empty());
  filter.limit = 2;
  EXPECT_EQ(list(filter).size(), 2U);
  filter.limit = SIZE_MAX;
  EXPECT_EQ(list(filter).size(), 3U);
}

TEST_F(IssuesListTest, HomesInsideASubtreeAndHoldersWhereverTheHomeIs) {
  const auto near = log(dl::kVillage1, dl::with_budget(10'000));
  const auto climbed = log(dl::kVillage1, dl::with_budget(600'000));  // held by the district
  const auto far = log(dl::kVillage4, dl::with_budget(10'000));
  IssueFilter filter;
  filter.home_inside = dl::kCity;
  EXPECT_EQ(list(filter).size(), 3U);
  filter.home_inside = dl::kDistrictA;
  EXPECT_EQ(list(filter), (Ids{climbed, near}));
  filter.home_inside = dl::kVillage4;
  EXPECT_EQ(list(filter), Ids{far});
  filter.home_inside = dl::kVillage3;
  EXPECT_TRUE(list(filter).empty());
  filter.home_inside.reset();
  filter.holder = dl::kDistrictA;
  EXPECT_EQ(list(filter), Ids{climbed});
  filter.holder = dl::kVillage1;
  EXPECT_EQ(list(filter), Ids{near});
  filter.home_inside = dl::kDistrictB;
  EXPECT_TRUE(list(filter).empty());
}

TEST_F(IssuesListTest, StageCategoryMonthAndClimbs) {
  dl::ActBody traffic = titled("红绿灯");
  traffic.category = "traffic";
  const auto light = log(dl::kVillage1, traffic);
  const auto climbed = log(dl::kVillage1, dl::with_budget(600'000));
  town_.now += 40ULL * 24 * 3600 * 1000;  // into December
  const auto december = log(dl::kVillage3, {});
  IssueFilter filter;
  filter.category = "traffic";
  EXPECT_EQ(list(filter), Ids{light});
  filter = {};
  filter.stage = "escalated";
  EXPECT_EQ(list(filter), Ids{climbed});
  filter = {};
  filter.escalated_only = true;
  EXPECT_EQ(list(filter), Ids{climbed});
  filter = {};
  filter.month = "2026-12";
  EXPECT_EQ(list(filter), Ids{december});
  filter.category = "traffic";
  EXPECT_TRUE(list(filter).empty());
}

TEST_F(IssuesListTest, EndedIssuesAreNotOpenAndHeldByNobody) {
  Happening road(scribes_, dl::kVillage1, 50);
  ASSERT_EQ(road.log(dl::with_budget(600'000)), "");
  ASSERT_EQ(road.act(Act::kAccept, dl::kDistrictA), "");
  ASSERT_EQ(road.act(Act::kDecide, dl::kDistrictA, dl::with_text("同意")), "");
  ASSERT_EQ(road.act(Act::kFeedBack, dl::kDistrictA, dl::with_text("已定")), "");
  city_.take_all(road.written);
  const auto holder = road.issue.holder;
  EXPECT_EQ(city_.issues().held_by(holder), Ids{road.id});
  for (const auto& [here, key] : town_.keys) {
    if (road.act(Act::kClose, here, dl::with_result("solved", "已办好")).empty()) break;
  }
  ASSERT_EQ(road.issue.stage, "closed");
  city_.take(road.written.back());
  IssueFilter filter;
  EXPECT_EQ(list(filter), Ids{road.id});
  filter.open_only = true;
  EXPECT_TRUE(list(filter).empty());
  EXPECT_TRUE(city_.issues().held_by(road.issue.holder).empty());
}

TEST_F(IssuesListTest, TwoCharactersAreFoundInsideASentence) {
  const auto pond = log(dl::kVillage1, titled("村东池塘", "夏天蚊虫多，请尽快开展环境整治工作。"));
  const auto light = log(dl::kVillage3, titled("红绿灯", "路口没有红绿灯，整修道路"));
  EXPECT_EQ(search("整治"), Ids{pond});
  EXPECT_EQ(search("境整"), Ids{pond});
  EXPECT_EQ(search("环境整治"), Ids{pond});
  EXPECT_EQ(search("池塘"), Ids{pond});
  EXPECT_EQ(search("蚊虫 池塘"), Ids{pond});
  EXPECT_EQ(search("红绿灯"), Ids{light});
  EXPECT_TRUE(search("治整").empty());
  EXPECT_TRUE(search("多请").empty());  // a comma stands between them
  EXPECT_TRUE(search("环境 红绿").empty());
  EXPECT_EQ(search(""), (Ids{pond, light}));
}

TEST_F(IssuesListTest, OneCharacterIsFoundWhereItStandsAndNowhereElse) {
  const auto pond = log(dl::kVillage1, titled("村东池塘", "水质变差"));
  const auto light = log(dl::kVillage3, titled("红绿灯"));
  EXPECT_EQ(search("塘"), Ids{pond});
  EXPECT_EQ(search("水"), Ids{pond});
  EXPECT_EQ(search("灯"), Ids{light});
  EXPECT_TRUE(search("山").empty());
  EXPECT_EQ(search("水 池塘"), Ids{pond});
  EXPECT_TRUE(search("水 红绿").empty());
  IssueFilter filter;
  filter.text = "水";
  filter.limit = 1;
  EXPECT_EQ(list(filter), Ids{pond});  // although a newer one does not match
}

TEST_F(IssuesListTest, LettersAndDigitsAreFoundByTheirBeginningInAnyCase) {
  const auto road = log(dl::kVillage1, titled("G205国道", "靠近 WiFi 基站 K12"));
  EXPECT_EQ(search("g205"), Ids{road});
  EXPECT_EQ(search("G2"), Ids{road});
  EXPECT_EQ(search("ｗｉｆｉ"), Ids{road});
  EXPECT_EQ(search("国道 k12"), Ids{road});
  EXPECT_TRUE(search("205").empty());
  EXPECT_EQ(search(road), Ids{road});  // by its id
}

TEST_F(IssuesListTest, AmendedTextIsFoundByTheNewWordsOnly) {
  Happening one(scribes_, dl::kVillage1, 60);
  ASSERT_EQ(one.log(titled("清理池塘")), "");
  ASSERT_EQ(one.act(Act::kAmend, dl::kVillage1, titled("修整沟渠")), "");
  city_.take(one.written.at(0));
  EXPECT_EQ(search("池塘"), Ids{one.id});
  city_.take(one.written.at(1));
  EXPECT_TRUE(search("池塘").empty());
  EXPECT_EQ(search("沟渠"), Ids{one.id});
}

TEST_F(IssuesListTest, WhatLooksLikeSyntaxIsOnlyText) {
  const auto one = log(dl::kVillage1, titled("池塘"));
  for (const std::string_view text :
       {"\"", "\" OR \"", "池塘\" OR \"", "*", "words:池塘", "NEAR(池 塘)", "^池塘", "- 池塘", "''",
        "%", "_", "池塘; DROP TABLE issue", "{池塘}:", "\\", "(((((", "AND", "NOT"}) {
    (void)search(text);
    const auto fault = city_.database().take_fault();
    EXPECT_FALSE(fault.has_value()) << text << ": " << fault->en;
  }
  EXPECT_EQ(search("\"池塘\""), Ids{one});
  IssueFilter filter;
  filter.stage = "' OR '1'='1";
  EXPECT_TRUE(list(filter).empty());
}

TEST_F(IssuesListTest, ReaderListsWhatTheWriterCommitted) {
  const auto one = log(dl::kVillage1, titled("池塘"));
  const auto reader = open_or_fail(city_.directory(), Access::kReader);
  IssueFilter filter;
  filter.text = "池塘";
  const auto rows = Issues(*reader).list(filter, town_.directory);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].issue.id, one);
  EXPECT_FALSE(reader->take_fault().has_value());
}

}  // namespace
}  // namespace yishi::store
