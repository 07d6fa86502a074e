// The whole program but main(): argv in; exit code, standard output and error out. Against a
// real node where one is needed.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "../http/room.h"
#include "node/cli/cli.h"
#include "topology/ticket.h"

namespace yishi::cli {
namespace {

using nlohmann::json;

struct Ran {
  int code = 0;
  std::string out, err;
  json document() const {
    auto parsed = json::parse(out, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded()) << out;
    return parsed;
  }
};

Hooks hooks() {
  Hooks all;
  all.serve = [](const ServeOptions&) { return 0; };
  all.create = [](const CreateOptions& options) -> Result<Summary> {
    return Summary{"已创建 " + options.name, "created " + options.name, {{"name", options.name}}};
  };
  all.join = [](const JoinOptions&) -> Result<Summary> {
    return Error{"ticket.malformed", "ticket", "票据有误", "the ticket is malformed"};
  };
  all.verify = [](const std::string&) -> Result<VerifyOutcome> {
    return VerifyOutcome{false, {"", "", {{"rows", "3"}}}, {"第 2 行不符"}, {"row 2 differs"}};
  };
  all.repair = [](const std::string&) -> Result<RepairOutcome> {
    return RepairOutcome{true, {"第 5 行：读不出"}, {"position 5: it cannot be read"}};
  };
  all.rebuild = [](const std::string&, const OnProgress& progress) -> Result<RebuildOutcome> {
    progress(1, 2);
    return RebuildOutcome{2, 3000, 70, 1.5};
  };
  return all;
}

Ran run_words(std::vector<std::string> words) {
  words.insert(words.begin(), "yishi");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Ran ran;
  ran.code = run(static_cast<int>(argv.size()), argv.data(), hooks());
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  return ran;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(ExitCode, wrong_usage_is_2_and_names_the_nearest) {
  const auto ran = run_words({"--lang", "en", "isue", "list"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_TRUE(has(ran.err, "issue")) << ran.err;
  EXPECT_EQ(run_words({}).code, 2);
  EXPECT_EQ(run_words({"issue"}).code, 2);
  EXPECT_EQ(run_words({"issue", "lisst"}).code, 2);
  EXPECT_EQ(run_words({"--lang", "fr", "status"}).code, 2);
}

TEST(ExitCode, node_that_does_not_answer_is_3_and_names_the_directory) {
  const auto ran = run_words({"--lang", "zh", "--data", "/nonexistent", "status"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_TRUE(has(ran.err, "/nonexistent")) << ran.err;
  EXPECT_TRUE(has(ran.err, "yishi serve")) << ran.err;
}

TEST(ExitCode, refusal_is_1_and_prints_rule_and_field) {
  const auto ran = run_words({"--lang", "en", "join", "yishi1.abc"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.err, "the ticket is malformed")) << ran.err;
  EXPECT_TRUE(has(ran.err, "ticket.malformed")) << ran.err;
}

TEST(ExitCode, fault_that_verification_finds_is_4_when_no_node_runs) {
  const auto ran = run_words({"--lang", "en", "--data", "/nonexistent", "verify"});
  EXPECT_EQ(ran.code, 4);
  EXPECT_TRUE(has(ran.out, "row 2 differs")) << ran.out;
  const auto as_json = run_words({"--json", "--data", "/nonexistent", "verify"});
  EXPECT_EQ(as_json.code, 4);
  EXPECT_EQ(as_json.document().at("ok"), false);
  EXPECT_EQ(as_json.document().at("rows"), 3);
  EXPECT_EQ(as_json.document().at("faults").at(0).at("zh"), "第 2 行不符");
}

TEST(ExitCode, rebuild_says_how_much_and_how_fast) {
  const auto ran = run_words({"--lang", "en", "--data", "/nonexistent", "rebuild"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(has(ran.out, "70 issues were derived again from 3000 records (2000/s)")) << ran.out;
  EXPECT_EQ(ran.err, "");  // no terminal watches: no bar
  const auto as_json = run_words({"--json", "--data", "/nonexistent", "rebuild"}).document();
  EXPECT_EQ(as_json["issues"], 70);
}

TEST(ExitCode, repair_is_0_and_names_what_it_found) {
  const auto ran = run_words({"--lang", "en", "--data", "/nonexistent", "repair"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(has(ran.out, "position 5")) << ran.out;
  const auto as_json = run_words({"--json", "--data", "/nonexistent", "repair"}).document();
  EXPECT_EQ(as_json.at("damaged"), true);
  EXPECT_EQ(as_json.at("lines").at(0).at("zh"), "第 5 行：读不出");
}

TEST(Json, error_is_one_document_on_standard_output) {
  const auto ran = run_words({"--json", "--data", "/nonexistent", "status"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.err, "");
  const auto problem = ran.document();
  EXPECT_EQ(problem.at("rule"), "http.unreachable");
  EXPECT_EQ(problem.at("exit_code"), 3);
  EXPECT_NE(problem.at("zh"), problem.at("en"));
}

TEST(Json, help_version_and_create_are_one_document_each) {
  EXPECT_FALSE(run_words({"--json", "help"}).document().at("commands").empty());
  EXPECT_EQ(run_words({"help", "issue", "propose", "--json"}).document().at("command"),
            "issue propose");
  EXPECT_TRUE(run_words({"--json", "version"}).document().contains("version"));
  EXPECT_TRUE(run_words({"--json", "issue", "log", "--help"}).document().contains("help"));
  EXPECT_EQ(run_words({"--json", "serve"}).document().at("exit_code"), 0);
  const auto created = run_words({"--json", "topology", "create", "--divisions", "a.csv", "--name",
                                  "甲", "--policy", "p.toml"});
  EXPECT_EQ(created.document().at("name"), "甲");
}

TEST(Help, is_printed_in_the_language_asked_for) {
  EXPECT_TRUE(has(run_words({"--lang", "zh", "help", "issue", "propose"}).out, "提出为议题"));
  EXPECT_TRUE(
      has(run_words({"--lang", "en", "issue", "propose", "--help"}).out, "propose it as a topic"));
}

class Live : public testing::Test {
 protected:
  Ran yishi(std::vector<std::string> words) {
    words.insert(words.begin(), {"--lang", "zh", "--data", room_.directory()});
    return run_words(std::move(words));
  }
  std::string log_lamp() {
    const auto ran =
        yishi({"--json", "issue", "log", "--title", "村口路灯不亮", "--category", "公共设施",
               "--budget", "12,000.00", "--by", "村委会", "--for", http::kVillage});
    EXPECT_EQ(ran.code, 0) << ran.out;
    return ran.document().value("id", std::string());
  }
  http::Room room_;
};

TEST_F(Live, issue_is_logged_shown_listed_and_found) {
  const auto id = log_lamp();
  ASSERT_NE(id, "");
  const auto shown = yishi({"issue", "show", id});
  EXPECT_TRUE(has(shown.out, "村口路灯不亮")) << shown.out;
  EXPECT_TRUE(has(shown.out, "¥12,000.00")) << shown.out;
  EXPECT_TRUE(has(shown.out, "登记事项（村委会）")) << shown.out;
  EXPECT_TRUE(has(shown.out, "年")) << shown.out;
  EXPECT_TRUE(has(yishi({"issue", "list"}).out, id));
  EXPECT_TRUE(has(yishi({"issue", "search", "路灯"}).out, id));
  EXPECT_FALSE(has(yishi({"issue", "search", "河道"}).out, id));
}

TEST_F(Live, comment_is_written_and_a_wrong_act_is_refused_with_its_rule) {
  const auto id = log_lamp();
  const auto ran = yishi({"issue", "comment", id, "--text", "请考虑老人", "--by", "村民"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "留言")) << ran.out;
  const auto refused = yishi({"--json", "issue", "close", id, "--result", "solved"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.document().at("status"), 422);
  EXPECT_NE(refused.document().at("rule"), "");
}

TEST_F(Live, values_that_the_command_line_reads_itself_are_wrong_usage_when_malformed) {
  EXPECT_EQ(yishi({"issue", "progress", "X", "--task", "one"}).code, 2);
  EXPECT_EQ(yishi({"issue", "session", "X", "--party", "mass"}).code, 2);
  EXPECT_EQ(yishi({"issue", "close", "X", "--result", "solved", "--figure", "x"}).code, 2);
}

TEST_F(Live, journal_takes_lines_and_gives_them_back) {
  EXPECT_EQ(yishi({"journal", "add", "来访 4 人", "来电 2 次"}).code, 0);
  const auto listed = yishi({"journal", "list"});
  EXPECT_TRUE(has(listed.out, "来访 4 人")) << listed.out;
  EXPECT_LT(listed.out.find("来访 4 人"), listed.out.find("来电 2 次"));
}

TEST_F(Live, what_was_exported_is_imported_and_nothing_twice) {
  log_lamp();
  const std::string file = room_.directory() + "/issues.csv";
  const auto exported = yishi({"issue", "list", "--out", file});
  EXPECT_EQ(exported.code, 0) << exported.err;
  const auto known = yishi({"--json", "issue", "import", file});
  EXPECT_TRUE(has(known.out, "\"known\": 1")) << known.out;
  std::ofstream(file) << "标题,类别,资金（元）\n路面破损,公共设施,3000\n井盖缺失,没有这一类,5\n";
  const auto refused = yishi({"issue", "import", file});
  EXPECT_EQ(refused.code, 1);
  EXPECT_TRUE(has(refused.out, "第 3 行")) << refused.out;
  EXPECT_FALSE(has(yishi({"issue", "list"}).out, "路面破损"));
  EXPECT_EQ(yishi({"issue", "import", file, "--skip-bad"}).code, 0);
  EXPECT_EQ(yishi({"issue", "import", file, "--skip-bad"}).code, 0);
  EXPECT_TRUE(has(yishi({"report", "--open", "issues"}).out, "2 条"));
  EXPECT_TRUE(has(yishi({"report", "figures"}).out, "场")) << yishi({"report", "figures"}).out;
  EXPECT_TRUE(has(yishi({"report", "trends"}).out, "公共设施"));
}

TEST_F(Live, status_report_refusals_and_verify_say_how_the_node_is) {
  log_lamp();
  const auto status = yishi({"status"});
  EXPECT_TRUE(has(status.out, "淮安区")) << status.out;
  EXPECT_TRUE(has(status.out, "已存本机")) << status.out;
  EXPECT_TRUE(has(status.out, "1 件事项")) << status.out;
  const auto report = yishi({"report"});
  EXPECT_TRUE(has(report.out, "合计")) << report.out;
  EXPECT_TRUE(has(report.out, "¥12,000.00")) << report.out;
  EXPECT_TRUE(has(report.out, "没有自己的节点")) << report.out;
  EXPECT_EQ(yishi({"refusals"}).code, 0);
  const auto verified = yishi({"verify"});
  EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
  EXPECT_TRUE(has(verified.out, "全部一致")) << verified.out;
}

TEST_F(Live, topology_is_changed_with_the_operators_key_and_the_log_says_so) {
  room_.keep_operator_key();
  const auto renamed = yishi({"topology", "rename", http::kVillage, "新一村"});
  EXPECT_EQ(renamed.code, 0) << renamed.err;
  EXPECT_TRUE(has(yishi({"topology", "show", "--depth", "2"}).out, "新一村"));
  EXPECT_TRUE(has(yishi({"topology", "log"}).out, "新一村"));
  EXPECT_EQ(yishi({"topology", "add", "320803001003", "三村", "--level", "village", "--parent",
                   http::kTownship})
                .code,
            0);
  EXPECT_EQ(yishi({"topology", "suspend", "320803001003"}).code, 0);
  EXPECT_EQ(yishi({"topology", "resume", "320803001003"}).code, 0);
  const auto unknown = yishi({"--json", "topology", "rename", "320803001077", "无"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.document().at("rule"), "");
}

TEST_F(Live, tickets_for_several_units_are_made_in_one_change_and_can_be_read) {
  room_.keep_operator_key();
  const auto ran =
      yishi({"--json", "topology", "ticket", "--under", http::kDistrict, "--level", "village"});
  ASSERT_EQ(ran.code, 0) << ran.out;
  const auto document = ran.document();
  EXPECT_EQ(document.at("version"), 2);
  ASSERT_EQ(document.at("tickets").size(), 2U);
  const auto ticket =
      topology::TicketText::parse(document.at("tickets").at(0).at("ticket").get<std::string>());
  ASSERT_TRUE(ticket.ok()) << ticket.error().en;
  EXPECT_EQ(ticket->unit.text(), http::kVillage);
  EXPECT_EQ(ticket->parent.text(), http::kDistrict);
  EXPECT_EQ(ticket->parent_endpoint, "tcp://192.0.2.1:7400");
}

TEST_F(Live, root_gets_no_ticket_and_a_missing_key_is_named) {
  const auto no_key = yishi({"topology", "rename", http::kVillage, "x"});
  EXPECT_EQ(no_key.code, 1);
  EXPECT_TRUE(has(no_key.err, room_.directory())) << no_key.err;
  room_.keep_operator_key();
  const auto root = yishi({"--json", "topology", "ticket", "--unit", http::kDistrict});
  EXPECT_EQ(root.code, 1);
  EXPECT_EQ(root.document().at("rule"), "ticket.parent");
}

}  // namespace
}  // namespace yishi::cli
