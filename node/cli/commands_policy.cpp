// policy check, show, diff, try. Setting one is a change of the topology: `topology policy`.
#include <map>

#include "node/cli/catalog.h"
#include "node/cli/text.h"
#include "topology/change.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxShownIssues = 100;  // of a trial, on a terminal; --json has all

Result<std::string> policy_file(const std::string& path) {
  return read_file(path, topology::kMaxPolicyBytes);
}

// The policy in force at the node; with it the failed call when there is none.
struct Current {
  std::string text;
  std::optional<Outcome> failed;
};
Current current_policy(const Invocation& invocation) {
  auto called = api_get(invocation, "/api/v1/topology/policy");
  if (called.failed) return {{}, std::move(called.failed)};
  return {called.body.value("text", std::string()), std::nullopt};
}

Outcome viewed(const Invocation& invocation, const std::string& text, const std::string& head) {
  const auto view = invocation.hooks.view_policy(text);
  if (!view) return failure(kRefused, view.error());
  Outcome outcome;
  outcome.json = {{"id", view->id},
                  {"zh", view->zh},
                  {"en", view->en},
                  {"flow", invocation.pick(view->flow_zh, view->flow_en)}};
  outcome.text = head + printable(invocation.pick(view->flow_zh, view->flow_en));
  return outcome;
}

Outcome check_file(const Invocation& invocation) {
  const auto text = policy_file(invocation.args.get("file"));
  if (!text) return failure(kRefused, text.error());
  return viewed(invocation, *text,
                invocation.pick("规则无误。\n\n", "The policy is in order.\n\n"));
}

Outcome show_policy(const Invocation& invocation) {
  const auto current = current_policy(invocation);
  if (current.failed) return *current.failed;
  if (!invocation.args.has("text")) return viewed(invocation, current.text, {});
  Outcome outcome;
  outcome.json = {{"text", current.text}};
  outcome.text = printable(current.text);
  return outcome;
}

Outcome differences(const Invocation& invocation, const std::string& before,
                    const std::string& after) {
  const auto changes = invocation.hooks.compare_policies(before, after);
  if (!changes) return failure(kRefused, changes.error());
  Outcome outcome;
  outcome.json["differences"] = Json::array();
  for (const auto& one : *changes) {
    outcome.json["differences"].push_back(
        {{"path", one.path}, {"before", one.before}, {"after", one.after}});
    outcome.text += one.path + '\n';
    if (!one.before.empty()) outcome.text += "  - " + one_line(one.before) + '\n';
    if (!one.after.empty()) outcome.text += "  + " + one_line(one.after) + '\n';
  }
  if (changes->empty()) outcome.text = invocation.pick("没有差别。\n", "No difference.\n");
  return outcome;
}

Outcome compare(const Invocation& invocation) {
  const auto first = policy_file(invocation.args.get("file"));
  if (!first) return failure(kRefused, first.error());
  if (invocation.args.has("other")) {
    const auto second = policy_file(invocation.args.get("other"));
    if (!second) return failure(kRefused, second.error());
    return differences(invocation, *first, *second);
  }
  const auto current = current_policy(invocation);
  if (current.failed) return *current.failed;
  return differences(invocation, current.text, *first);
}

std::string deviation_line(const Invocation& invocation, const Json& one) {
  return "    " + std::to_string(one.value("n", std::uint64_t{0})) + "  " +
         invocation.label(at(one, "act")) + invocation.pick("：", ": ") +
         one_line(one.value(invocation.chinese ? "zh" : "en", std::string())) + "  (" +
         one.value("rule", std::string()) + ")\n";
}

std::string trial_text(const Invocation& invocation, const Json& trial) {
  const auto tried = std::to_string(trial.value("issues", std::uint64_t{0}));
  const Json differ = at(trial, "differ");
  std::string out = invocation.pick(
      "试算 " + tried + " 件事项，其中 " + std::to_string(differ.size()) + " 件会有不同：\n",
      std::to_string(differ.size()) + " of " + tried + " issues would have gone differently:\n");
  const Json rules = at(trial, "rules");
  for (const auto& [rule, count] : rules.items()) {
    out += "  " + rule + "  " + std::to_string(count.get<std::uint64_t>()) + '\n';
  }
  for (std::size_t i = 0; i < differ.size() && i < kMaxShownIssues; ++i) {
    out += "  " + differ[i].value("id", std::string()) + "  " +
           one_line(differ[i].value("title", std::string())) + '\n';
    for (const auto& one : at(differ[i], "deviations")) out += deviation_line(invocation, one);
  }
  return out;
}

Outcome attempt(const Invocation& invocation) {
  const auto text = policy_file(invocation.args.get("file"));
  if (!text) return failure(kRefused, text.error());
  Invocation there = invocation;
  there.data = invocation.args.get("with", invocation.data);
  Json trial = {{"issues", 0}, {"rules", Json::object()}, {"differ", Json::array()}};
  std::uint64_t issues = 0;
  std::map<std::string, std::uint64_t> rules;
  for (Json before = 0; !before.is_null();) {
    Json asked = {{"text", *text}, {"before", before}};
    for (const char* key : {"home", "month"}) {
      if (invocation.args.has(key)) asked[key] = invocation.args.get(key);
    }
    const auto called = api_post(there, "/api/v1/policy/try", asked);
    if (called.failed) return *called.failed;
    issues += called.body.value("issues", std::uint64_t{0});
    for (const auto& one : at(called.body, "differ")) {
      for (const auto& deviation : at(one, "deviations")) {
        rules[deviation.value("rule", std::string())] += 1;
      }
      trial["differ"].push_back(one);
    }
    before = at(called.body, "next");
  }
  trial["issues"] = issues;
  for (const auto& [rule, count] : rules) trial["rules"][rule] = count;
  Outcome outcome;
  outcome.text = trial_text(invocation, trial);
  outcome.json = std::move(trial);
  return outcome;
}

}  // namespace

std::vector<Command> policy_commands() {
  const Option file{"file", "FILE", "规则文件（TOML）", "policy file (TOML)", false, true, true};
  return {
      {"policy check",
       "检查规则文件：逐行说明错误，无误则画出流程",
       "check a policy file: every mistake by line, or its flow",
       {file},
       "yishi policy check huaian.toml",
       check_file},
      {"policy show",
       "显示现行规则的流程，或用 --text 显示原文",
       "show the flow of the policy in force, or its text",
       {{"text", "", "显示原文", "show the document itself"}},
       "yishi policy show",
       show_policy},
      {"policy diff",
       "比较两个规则文件；只给一个时与现行规则比较",
       "compare two policy files, or one with the policy in force",
       {file, {"other", "FILE", "改后的文件", "the file after", false, false, true}},
       "yishi policy diff huaian.toml huaian-2027.toml",
       compare},
      {"policy try",
       "试算：已有的事项若按这份规则办理，哪里会不同",
       "what would have gone differently with the issues there are",
       {file,
        {"with", "DIR", "用哪个节点的记录（默认 --data）",
         "the node whose records are tried (default --data)"},
        {"home", "CODE", "只试这个单位及以下登记的", "only issues of this unit and below"},
        {"month", "2026-11", "只试这个月登记的", "only what was logged in this month"}},
       "yishi policy try huaian-2027.toml --with /var/lib/yishi --month 2026-11",
       attempt},
  };
}

}  // namespace yishi::cli
