// Money, time, targets and languages as they come in.
#include <gtest/gtest.h>

#include "node/http/limits.h"
#include "node/http/message.h"
#include "node/http/problem.h"
#include "node/http/quantities.h"

namespace yishi::http {
namespace {

TEST(Money, yuan_as_people_write_them) {
  EXPECT_EQ(parse_yuan("2,200,000.50"), 220'000'050);
  EXPECT_EQ(parse_yuan("￥2200000.5"), 220'000'050);
  EXPECT_EQ(parse_yuan("¥ 12 元"), 1'200);
  EXPECT_EQ(parse_yuan("0"), 0);
  EXPECT_EQ(parse_yuan("100000000000"), 10'000'000'000'000);
}

TEST(Money, what_is_no_amount_is_refused) {
  for (const char* text : {"", ".", "1.", ".5", "1.234", "-1", "1e3", "22万", "1.2.3",
                           "100000000000.01", "99999999999999999999999"}) {
    EXPECT_FALSE(parse_yuan(text).has_value()) << text;
  }
}

TEST(Money, numbers_are_taken_to_the_fen) {
  EXPECT_EQ(yuan_to_fen(0.1), 10);
  EXPECT_EQ(yuan_to_fen(1'234'567.89), 123'456'789);
  EXPECT_EQ(yuan_to_fen(1e11), 10'000'000'000'000);
  EXPECT_FALSE(yuan_to_fen(0.001).has_value());
  EXPECT_FALSE(yuan_to_fen(-0.01).has_value());
  EXPECT_FALSE(yuan_to_fen(1e300).has_value());
  EXPECT_EQ(yuan_text(5), "0.05");
  EXPECT_EQ(yuan_text(220'000'050), "2200000.50");
}

TEST(Time, written_in_china_and_read_back) {
  EXPECT_EQ(rfc3339(1'709'620'200'000), "2024-03-05T14:30:00+08:00");
  EXPECT_EQ(rfc3339(0), "");
  EXPECT_EQ(parse_moment("2024-03-05T14:30:00+08:00"), 1'709'620'200'000U);
  EXPECT_EQ(parse_moment("2024-03-05T06:30:00Z"), 1'709'620'200'000U);
  EXPECT_EQ(parse_moment("2024-03-05 14:30"), 1'709'620'200'000U);
  EXPECT_EQ(parse_moment("2024-03-05T14:30:00.999+08:00"), 1'709'620'200'000U);
}

TEST(Time, day_alone_lasts_until_its_last_second) {
  ASSERT_TRUE(parse_moment("2026-12-31").has_value());
  EXPECT_EQ(rfc3339(*parse_moment("2026-12-31")), "2026-12-31T23:59:59+08:00");
}

TEST(Time, what_is_no_time_is_refused) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "1969-01-01", "2026-11-21 25:00",
                           "2026-11-21 14:61", "2026-11-21 14:30 ", "2026-11-21T14:30+8",
                           "26-11-21", "2026-11-21 14:30:00x"}) {
    EXPECT_FALSE(parse_moment(text).has_value()) << text;
  }
}

TEST(Target, is_split_and_decoded) {
  Request request;
  ASSERT_TRUE(parse_target("/api/v1/issues?q=%E6%B8%85+%E6%B7%A4&limit=3&open", request).ok());
  EXPECT_EQ(request.segments, (std::vector<std::string>{"api", "v1", "issues"}));
  EXPECT_EQ(request.query.find("q")->second, "清 淤");
  EXPECT_EQ(request.query.find("limit")->second, "3");
  EXPECT_EQ(request.query.find("open")->second, "");
}

TEST(Target, slash_inside_a_segment_does_not_split_it) {
  Request request;
  ASSERT_TRUE(parse_target("/a%2Fb/c", request).ok());
  EXPECT_EQ(request.segments, (std::vector<std::string>{"a/b", "c"}));
}

TEST(Target, malformed_or_overlong_one_is_refused) {
  for (const char* text : {"", "*", "http://x/", "/%", "/%4", "/%zz", "/%ff", "/%00", "/a?b=%"}) {
    Request request;
    EXPECT_FALSE(parse_target(text, request).ok()) << text;
  }
  Request request;
  const auto status = parse_target("/" + std::string(kMaxTargetBytes, 'a'), request);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status_of(status.error()), 414U);
}

TEST(Language, is_the_one_asked_for_most_and_chinese_by_default) {
  EXPECT_TRUE(prefers_chinese(""));
  EXPECT_TRUE(prefers_chinese("fr"));
  EXPECT_TRUE(prefers_chinese("zh-CN,zh;q=0.9,en;q=0.8"));
  EXPECT_FALSE(prefers_chinese("en-GB"));
  EXPECT_FALSE(prefers_chinese("EN, zh;q=0.1"));
  EXPECT_TRUE(prefers_chinese("en;q=0.2, zh;q=0.3"));
}

TEST(Problem, carries_rule_field_and_both_sentences) {
  const auto response = problem({"store.full", "disk", "磁盘已满", "the disk is full"}, false);
  EXPECT_EQ(response.status, 507U);
  EXPECT_EQ(response.type, "application/problem+json");
  EXPECT_NE(response.body.find("\"detail\":\"the disk is full\""), std::string::npos);
  EXPECT_NE(response.body.find("\"zh\":\"磁盘已满\""), std::string::npos);
  EXPECT_NE(response.body.find("\"field\":\"disk\""), std::string::npos);
}

}  // namespace
}  // namespace yishi::http
