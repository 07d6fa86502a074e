#include "node/cli/parse.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <fstream>

#include "node/cli/help.h"
#include "node/cli/issue_fields.h"
#include "node/cli/serve.h"

namespace yishi::cli {
namespace {

using Words = std::vector<std::string>;

const Command& command(const char* name) {
  const auto* found = find_command(name);
  YISHI_ASSERT(found != nullptr);
  return *found;
}

// A command line as a shell would cut it; the examples use double quotes only.
Words cut_words(const std::string& line) {
  Words words;
  bool quoted = false;
  bool open = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      open = false;
      continue;
    }
    if (!open) words.emplace_back();
    open = true;
    if (c != '"') words.back() += c;
  }
  return words;
}

TEST(Globals, may_stand_anywhere_and_the_rest_keeps_its_order) {
  const auto globals = take_globals({"--lang", "en", "issue", "--data=/d", "show", "X", "--json"});
  EXPECT_EQ(globals.language, "en");
  EXPECT_EQ(globals.data, "/d");
  EXPECT_TRUE(globals.json);
  EXPECT_EQ(globals.rest, (Words{"issue", "show", "X"}));
}

TEST(Globals, after_two_dashes_words_are_only_words) {
  const auto globals = take_globals({"journal", "add", "--", "--json"});
  EXPECT_FALSE(globals.json);
  const auto parsed = parse_arguments(command("journal add"), {"--", "--json"});
  ASSERT_FALSE(parsed.failed);
  EXPECT_EQ(parsed.args.all("line"), Words{"--json"});
}

TEST(Globals, option_without_its_value_is_wrong_usage) {
  const auto globals = take_globals({"status", "--data"});
  ASSERT_TRUE(globals.failed);
  EXPECT_EQ(globals.failed->code, kUsage);
}

TEST(Arguments, options_positionals_and_repeated_ones_are_found) {
  const auto parsed = parse_arguments(
      command("issue amend"), {"ID-1", "--reach", "a", "--budget=2,200,000.00", "--reach", "b"});
  ASSERT_FALSE(parsed.failed);
  EXPECT_EQ(parsed.args.get("id"), "ID-1");
  EXPECT_EQ(parsed.args.get("budget"), "2,200,000.00");
  EXPECT_EQ(parsed.args.all("reach"), (Words{"a", "b"}));
}

TEST(Arguments, unknown_option_names_the_nearest) {
  const auto parsed = parse_arguments(command("issue amend"), {"X", "--bugdet", "1"});
  ASSERT_TRUE(parsed.failed);
  EXPECT_EQ(parsed.failed->code, kUsage);
  EXPECT_NE(parsed.failed->error->en.find("--budget"), std::string::npos);
  EXPECT_NE(parsed.failed->error->zh.find("--budget"), std::string::npos);
}

TEST(Arguments, missing_repeated_and_superfluous_ones_are_wrong_usage) {
  const auto code = [](const char* name, const Words& words) {
    const auto parsed = parse_arguments(command(name), words);
    return parsed.failed ? parsed.failed->code : kDone;
  };
  EXPECT_EQ(code("issue show", {}), kUsage);
  EXPECT_EQ(code("issue show", {"a", "b"}), kUsage);
  EXPECT_EQ(code("issue amend", {"a", "--title", "x", "--title", "y"}), kUsage);
  EXPECT_EQ(code("issue amend", {"a", "--title"}), kUsage);
  EXPECT_EQ(code("issue amend", {"a", "--titl", "x"}), kUsage);  // no guessing
  EXPECT_EQ(code("issue show", {"a"}), kDone);
}

// What the options of a command come to in the API's JSON.
Json made(const char* act, const Words& words) {
  auto parsed = parse_arguments(command((std::string("issue ") + act).c_str()), words);
  YISHI_ASSERT(!parsed.failed);
  const Hooks hooks;
  const auto body = body_of(Invocation{hooks, "", false, true, false, std::move(parsed.args)}, act);
  return body.failed ? Json(body.failed->error->field) : body.json;
}

TEST(Table, options_of_a_session_become_its_record) {
  const auto body = made("session", {"X",
                                     "--party",
                                     "mass=6",
                                     "--convener",
                                     "party_head=张三",
                                     "--convener",
                                     "member=李四",
                                     "--host",
                                     "王五",
                                     "--host-party",
                                     "expert",
                                     "--sign-in",
                                     "member=李四@city",
                                     "--vote",
                                     "paper=6/1/0",
                                     "--vote",
                                     "修路:hand=1/0/2",
                                     "--dissent",
                                     "赵六=太贵",
                                     "--duty",
                                     "清淤=320803001000@2026-12-31",
                                     "--duty",
                                     "修路=施工队",
                                     "--problem",
                                     "积水=solved",
                                     "--problem",
                                     "照明",
                                     "--entitled",
                                     "9",
                                     "--signed",
                                     "镇党委",
                                     "--suggest",
                                     "夜间施工"});
  EXPECT_EQ(body.at("parties").at(0).at("count"), 6);
  EXPECT_EQ(body.at("signed"), "镇党委");
  const auto& session = body.at("session");
  EXPECT_EQ(session.at("conveners").at(1).at("name"), "李四");
  EXPECT_EQ(session.at("host"), (Json{{"name", "王五"}, {"party", "expert"}}));
  EXPECT_EQ(session.at("signed_in").at(0),
            (Json{{"party", "member"}, {"name", "李四"}, {"level", "city"}}));
  EXPECT_EQ(session.at("votes").at(1).at("motion"), "修路");
  EXPECT_EQ(session.at("votes").at(1).at("abstain"), 2);
  EXPECT_EQ(session.at("responsibilities").at(0).at("unit"), "320803001000");
  EXPECT_EQ(session.at("responsibilities").at(0).at("due"), "2026-12-31");
  EXPECT_EQ(session.at("responsibilities").at(1).at("who"), "施工队");
  EXPECT_EQ(session.at("problems").at(0).at("result"), "solved");
  EXPECT_FALSE(session.at("problems").at(1).contains("result"));
  EXPECT_EQ(session.at("entitled"), 9);
}

TEST(Table, answers_of_a_screening_are_yes_no_or_words) {
  const auto body = made("screen", {"X", "--yes", "public", "--no", "small", "--answer", "why=积水",
                                    "--plan", "deliberation=第3项", "--flag", "none"});
  EXPECT_EQ(body.at("checks").size(), 3U);
  EXPECT_EQ(body.at("checks").at(1), (Json{{"item", "small"}, {"yes", false}}));
  EXPECT_EQ(body.at("checks").at(2).at("text"), "积水");
  EXPECT_EQ(body.at("plans").at(0), (Json{{"plan", "deliberation"}, {"ref", "第3项"}}));
  EXPECT_FALSE(body.contains("session"));
}

TEST(Table, a_value_of_the_wrong_shape_is_named_by_its_option) {
  EXPECT_EQ(made("session", {"X", "--vote", "paper=6/1/0/2"}), "vote");
  EXPECT_EQ(made("session", {"X", "--vote", "paper=six"}), "vote");
  EXPECT_EQ(made("session", {"X", "--convener", "张三"}), "convener");
  EXPECT_EQ(made("session", {"X", "--sign-in", "=张三"}), "sign-in");
  EXPECT_EQ(made("session", {"X", "--entitled", "-1"}), "entitled");
  EXPECT_EQ(made("correct", {"X", "--number", "one", "--reason", "漏记"}), "number");
  EXPECT_EQ(made("screen", {"X", "--answer", "why"}), "answer");
}

TEST(Help, every_command_explains_itself_in_both_languages) {
  for (const auto& one : catalog()) {
    for (const bool chinese : {true, false}) {
      const auto text = help_command(one, chinese);
      EXPECT_NE(text.find("yishi " + one.name), std::string::npos) << one.name;
      EXPECT_NE(text.find(one.example), std::string::npos) << one.name;
      for (const auto& option : one.options) {
        EXPECT_NE(text.find(chinese ? option.zh : option.en), std::string::npos) << option.name;
      }
    }
    EXPECT_NE(one.zh, one.en) << one.name;
    EXPECT_FALSE(one.zh.empty()) << one.name;
    EXPECT_FALSE(one.en.empty()) << one.name;
    EXPECT_TRUE(one.run) << one.name;
    for (const auto& option : one.options) {
      EXPECT_FALSE(option.zh.empty() || option.en.empty()) << one.name << " " << option.name;
    }
  }
}

TEST(Help, every_example_is_a_command_line_that_parses) {
  for (const auto& one : catalog()) {
    auto words = cut_words(one.example);
    ASSERT_EQ(words.front(), "yishi") << one.example;
    words.erase(words.begin());
    auto globals = take_globals(words);
    ASSERT_FALSE(globals.failed) << one.example;
    const auto own = static_cast<std::ptrdiff_t>(cut_words(one.name).size());
    EXPECT_EQ(Words(globals.rest.begin(), globals.rest.begin() + own), cut_words(one.name));
    const auto parsed = parse_arguments(one, Words(globals.rest.begin() + own, globals.rest.end()));
    EXPECT_FALSE(parsed.failed) << one.example << ": " << parsed.failed->error->en;
  }
}

TEST(Help, overview_lists_every_command_and_every_exit_code) {
  for (const bool chinese : {true, false}) {
    const auto text = help_overview(chinese);
    for (const auto& one : catalog()) EXPECT_NE(text.find(one.name), std::string::npos) << one.name;
    for (const char* code : {"\n  0", "\n  1", "\n  2", "\n  3", "\n  4", "\n  5"}) {
      EXPECT_NE(text.find(code), std::string::npos) << code;
    }
  }
}

TEST(Help, of_a_group_lists_it_and_of_an_unknown_word_names_the_nearest) {
  EXPECT_NE(help({"issue"}, false).text.find("issue propose"), std::string::npos);
  const auto unknown = help({"issue", "propse"}, false);
  EXPECT_EQ(unknown.code, kUsage);
  EXPECT_NE(unknown.error->en.find("propose"), std::string::npos);
}

TEST(Language, is_chinese_unless_the_environment_begins_with_en) {
  const auto chinese = [](std::map<std::string, std::string> values) {
    return chinese_by_environment([&](const std::string& name) -> std::optional<std::string> {
      const auto found = values.find(name);
      return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
    });
  };
  EXPECT_TRUE(chinese({}));
  EXPECT_TRUE(chinese({{"LANG", "C"}}));
  EXPECT_TRUE(chinese({{"LANG", "zh_CN.UTF-8"}}));
  EXPECT_FALSE(chinese({{"LANG", "en_GB.UTF-8"}}));
  EXPECT_TRUE(chinese({{"LANG", "en_GB.UTF-8"}, {"YISHI_LANG", "zh"}}));
  EXPECT_FALSE(chinese({{"LANG", "zh_CN.UTF-8"}, {"YISHI_LANG", "en"}}));
}

class Serve : public testing::Test {
 protected:
  ServeParsed parse(const Words& flags, const std::map<std::string, std::string>& environment,
                    const std::string& file = {}) {
    auto all = flags;
    const std::string path =
        testing::TempDir() + "/yishi-serve-test-" + std::to_string(::getpid()) + ".conf";
    if (!file.empty()) {
      std::ofstream(path) << file;
      all.insert(all.end(), {"--config", path});
    }
    auto parsed = parse_arguments(command("serve"), all);
    YISHI_ASSERT(!parsed.failed);
    const Hooks hooks;
    const Invocation invocation{hooks, "./yishi-data", false, true, false, std::move(parsed.args)};
    return parse_serve(invocation, [&](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional<std::string>(found->second);
    });
  }
};

TEST_F(Serve, flags_win_over_environment_over_file_over_defaults) {
  const std::string file =
      "# comment\nbind = tcp://file:1\nparent = tcp://file:2\nlog-level = warn\ndata = "
      "/from/file\n";
  const auto parsed =
      parse({"--bind", "tcp://flag:1"},
            {{"YISHI_BIND", "tcp://environment:1"}, {"YISHI_PARENT", "tcp://environment:2"}}, file);
  ASSERT_FALSE(parsed.failed) << parsed.failed->error->en;
  EXPECT_EQ(parsed.options.bind, "tcp://flag:1");
  EXPECT_EQ(parsed.options.parent, "tcp://environment:2");
  EXPECT_EQ(parsed.options.log_level, "warn");
  EXPECT_EQ(parsed.options.data, "/from/file");
  EXPECT_EQ(parsed.options.status_interval_ms, 15'000U);
}

TEST_F(Serve, unknown_line_of_the_file_names_the_nearest) {
  const auto parsed = parse({}, {}, "bnid = tcp://x:1\n");
  ASSERT_TRUE(parsed.failed);
  EXPECT_EQ(parsed.failed->code, kUsage);
  EXPECT_NE(parsed.failed->error->en.find("bind"), std::string::npos);
}

TEST_F(Serve, wrong_values_and_a_missing_file_are_wrong_usage) {
  EXPECT_EQ(parse({"--log-level", "loud"}, {}).failed->code, kUsage);
  EXPECT_EQ(parse({"--status-interval", "0"}, {}).failed->code, kUsage);
  EXPECT_EQ(parse({"--status-interval", "1.5"}, {}).failed->code, kUsage);
  EXPECT_EQ(parse({"--config", "/nonexistent/file"}, {}).failed->code, kUsage);
  EXPECT_EQ(parse({}, {{"YISHI_STATUS_INTERVAL", "2"}}).options.status_interval_ms, 2'000U);
}

}  // namespace
}  // namespace yishi::cli
