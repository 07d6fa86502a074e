// /policy: checking a document, comparing two, and what would have gone differently under one.
#include "node/deliberation/policy_document.h"
#include "node/deliberation/policy_flow.h"
#include "node/deliberation/policy_trial.h"
#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "sync/limits.h"
#include "topology/change.h"

namespace yishi::http {
namespace {

using deliberation::Policy;

Json policy_json(const Policy& policy) {
  return {{"id", policy.label.id},
          {"zh", policy.label.zh},
          {"en", policy.label.en},
          {"flow_zh", policy_flow(policy, true)},
          {"flow_en", policy_flow(policy, false)}};
}

// The text under `key`; when it is absent, the policy in force.
Result<std::string> text_or_current(Call& call, Form& form, const char* key) {
  std::string text = form.text(key, topology::kMaxPolicyBytes);
  if (!text.empty()) return text;
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto policy = call.directory().policy_at();
  if (policy) return policy->text;
  return Error{"http.missing", "policy", "还没有设定规则文件", "no policy has been set"};
}

Json deviation_json(const deliberation::Deviation& one) {
  const auto& act = deliberation::info(one.act);
  return {{"n", one.n},
          {"act", {{"name", act.name}, {"zh", act.zh}, {"en", act.en}}},
          {"time", times(one.time_ms)},
          {"rule", one.rule},
          {"zh", one.zh},
          {"en", one.en}};
}

std::vector<deliberation::Fact> effective_facts(const store::Issues& issues,
                                                const std::string& id) {
  std::vector<deliberation::Fact> facts;
  for (auto& stored : issues.facts(id)) {
    if (stored.effect == deliberation::Effect::kApplied) facts.push_back(std::move(stored.fact));
  }
  return facts;
}

}  // namespace

Result<Reply> post_policy_check(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const auto text = text_or_current(call, form, "text");
  if (const auto status = form.finish(); !status) return status.error();
  if (!text) return text.error();
  const auto policy = deliberation::parse_policy(*text);
  if (!policy) return policy.error();
  return Reply{policy_json(**policy)};
}

Result<Reply> post_policy_diff(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const auto before = text_or_current(call, form, "before");
  const std::string after = form.text("after", topology::kMaxPolicyBytes, true);
  if (const auto status = form.finish(); !status) return status.error();
  if (!before) return before.error();
  const auto found = deliberation::policy_difference(*before, after);
  if (!found) return found.error();
  Json differences = Json::array();
  for (const auto& one : *found) {
    differences.push_back({{"path", one.path}, {"before", one.before}, {"after", one.after}});
  }
  return Reply{{{"differences", std::move(differences)}}};
}

// A page of issues at a time: `before` is the `next` of the answer before.
Result<Reply> post_policy_try(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const std::string text = form.text("text", topology::kMaxPolicyBytes, true);
  store::IssueFilter filter;
  if (const auto home = form.code("home"); !home.empty()) filter.home_inside = home;
  filter.month = form.text("month", kMaxMonthBytes);
  filter.before = form.number("before").value_or(0);
  filter.limit = kMaxTrialPage;
  if (const auto status = form.finish(); !status) return status.error();
  const auto policy = deliberation::parse_policy(text);
  if (!policy) return policy.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  const store::Issues issues(call.database());
  const auto rows = issues.list(filter, call.directory());
  Json differ = Json::array();
  for (const auto& row : rows) {
    const auto deviations =
        try_policy(**policy, row.issue.id, effective_facts(issues, row.issue.id), call.directory());
    if (deviations.empty()) continue;
    Json list = Json::array();
    for (const auto& one : deviations) list.push_back(deviation_json(one));
    differ.push_back(
        {{"id", row.issue.id}, {"title", row.issue.title}, {"deviations", std::move(list)}});
  }
  const bool more = !rows.empty() && rows.size() >= filter.limit;
  return Reply{{{"issues", rows.size()},
                {"differ", std::move(differ)},
                {"next", more ? Json(rows.back().order) : Json()}}};
}

}  // namespace yishi::http
