// /policy: checked, compared, tried.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "room.h"

namespace yishi::http {
namespace {

std::string rules() {
  std::ifstream in(std::string(YISHI_SOURCE_DIR) + "/node/deliberation/policies/huaian.toml");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string stricter() {
  std::string text = rules();
  const std::string limit = "budget_max_yuan = 50000\n";
  return text.replace(text.find(limit), limit.size(), "budget_max_yuan = 5000\n");
}

TEST(Policies, one_in_order_is_answered_with_its_flow) {
  const Room room;
  const auto answer = room.post("/api/v1/policy/check", {{"text", rules()}});
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  EXPECT_EQ(answer.at("id"), "huaian");
  EXPECT_NE(answer.at("flow_zh").get<std::string>().find("提出议题"), std::string::npos);
}

TEST(Policies, mistakes_are_named_by_line) {
  const Room room;
  const auto answer = room.post("/api/v1/policy/check", {{"text", "id = \"x\"\nqq = 1\n"}});
  EXPECT_EQ(answer.at("status"), 422);
  EXPECT_NE(answer.at("en").get<std::string>().find("line 2: unknown key qq"), std::string::npos)
      << answer.dump();
}

TEST(Policies, one_is_compared_with_the_one_in_force) {
  const Room room;
  const auto answer = room.post("/api/v1/policy/diff", {{"after", stricter()}});
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  ASSERT_EQ(answer.at("differences").size(), 1U);
  EXPECT_EQ(answer.at("differences").at(0).at("path"), "authority.village.budget_max_yuan");
}

TEST(Policies, one_is_tried_on_the_issues_there_are) {
  const Room room;
  for (const char* yuan : {"3000", "8000"}) {
    const Input issue{
        {"title", "路灯"}, {"category", "公共设施"}, {"budget_yuan", yuan}, {"home", kVillage}};
    ASSERT_EQ(room.post("/api/v1/issues", issue).at("status"), 201);
  }
  const auto answer = room.post("/api/v1/policy/try", {{"text", stricter()}});
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  EXPECT_EQ(answer.at("issues"), 2);
  ASSERT_EQ(answer.at("differ").size(), 1U);
  EXPECT_EQ(answer.at("differ").at(0).at("deviations").at(0).at("rule"), "trial.escalates");
  EXPECT_TRUE(answer.at("next").is_null());
  const auto none = room.post("/api/v1/policy/try", {{"text", stricter()}, {"home", kTownship}});
  EXPECT_EQ(none.at("issues"), 2);
}

}  // namespace
}  // namespace yishi::http
