// A bulletin composed of the star rating.
#include "node/deliberation/bulletin.h"

#include <gtest/gtest.h>

#include "town.h"

namespace yishi::deliberation {
namespace {

const BulletinFrame kFrame{"淮安市", "2026-12-31", {"2026-01-01", "2026-12-31"}, "全部单位已到齐"};

Stars stars_of_huaian() { return (*parse_policy(huaian()))->stars; }

TEST(Bulletin, praises_five_stars_and_urges_those_without_one) {
  const auto fields = compose_bulletin(stars_of_huaian(),
                                       {{kVillage1, "一村", 4'000},
                                        {kVillage2, "二村", 9'000},
                                        {kVillage3, "三村", 7'500},
                                        {kTown1, "甲镇", 1'050}},
                                       kFrame);
  EXPECT_EQ(fields.at("praised"), std::vector<std::string>{kVillage2.text()});
  // Those with the fewest points first.
  EXPECT_EQ(fields.at("urged"), (std::vector<std::string>{kTown1.text(), kVillage1.text()}));
  EXPECT_EQ(fields.at("date"), std::vector<std::string>{"2026-12-31"});
  const std::string text = fields.at("text").front();
  for (const char* words :
       {"参评 4 个单位", "五星 1 个", "四星 1 个", "未评上 2 个", "10.50 分", "全部单位已到齐"}) {
    EXPECT_NE(text.find(words), std::string::npos) << text;
  }
}

TEST(Bulletin, nobody_rated_is_a_bulletin_that_names_nobody) {
  const auto fields = compose_bulletin(stars_of_huaian(), {}, kFrame);
  EXPECT_FALSE(fields.contains("praised"));
  EXPECT_FALSE(fields.contains("urged"));
  EXPECT_NE(fields.at("text").front().find("参评 0 个单位"), std::string::npos);
}

TEST(Bulletin, names_so_many_and_counts_the_rest) {
  std::vector<RatedUnit> rated;
  for (int i = 0; i < 130; ++i) {
    rated.push_back({code("320803001" + std::to_string(100 + i)), "村", 0});
  }
  const auto fields = compose_bulletin(stars_of_huaian(), rated, kFrame);
  EXPECT_EQ(fields.at("urged").size(), kMaxNamedUnits);
  EXPECT_NE(fields.at("text").front().find("另有 30 个单位"), std::string::npos);
  const auto policy = parse_policy(huaian());
  EXPECT_NE((*policy)->find_register((*policy)->stars.bulletin.register_id), nullptr);
}

TEST(Bulletin, faults_of_its_part_of_a_policy_are_named) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = huaian();
    const auto at = text.find(from, text.find("[stars.bulletin]"));
    YISHI_ASSERT(at != std::string::npos);
    const auto policy = parse_policy(text.replace(at, from.size(), to));
    return policy.ok() ? std::string() : policy.error().rule;
  };
  EXPECT_EQ(with("register = \"bulletins\"", "register = \"moon\""), "policy.register.unknown");
  EXPECT_EQ(with("date = \"date\"", "date = \"title\""), "policy.measure.field");
  EXPECT_EQ(with("praised_from = 5", "praised_from = 0"), "policy.stars.bulletin");
  EXPECT_EQ(with("urged_to = 0", "urged = 0"), "policy.toml");
}

}  // namespace
}  // namespace yishi::deliberation
