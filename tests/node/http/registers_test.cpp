// /registers and /measures over the socket.
#include <gtest/gtest.h>

#include "room.h"

namespace yishi::http {
namespace {

const std::string kRooms = "/api/v1/registers/rooms";

Input room_entry(const char* unit, const std::string& name, const char* kind = "territory") {
  return {{"unit", unit}, {"fields", {{"name", name}, {"kind", kind}}}};
}

Input member(const char* number, const char* name) {
  return {{"fields",
           {{"number", number}, {"name", name}, {"telephone", "13800001234"}, {"level", "市"}}}};
}

Input put(const Room& room, const std::string& register_id, const std::vector<Input>& entries) {
  return room.post("/api/v1/registers/" + register_id, {{"entries", Input(entries)}});
}

TEST(Registers, the_policys_registers_are_listed_with_their_fields) {
  const Room room;
  const auto answer = room.get("/api/v1/registers");
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  EXPECT_EQ(answer.at("registers").at(0).at("id"), "rooms");
  EXPECT_EQ(answer.at("registers").at(0).at("fields").at(0).at("zh"), "名称");
}

TEST(Registers, an_entry_is_put_listed_opened_and_withdrawn) {
  const Room room;
  auto answer = put(room, "rooms", {room_entry(kVillage, "一村议事室")});
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  EXPECT_EQ(answer.at("put"), 1);
  answer = room.get(kRooms + "?unit=" + kVillage);
  ASSERT_EQ(answer.at("entries").size(), 1U) << answer.dump();
  EXPECT_EQ(answer.at("entries").at(0).at("words").at("kind").at(0).at("zh"), "村（社区）、乡镇");
  const std::string one =
      kRooms + "/entry?unit=" + kVillage + "&key=" + percent_encode("一村议事室");
  EXPECT_EQ(room.get(one).at("history").size(), 1U);
  answer = put(
      room, "rooms",
      {Input{{"unit", kVillage}, {"key", "一村议事室"}, {"withdraw", true}, {"reason", "撤并"}}});
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  EXPECT_EQ(answer.at("withdrawn"), 1);
  EXPECT_TRUE(room.get(kRooms).at("entries").empty());
  EXPECT_EQ(room.get(one).at("withdrawn"), true);
}

TEST(Registers, every_wrong_entry_of_a_batch_is_named_and_nothing_is_written) {
  const Room room;
  const auto answer = put(room, "rooms",
                          {room_entry(kVillage, "甲"), room_entry(kVillage, "乙", "palace"),
                           room_entry("320899999999", "丙")});
  EXPECT_EQ(answer.at("status"), 422);
  ASSERT_EQ(answer.at("errors").size(), 2U) << answer.dump();
  EXPECT_EQ(answer.at("errors").at(0).at("index"), 1);
  EXPECT_EQ(answer.at("errors").at(1).at("rule"), "register.unit");
  EXPECT_TRUE(room.get(kRooms).at("entries").empty());
}

TEST(Registers, a_dry_run_writes_nothing) {
  const Room room;
  const auto answer = room.post(
      kRooms, {{"entries", Input::array({room_entry(kVillage, "甲")})}, {"dry_run", true}});
  EXPECT_EQ(answer.at("put"), 1) << answer.dump();
  EXPECT_TRUE(room.get(kRooms).at("entries").empty());
}

TEST(Registers, personal_fields_are_masked_unless_asked_for) {
  const Room room;
  ASSERT_EQ(put(room, "members", {member("1", "李小明")}).at("put"), 1);
  const std::string list = "/api/v1/registers/members";
  EXPECT_EQ(room.get(list).at("entries").at(0).at("fields").at("name"), "李**");
  EXPECT_EQ(room.get(list + "?full=1").at("entries").at(0).at("fields").at("name"), "李小明");
  // What was listed can be given back as it is.
  const Input listed = room.get(list).at("entries").at(0).at("fields");
  const auto again = put(room, "members", {Input{{"fields", listed}}});
  EXPECT_EQ(again.at("unchanged"), 1) << again.dump();
}

TEST(Registers, what_a_member_attended_is_his_duty_record) {
  const Room room;
  ASSERT_EQ(put(room, "members", {member("1", "李小明")}).at("put"), 1);
  for (const char* title : {"清淤", "路灯"}) {
    const Input activity{{"fields",
                          {{"date", "2026-05-06"},
                           {"title", title},
                           {"kind", "deliberation"},
                           {"members", Input::array({"1"})}}}};
    ASSERT_EQ(put(room, "activities", {activity}).at("put"), 1);
  }
  const auto record = room.get("/api/v1/registers/members/entry?key=1");
  EXPECT_EQ(record.at("referring_counts").at("activities"), 2) << record.dump();
}

TEST(Registers, a_csv_file_goes_in_and_comes_out_and_goes_in_again) {
  const Room room;
  const std::string csv = "单位代码,名称,类型,用途\r\n" + std::string(kVillage) +
                          ",一村议事室,村（社区）、乡镇,协商议事；接待群众\r\n";
  auto answer = room.post_text(kRooms + "/csv?dry_run=1", csv);
  ASSERT_EQ(answer.at("put"), 1) << answer.dump();
  EXPECT_EQ(room.post_text(kRooms + "/csv", csv).at("put"), 1);
  const auto out = Client(room.directory()).get(kRooms + "/csv");
  ASSERT_TRUE(out.ok());
  EXPECT_NE(out->body.find("协商议事；接待群众"), std::string::npos) << out->body;
  answer = room.post_text(kRooms + "/csv", out->body);
  EXPECT_EQ(answer.at("unchanged"), 1) << answer.dump();
  const auto english = Client(room.directory(), false).get(kRooms + "/csv");
  EXPECT_EQ(room.post_text(kRooms + "/csv", english->body).at("unchanged"), 1) << english->body;
}

TEST(Registers, a_wrong_line_of_a_file_is_named) {
  const Room room;
  auto answer = room.post_text(kRooms + "/csv", "name,kind\n甲,studio\n\n乙,palace\n");
  ASSERT_EQ(answer.at("errors").size(), 1U) << answer.dump();
  EXPECT_EQ(answer.at("errors").at(0).at("line"), 4);
  EXPECT_EQ(room.post_text(kRooms + "/csv", "name,colour\n甲,红\n").at("rule"), "csv.head");
}

TEST(Measures, counts_rates_and_what_is_counted) {
  const Room room;
  ASSERT_EQ(
      put(room, "rooms", {room_entry(kVillage, "一村"), room_entry(kTownship, "镇")}).at("put"), 2);
  const auto report = room.get("/api/v1/measures?year=2026");
  ASSERT_EQ(report.at("status"), 200) << report.dump();
  const auto& total = report.at("total");
  EXPECT_EQ(total.at("counts").at("rooms").at("value"), 2);
  EXPECT_EQ(total.at("counts").at("rooms").at("by").at(0).at("value"), 2);
  EXPECT_EQ(total.at("rates").at("village_coverage").at("count"), 1);
  EXPECT_EQ(total.at("rates").at("village_coverage").at("among"), 2);
  EXPECT_EQ(total.at("rates").at("village_coverage").at("basis_points"), 5000);
  EXPECT_FALSE(report.at("frontier").is_null());
  const auto opened = room.get("/api/v1/measures/rooms");
  ASSERT_EQ(opened.at("counted").size(), 2U);
  EXPECT_EQ(opened.at("counted").at(1).at("entry").at("key"), "一村");
}

TEST(Measures, gaps_name_who_lacks_what) {
  const Room room;
  ASSERT_EQ(put(room, "rooms", {room_entry(kVillage, "一村")}).at("put"), 1);
  auto answer = room.get("/api/v1/gaps?gap=village_room");
  ASSERT_EQ(answer.at("gaps").size(), 1U) << answer.dump();
  EXPECT_EQ(answer.at("gaps").at(0).at("among"), 2);
  ASSERT_EQ(answer.at("gaps").at(0).at("count"), 1);
  EXPECT_EQ(answer.at("gaps").at(0).at("missing").at(0).at("unit").at("code"), kOtherVillage);
  answer = room.get("/api/v1/gaps?gap=room_member");
  EXPECT_EQ(answer.at("gaps").at(0).at("count"), 1);
}

TEST(Measures, a_shortfall_is_shown_when_it_is_due) {
  const Room room;
  const auto held = [&](const char* date) {
    const Input activity{{"unit", kTownship},
                         {"fields", {{"date", date}, {"title", date}, {"kind", "deliberation"}}}};
    ASSERT_EQ(put(room, "activities", {activity}).at("put"), 1);
  };
  EXPECT_TRUE(room.get("/api/v1/minimums?day=2026-03-01").at("lines").empty());
  auto late = room.get("/api/v1/minimums?day=2026-08-01");
  ASSERT_EQ(late.at("lines").size(), 1U) << late.dump();
  EXPECT_EQ(late.at("lines").at(0).at("state"), "short");
  EXPECT_EQ(late.at("lines").at(0).at("lacking"), 2);
  held("2026-05-06");
  EXPECT_TRUE(room.get("/api/v1/minimums?day=2026-08-01").at("lines").empty());
  EXPECT_EQ(room.get("/api/v1/minimums?day=2026-12-31").at("lines").at(0).at("lacking"), 1);
  held("2026-11-06");
  EXPECT_TRUE(room.get("/api/v1/minimums?day=2026-12-31").at("lines").empty());
}

TEST(Measures, stars_show_each_component) {
  const Room room;
  for (const char* date : {"2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"}) {
    const Input activity{{"unit", kTownship},
                         {"fields", {{"date", date}, {"title", date}, {"kind", "deliberation"}}}};
    ASSERT_EQ(put(room, "activities", {activity}).at("put"), 1);
  }
  const auto answer = room.get("/api/v1/stars?year=2026");
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  const auto& first = answer.at("lines").at(0);
  EXPECT_EQ(first.at("unit").at("code"), kTownship);
  EXPECT_EQ(first.at("points_100"), 3000);
  EXPECT_EQ(first.at("parts").at(0).at("count"), 4);
  EXPECT_TRUE(first.at("grade").is_null());
}

TEST(Measures, wrong_questions_are_named) {
  const Room room;
  EXPECT_EQ(room.get("/api/v1/measures?from=2026-13-01").at("rule"), "query.day");
  EXPECT_EQ(room.get("/api/v1/measures/nothing").at("status"), 404);
  EXPECT_EQ(room.get("/api/v1/registers/nothing").at("status"), 404);
  EXPECT_EQ(room.get(kRooms + "/entry?key=nothing").at("status"), 404);
}

}  // namespace
}  // namespace yishi::http
