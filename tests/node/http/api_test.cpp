// Every path, against a real turn and a real store.
#include <gtest/gtest.h>

#include "room.h"

namespace yishi::http {
namespace {

Input lamp() {
  return {{"title", "村口路灯不亮"}, {"text", "夜间出行不便"},
          {"category", "公共设施"},  {"budget_yuan", "12,000.50"},
          {"by", "一村村委会"},      {"home", kVillage},
          {"unit", kVillage}};
}

std::string id_of(const Input& answer) { return answer.value("id", std::string("none")); }

TEST(Issues, logged_issue_is_answered_with_its_id_what_was_written_and_its_state) {
  const Room room;
  const auto answer = room.post("/api/v1/issues", lamp());
  ASSERT_EQ(answer.at("status"), 201) << answer.dump();
  EXPECT_EQ(answer.at("written").at(0).at("kind"), "issue.logged");
  EXPECT_GT(answer.at("sequence"), 0);
  const auto& issue = answer.at("issue");
  EXPECT_EQ(issue.at("title"), "村口路灯不亮");
  EXPECT_EQ(issue.at("budget_fen"), 1'200'050);
  EXPECT_EQ(issue.at("budget_yuan"), "12000.50");
  EXPECT_EQ(issue.at("home").at("name"), "一村");
  EXPECT_EQ(issue.at("category").at("id"), "facilities");
  EXPECT_EQ(issue.at("category").at("zh"), "公共设施");
}

TEST(Issues, one_is_read_with_timeline_open_acts_and_where_its_records_are) {
  const Room room;
  const auto id = id_of(room.post("/api/v1/issues", lamp()));
  const auto issue = room.get("/api/v1/issues/" + id);
  ASSERT_EQ(issue.at("status"), 200) << issue.dump();
  ASSERT_EQ(issue.at("timeline").size(), 1U);
  const auto& logged = issue.at("timeline").at(0);
  EXPECT_EQ(logged.at("kind"), "issue.logged");
  EXPECT_EQ(logged.at("zh"), "登记事项");
  EXPECT_EQ(logged.at("unit").at("code"), kVillage);
  EXPECT_EQ(logged.at("by"), "一村村委会");
  EXPECT_EQ(logged.at("effect"), "applied");
  EXPECT_TRUE(logged.at("time").get<std::string>().ends_with("+08:00"));
  EXPECT_FALSE(issue.at("open_acts").empty());
  EXPECT_EQ(issue.at("stored").at("state"), "top");  // there is no level above this node
}

// What somebody wrote past all checks is kept and shown, never hidden: also a kind of later times.
TEST(Issues, records_without_effect_stand_in_the_timeline_with_their_reason) {
  const auto year = deliberation::china_year(turn::SystemClock().now().wall_ms);
  const auto id = deliberation::make_issue_id(code(kDistrict), year, 1);
  deliberation::ActBody body;
  body.unit = code(kDistrict);
  body.by = "某人";
  Room::Settings settings;
  for (const char* kind : {"topic.approved", "issue.dreamt"}) {
    settings.records.push_back({kind, id, deliberation::encode_body(body), {}});
  }
  const Room room(settings);
  ASSERT_EQ(id_of(room.post("/api/v1/issues", lamp())), id);
  const auto issue = room.get("/api/v1/issues/" + id);
  ASSERT_EQ(issue.at("timeline").size(), 3U) << issue.dump();
  std::map<std::string, Input> refused;
  for (const auto& fact : issue.at("timeline")) {
    if (fact.contains("refused")) refused[fact.at("kind")] = fact;
  }
  ASSERT_EQ(refused.size(), 2U) << issue.dump();
  EXPECT_EQ(refused["topic.approved"].at("effect"), "refused");
  EXPECT_EQ(refused["issue.dreamt"].at("effect"), "unknown");
  EXPECT_EQ(refused["topic.approved"].at("refused").at("rule"), "act.number");
  EXPECT_EQ(refused["issue.dreamt"].at("refused").at("rule"), "act.kind");
  EXPECT_EQ(issue.at("stage").at("id"),
            room.get("/api/v1/issues").at("issues").at(0).at("stage").at("id"));
}

TEST(Issues, act_moves_it_and_a_comment_stands_in_its_timeline) {
  const Room room;
  const auto id = id_of(room.post("/api/v1/issues", lamp()));
  const auto comment =
      room.post("/api/v1/issues/" + id + "/comment", {{"text", "请考虑老人"}, {"by", "村民"}});
  ASSERT_EQ(comment.at("status"), 200) << comment.dump();
  EXPECT_EQ(comment.at("written").at(0).at("kind"), "issue.commented");
  const auto issue = room.get("/api/v1/issues/" + id);
  EXPECT_EQ(issue.at("comments"), 1);
  EXPECT_EQ(issue.at("timeline").size(), 2U);
}

TEST(Issues, list_filters_by_holder_text_and_stage_and_pages) {
  const Room room;
  for (int i = 0; i < 3; ++i) ASSERT_EQ(room.post("/api/v1/issues", lamp()).at("status"), 201);
  auto other = lamp();
  other["title"] = "河道清淤";
  other["home"] = other["unit"] = kOtherVillage;
  ASSERT_EQ(room.post("/api/v1/issues", other).at("status"), 201);
  EXPECT_EQ(room.get("/api/v1/issues").at("issues").size(), 4U);
  EXPECT_EQ(room.get("/api/v1/issues?home=320803001001").at("issues").size(), 3U);
  EXPECT_EQ(room.get("/api/v1/issues?q=" + percent_encode("清淤")).at("issues").size(), 1U);
  EXPECT_EQ(room.get("/api/v1/issues?category=" + percent_encode("公共设施")).at("issues").size(),
            4U);
  const auto page = room.get("/api/v1/issues?limit=3");
  EXPECT_EQ(page.at("issues").size(), 3U);
  const auto next = room.get("/api/v1/issues?limit=3&before=" + page.at("next").dump());
  EXPECT_EQ(next.at("issues").size(), 1U);
  EXPECT_TRUE(next.at("next").is_null());
}

TEST(Issues, unknown_one_is_not_found_in_both_languages) {
  const Room room;
  const auto zh = room.get("/api/v1/issues/320803001001-2026-0099");
  EXPECT_EQ(zh.at("status"), 404);
  EXPECT_EQ(zh.at("detail"), zh.at("zh"));
  const auto en = room.get("/api/v1/issues/320803001001-2026-0099", false);
  EXPECT_EQ(en.at("detail"), en.at("en"));
  EXPECT_NE(en.at("en"), en.at("zh"));
}

TEST(Issues, act_on_an_unknown_issue_or_of_an_unknown_name_is_not_found) {
  const Room room;
  EXPECT_EQ(
      room.post("/api/v1/issues/320803001001-2026-0099/comment", {{"text", "x"}}).at("status"),
      404);
  const auto id = id_of(room.post("/api/v1/issues", lamp()));
  EXPECT_EQ(room.post("/api/v1/issues/" + id + "/explode", Input::object()).at("status"), 404);
}

TEST(Refused, wrong_input_names_the_field_and_the_rule) {
  const Room room;
  const auto refused = [&](const char* key, const Input& value, const char* rule,
                           const char* field) {
    auto body = lamp();
    body[key] = value;
    const auto answer = room.post("/api/v1/issues", body);
    EXPECT_EQ(answer.at("status"), 400) << answer.dump();
    EXPECT_EQ(answer.at("rule"), rule) << answer.dump();
    EXPECT_EQ(answer.at("field"), field) << answer.dump();
    EXPECT_NE(answer.at("zh"), "");
    EXPECT_NE(answer.at("en"), "");
  };
  refused("title", 7, "json.type", "title");
  refused("title", std::string(400, 'x'), "json.long", "title");
  refused("budget_yuan", true, "json.type", "budget_yuan");
  refused("budget_yuan", "22万", "json.money", "budget_yuan");
  refused("budget_yuan", -1, "json.money", "budget_yuan");
  refused("budget_yuan", 0.001, "json.money", "budget_yuan");
  refused("reach", "320803001002", "json.type", "reach");
  refused("reach", Input::array({"12"}), "json.code", "reach");
  refused("home", "abc", "json.code", "home");
  refused("held", "yesterday", "json.time", "held");
  refused("due", "2026-02-30", "json.time", "due");
  refused("percent", 1.5, "json.number", "percent");
  refused("done", "yes", "json.type", "done");
  refused("parties", Input::array({1}), "json.type", "parties");
  refused("parties", Input::array({Input{{"category", 1}}}), "json.type", "parties[0].category");
  refused("reporter", Input{{"telephon", "1"}}, "json.field.unknown", "reporter.telephon");
  refused("titel", "x", "json.field.unknown", "titel");
}

TEST(Refused, body_that_is_no_json_object_or_too_deep) {
  const Room room;
  const auto rule = [&](const std::string& body) {
    const auto answer = room.post_text("/api/v1/issues", body);
    EXPECT_EQ(answer.at("status"), 400) << answer.dump();
    return answer.at("rule").get<std::string>();
  };
  EXPECT_EQ(rule("title=lamp"), "json.malformed");
  EXPECT_EQ(rule(""), "json.malformed");
  EXPECT_EQ(rule("[1]"), "json.type");
  EXPECT_EQ(rule("{\"title\":\"\xff\"}"), "json.malformed");
  EXPECT_EQ(rule("{\"title\":" + std::string(100'000, '[')), "json.depth");
}

TEST(Refused, what_deliberation_refuses_is_422_with_its_rule) {
  const Room room;
  auto body = lamp();
  body.erase("title");
  const auto answer = room.post("/api/v1/issues", body);
  EXPECT_EQ(answer.at("status"), 422) << answer.dump();
  EXPECT_NE(answer.at("rule"), "");
}

TEST(Refused, query_with_an_unknown_or_wrong_parameter_names_it) {
  const Room room;
  const auto field = [&](const std::string& target) {
    const auto answer = room.get(target);
    EXPECT_EQ(answer.at("status"), 400) << answer.dump();
    return answer.value("field", std::string());
  };
  EXPECT_EQ(field("/api/v1/issues?holdr=1"), "holdr");
  EXPECT_EQ(field("/api/v1/issues?holder=1"), "holder");
  EXPECT_EQ(field("/api/v1/issues?limit=1001"), "limit");
  EXPECT_EQ(field("/api/v1/issues?limit=1&limit=2"), "limit");
  EXPECT_EQ(field("/api/v1/issues?open=maybe"), "open");
  EXPECT_EQ(field("/api/v1/journal?after=x"), "after");
  EXPECT_EQ(field("/api/v1/report?month=November"), "month");
}

TEST(Refused, method_that_a_path_does_not_have_is_405) {
  const Room room;
  const auto answer = room.post("/api/v1/status", Input::object());
  EXPECT_EQ(answer.at("status"), 405);
  EXPECT_EQ(answer.at("rule"), "http.method");
}

TEST(Status, names_the_unit_the_network_the_counts_and_what_waits) {
  const Room room;
  room.post("/api/v1/issues", lamp());
  const auto status = room.get("/api/v1/status");
  EXPECT_EQ(status.at("unit").at("name"), "淮安区");
  EXPECT_EQ(status.at("level").at("id"), "district");
  EXPECT_EQ(status.at("network").at("name"), "淮安");
  EXPECT_EQ(status.at("network").at("suite"), "ed25519");
  EXPECT_EQ(status.at("counts").at("issues"), 1);
  EXPECT_GE(status.at("counts").at("records"), 2);
  EXPECT_EQ(status.at("waiting").at("state"), "top");
  EXPECT_TRUE(status.at("parent").is_null());
  EXPECT_EQ(status.at("disk_full"), false);
  EXPECT_TRUE(status.at("quarantined").empty());
}

TEST(Status, refusals_are_listed) {
  const Room room;
  const auto answer = room.get("/api/v1/refusals?limit=5");
  EXPECT_EQ(answer.at("status"), 200);
  EXPECT_TRUE(answer.at("refusals").is_array());
}

TEST(Report, counts_come_with_how_complete_they_are) {
  const Room room;
  room.post("/api/v1/issues", lamp());
  const auto report = room.get("/api/v1/report");
  ASSERT_EQ(report.at("status"), 200) << report.dump();
  EXPECT_EQ(report.at("total").at("issues"), 1);
  EXPECT_EQ(report.at("total").at("budget_fen"), 1'200'050);
  EXPECT_EQ(report.at("frontier").at("nodes"), 0);
  EXPECT_EQ(report.at("frontier").at("units_without_node"), 3);
  EXPECT_NE(report.at("frontier").at("zh").get<std::string>().find("3 个单位"), std::string::npos);
  EXPECT_FALSE(report.at("stages").empty());
  EXPECT_EQ(room.get("/api/v1/report?month=1999-01").at("total").at("issues"), 0);
  EXPECT_EQ(room.get("/api/v1/report?unit=320899000000").at("status"), 404);
}

TEST(Report, every_number_can_be_opened_and_rates_name_their_counts) {
  const Room room;
  room.post("/api/v1/issues", lamp());
  const auto report = room.get("/api/v1/report?by=category");
  ASSERT_EQ(report.at("lines").size(), 1U) << report.dump();
  EXPECT_EQ(report.at("lines")[0].at("count"), 1);
  for (const auto& [figure, amount] : report.at("total").at("figures").items()) {
    const auto open = room.get("/api/v1/report/open?figure=" + percent_encode(figure));
    ASSERT_EQ(open.at("status"), 200) << open.dump();
    ASSERT_EQ(open.at("issues").size(), 1U) << figure;
    EXPECT_EQ(open.at("issues")[0].at("amount"), amount) << figure;
  }
  for (const auto& rate : report.at("total").at("rates")) {
    EXPECT_LE(rate.at("part").at("count"), rate.at("of").at("count")) << rate.dump();
  }
  EXPECT_TRUE(room.get("/api/v1/report/open?figure=stage:closed").at("issues").empty());
  EXPECT_EQ(room.get("/api/v1/report?by=colour").at("field"), "by");
  EXPECT_EQ(room.get("/api/v1/report?from=2026-05&to=2026-04").at("field"), "month");
  EXPECT_FALSE(room.get("/api/v1/report/figures").at("figures").empty());
}

TEST(Import, all_lines_or_none_and_nothing_twice) {
  const Room room;
  Input good = lamp();
  good["key"] = "line 1";
  Input bad = lamp();
  bad["key"] = "line 2";
  bad["category"] = "no such thing";
  const auto refused = room.post("/api/v1/import", {{"issues", {good, bad}}});
  ASSERT_EQ(refused.at("status"), 200) << refused.dump();
  EXPECT_EQ(refused.at("written"), 0);
  EXPECT_EQ(refused.at("refused"), 1);
  EXPECT_TRUE(refused.at("lines")[1].contains("error")) << refused.dump();
  EXPECT_EQ(room.get("/api/v1/report").at("total").at("issues"), 0);
  Input other = good;
  other["key"] = "line 3";
  EXPECT_EQ(
      room.post("/api/v1/import", {{"issues", {good, other}}, {"dry_run", true}}).at("written"), 0);
  EXPECT_EQ(room.post("/api/v1/import", {{"issues", {good, other}}}).at("written"), 2);
  const auto again = room.post("/api/v1/import", {{"issues", {good, other}}});
  EXPECT_EQ(again.at("written"), 0);
  EXPECT_EQ(again.at("known"), 2);
  Input by_id = lamp();
  by_id["key"] = again.at("lines")[0].at("id");
  EXPECT_EQ(room.post("/api/v1/import", {{"issues", {by_id}}}).at("known"), 1);
  EXPECT_EQ(room.get("/api/v1/report").at("total").at("issues"), 2);
}

TEST(Topology, tree_shows_units_and_who_keeps_them) {
  const Room room;
  const auto answer = room.get("/api/v1/topology?depth=2");
  const auto& tree = answer.at("tree");
  EXPECT_EQ(tree.at("code"), kDistrict);
  EXPECT_TRUE(tree.at("node").is_object());
  const auto& village = tree.at("children").at(0).at("children").at(0);
  EXPECT_EQ(village.at("name"), "一村");
  EXPECT_TRUE(village.at("node").is_null());
  EXPECT_EQ(village.at("keeper").at("code"), kDistrict);
}

TEST(Topology, context_gives_what_a_ticket_needs) {
  const Room room;
  const auto one = room.get("/api/v1/topology/context?unit=320803001001");
  EXPECT_EQ(one.at("network").get<std::string>().size(), 64U);
  EXPECT_EQ(one.at("units").at(0).at("parent").at("endpoint"), "tcp://192.0.2.1:7400");
  EXPECT_EQ(one.at("units").at(0).at("parent").at("curve").get<std::string>().size(), 64U);
  const auto many = room.get("/api/v1/topology/context?under=320803000000&level=village");
  EXPECT_EQ(many.at("units").size(), 2U);
  const auto root = room.get("/api/v1/topology/context?unit=320803000000");
  EXPECT_TRUE(root.at("units").at(0).at("parent").is_null());
}

TEST(Topology, signed_change_takes_effect_and_stands_in_the_log) {
  Room room;
  const auto change = room.signed_change({topology::UnitRenamed{code(kVillage), "新一村"}});
  const auto answer = room.post("/api/v1/topology/changes", {{"changes", Input::array({change})}});
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  EXPECT_EQ(answer.at("version"), 2);
  const auto log = room.get("/api/v1/topology/log?after=1");
  ASSERT_EQ(log.at("changes").size(), 1U);
  const auto& operation = log.at("changes").at(0).at("operations").at(0);
  EXPECT_NE(operation.at("zh").get<std::string>().find("新一村"), std::string::npos);
  EXPECT_NE(operation.at("zh"), operation.at("en"));
  const auto again = room.post("/api/v1/topology/changes", {{"changes", Input::array({change})}});
  EXPECT_EQ(again.at("status"), 422) << again.dump();
  EXPECT_EQ(room.post("/api/v1/topology/changes", {{"changes", Input::array({"?"})}}).at("field"),
            "changes");
}

TEST(Topology, policy_is_shown_as_it_was_set) {
  const Room room;
  const auto policy = room.get("/api/v1/topology/policy");
  EXPECT_EQ(policy.at("id"), "huaian");
  EXPECT_NE(policy.at("text").get<std::string>().find("[[categories]]"), std::string::npos);
}

std::vector<std::string> read_journal(const Room& room, std::size_t limit, std::size_t& pages) {
  std::vector<std::string> lines;
  std::string after = "0";
  for (pages = 0; pages < 1000; ++pages) {
    const auto page =
        room.get("/api/v1/journal?limit=" + std::to_string(limit) + "&after=" + after);
    EXPECT_LE(page.at("lines").size(), limit);
    for (const auto& line : page.at("lines")) lines.push_back(line.at("line"));
    after = page.at("next");
    if (page.at("end")) break;
  }
  return lines;
}

TEST(Journal, lines_come_back_in_the_order_noted_whatever_the_page) {
  const Room room;
  std::vector<std::string> noted;
  for (int part = 0; part < 4; ++part) {
    Input lines = Input::array();
    for (int i = 0; i < 300; ++i) {
      noted.push_back("第 " + std::to_string(part) + "/" + std::to_string(i) + " 行");
      lines.push_back(noted.back());
    }
    const auto answer = room.post("/api/v1/journal", {{"lines", lines}});
    ASSERT_EQ(answer.at("status"), 201) << answer.dump();
    EXPECT_EQ(answer.at("records"), 300);
  }
  for (const std::size_t limit : {1'000U, 300U, 7U * 37U}) {
    std::size_t pages = 0;
    EXPECT_EQ(read_journal(room, limit, pages), noted) << limit;
  }
}

TEST(Journal, end_of_it_is_a_cursor_that_later_lines_follow) {
  const Room room;
  room.post("/api/v1/journal", {{"lines", {"一"}}});
  const auto page = room.get("/api/v1/journal");
  ASSERT_EQ(page.at("end"), true);
  room.post("/api/v1/journal", {{"lines", {"二"}}});
  const auto next = room.get("/api/v1/journal?after=" + page.at("next").get<std::string>());
  ASSERT_EQ(next.at("lines").size(), 1U);
  EXPECT_EQ(next.at("lines").at(0).at("line"), "二");
  EXPECT_EQ(next.at("lines").at(0).at("unit"), kDistrict);
}

TEST(Journal, no_lines_or_too_many_are_refused) {
  const Room room;
  EXPECT_EQ(room.post("/api/v1/journal", {{"lines", Input::array()}}).at("rule"), "json.missing");
  Input many = Input::array();
  for (std::size_t i = 0; i <= turn::kMaxJournalLines; ++i) many.push_back("x");
  EXPECT_EQ(room.post("/api/v1/journal", {{"lines", many}}).at("rule"), "json.count");
  const std::string longer(turn::kMaxJournalLineBytes + 1, 'x');
  EXPECT_EQ(room.post("/api/v1/journal", {{"lines", {longer}}}).at("rule"), "json.long");
}

TEST(Verify, whole_store_agrees_while_the_node_runs) {
  const Room room;
  room.post("/api/v1/issues", lamp());
  const auto answer = room.post("/api/v1/verify", Input::object());
  ASSERT_EQ(answer.at("status"), 200) << answer.dump();
  EXPECT_EQ(answer.at("ok"), true) << answer.dump();
  EXPECT_EQ(answer.at("issues"), 1);
  EXPECT_GT(answer.at("signatures"), 0);
}

TEST(Health, is_said_under_both_paths) {
  const Room room;
  EXPECT_EQ(room.get("/healthz").at("ok"), true);
  EXPECT_EQ(room.get("/api/v1/healthz").at("ok"), true);
}

}  // namespace
}  // namespace yishi::http
