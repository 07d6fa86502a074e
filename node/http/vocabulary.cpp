// /vocabulary: what a place's policy names, for forms to offer: categories, sources, parties …
#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/quantities.h"
#include "node/http/query.h"
#include "sync/limits.h"

namespace yishi::http {
namespace {

using deliberation::Label;
using deliberation::Policy;

Json plain(const Label& label) { return label_json(label.id, &label); }

Json labels(const std::vector<Label>& all) {
  Json out = Json::array();
  for (const Label& one : all) out.push_back(plain(one));
  return out;
}

Json forms(const Policy& policy) {
  Json out = Json::array();
  for (const Label& one : policy.forms) {
    Json form = plain(one);
    const auto profile = policy.form_profiles.find(one.id);
    const bool known = profile != policy.form_profiles.end();
    form["remote"] = known && profile->second.remote;
    if (known && !profile->second.conditions.zh.empty()) {
      form["conditions"] = {{"zh", profile->second.conditions.zh},
                            {"en", profile->second.conditions.en}};
    }
    out.push_back(std::move(form));
  }
  return out;
}

Json results(const Policy& policy) {
  Json out = Json::array();
  for (const Label& one : policy.results) {
    Json result = plain(one);
    const auto closing = policy.closings.find(one.id);
    const bool known = closing != policy.closings.end();
    result["reason"] = known && closing->second.reason;
    result["solved"] = known && closing->second.solved;
    out.push_back(std::move(result));
  }
  return out;
}

Json checklist(const Policy& policy) {
  Json out = Json::array();
  for (const Label& one : policy.checklist) {
    Json item = plain(one);
    const auto found = policy.check_items.find(one.id);
    const bool known = found != policy.check_items.end();
    item["yes"] = known && found->second.yes;
    item["words"] = known && found->second.words;
    out.push_back(std::move(item));
  }
  return out;
}

Json stages(const Policy& policy) {
  Json out = Json::array();
  for (const auto& one : policy.stages) {
    Json stage = plain(one.label);
    stage["end"] = one.end;
    stage["waiting"] = one.waiting;
    out.push_back(std::move(stage));
  }
  return out;
}

Json authority(const Policy& policy) {
  Json out = Json::object();
  for (const auto& [level, may] : policy.authority) {
    out[level] = {
        {"budget_max_yuan", may.budget_max_fen ? Json(yuan_text(*may.budget_max_fen)) : Json()},
        {"categories", may.every_category ? Json() : Json(may.categories)},
        {"excluded", may.excluded}};
  }
  return out;
}

Json organs(const Policy& policy) {
  Json out = Json::object();
  for (const auto& [level, organ] : policy.organs) out[level] = plain(organ);
  return out;
}

}  // namespace

Result<Reply> get_vocabulary(Call& call) {
  Query query(call.request());
  const auto version = query.number("version", 0, sync::kMaxNumber);
  if (const auto status = query.finish(); !status) return status.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto policy = call.world().policy_at(version == 0 ? call.directory().latest() : version);
  if (!policy) {
    return Error{"http.missing", "version", "还没有设定规则文件", "no policy has been set"};
  }
  Json out{{"policy", plain(policy->label)}};
  out["categories"] = labels(policy->categories);
  out["sources"] = labels(policy->sources);
  out["forms"] = forms(*policy);
  out["results"] = results(*policy);
  out["outcomes"] = labels(policy->outcomes);
  out["parties"] = labels(policy->parties);
  out["flags"] = labels(policy->flags);
  out["plans"] = labels(policy->plans);
  out["channels"] = labels(policy->channels);
  out["checklist"] = checklist(*policy);
  out["roles"] = labels(policy->roles);
  out["member_levels"] = labels(policy->member_levels);
  out["types"] = labels(policy->types);
  out["venues"] = labels(policy->venues);
  out["views"] = labels(policy->views);
  out["publications"] = labels(policy->follow.publications);
  out["supervision"] = labels(policy->follow.supervision);
  out["methods"] = labels(policy->follow.methods);
  out["revisits"] = labels(policy->follow.revisits);
  out["stages"] = stages(*policy);
  out["organs"] = organs(*policy);
  out["authority"] = authority(*policy);
  return Reply{std::move(out)};
}

}  // namespace yishi::http
