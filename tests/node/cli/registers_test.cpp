// register and measure on the command line, against a real node.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "../http/room.h"
#include "node/cli/cli.h"

namespace yishi::cli {
namespace {

struct Told {
  int code = 0;
  std::string out, err;
};

Told tell(const http::Room& room, std::vector<std::string> words) {
  words.insert(words.begin(), {"yishi", "--data", room.directory()});
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Told told;
  told.code = run(static_cast<int>(argv.size()), argv.data(), Hooks{});
  told.out = testing::internal::GetCapturedStdout();
  told.err = testing::internal::GetCapturedStderr();
  return told;
}

TEST(RegisterCommands, an_entry_is_put_and_shown) {
  const http::Room room;
  auto told = tell(room, {"register", "put", "rooms", "name=一村议事室", "kind=territory", "--unit",
                          http::kVillage});
  ASSERT_EQ(told.code, 0) << told.err;
  told = tell(room, {"register", "list", "rooms"});
  EXPECT_NE(told.out.find("一村议事室"), std::string::npos) << told.out;
  told = tell(room, {"register", "show", "rooms", "一村议事室", "--unit", http::kVillage});
  EXPECT_NE(told.out.find("现行"), std::string::npos) << told.out;
  told = tell(room, {"register", "withdraw", "rooms", "一村议事室", "--unit", http::kVillage});
  EXPECT_EQ(told.code, 0) << told.err;
}

TEST(RegisterCommands, what_is_wrong_is_told_with_its_field) {
  const http::Room room;
  const auto told = tell(room, {"register", "put", "rooms", "name=一村", "kind=palace"});
  EXPECT_EQ(told.code, 1);
  EXPECT_NE(told.out.find("kind"), std::string::npos) << told.out << told.err;
}

TEST(MeasureCommands, numbers_gaps_minimums_and_stars_are_shown) {
  const http::Room room;
  ASSERT_EQ(tell(room, {"register", "put", "rooms", "name=一村", "kind=territory", "--unit",
                        http::kVillage})
                .code,
            0);
  auto told = tell(room, {"measure", "report", "--year", "2026"});
  EXPECT_NE(told.out.find("50.00% (1/2)"), std::string::npos) << told.out << told.err;
  told = tell(room, {"measure", "open", "rooms"});
  EXPECT_NE(told.out.find("一村"), std::string::npos) << told.out;
  told = tell(room, {"measure", "gaps", "--gap", "village_room"});
  EXPECT_NE(told.out.find("1/2"), std::string::npos) << told.out;
  told = tell(room, {"measure", "minimums", "--day", "2026-12-31"});
  EXPECT_NE(told.out.find("乡镇每年至少协商两次"), std::string::npos) << told.out;
  told = tell(room, {"measure", "stars", "--year", "2026"});
  EXPECT_EQ(told.code, 0) << told.err;
}

TEST(MeasureCommands, a_bulletin_of_the_stars_is_shown_and_sent) {
  const http::Room room;
  auto told = tell(room, {"measure", "bulletin", "--year", "2026", "--day", "2026-12-31"});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_NE(told.out.find("参评"), std::string::npos) << told.out;
  EXPECT_TRUE(room.get("/api/v1/registers/bulletins").at("entries").empty());
  told = tell(room, {"measure", "bulletin", "--year", "2026", "--day", "2026-12-31", "--put"});
  EXPECT_EQ(told.code, 0) << told.err;
  const auto sent = room.get("/api/v1/registers/bulletins").at("entries");
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent.at(0).at("fields").at("date"), "2026-12-31");
}

}  // namespace
}  // namespace yishi::cli
