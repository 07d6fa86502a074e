#include "node/deliberation/policy_trial.h"

#include <algorithm>

#include "node/deliberation/guards.h"
#include "node/deliberation/rules.h"

namespace yishi::deliberation {

namespace {

struct Step {
  Act act;
  const Fact* fact;
};

std::vector<Step> transitions(const std::vector<Fact>& facts) {
  std::vector<Step> steps;
  for (const Fact& fact : facts) {
    const ActInfo* act = find_kind(fact.kind);
    if (act != nullptr && act->transition) steps.push_back({act->act, &fact});
  }
  std::sort(steps.begin(), steps.end(),
            [](const Step& a, const Step& b) { return a.fact->body.n < b.fact->body.n; });
  return steps;
}

// The reasons for which the issue would climb now, in one sentence; empty: it stays.
std::pair<std::string, std::string> climbs(const Issue& issue, const Law& law) {
  const bool can = stage_allows(issue, law.policy, Act::kEscalate, {}) &&
                   !law.directory.parent_of(issue.holder, law.at).empty();
  std::string zh;
  std::string en;
  for (const Beyond& one : can ? beyond(issue, law) : std::vector<Beyond>()) {
    zh += (zh.empty() ? "" : "；") + one.zh;
    en += (en.empty() ? "" : "; ") + one.en;
  }
  return {zh, en};
}

}  // namespace

std::vector<Deviation> try_policy(const Policy& trial, const std::string& id,
                                  const std::vector<Fact>& facts,
                                  const topology::Directory& directory) {
  std::vector<Deviation> found;
  const auto steps = transitions(facts);
  Issue issue;
  issue.id = id;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& [act, fact] = steps[i];
    const auto note = [&, act = act, fact = fact](const Error& error) {
      found.push_back({fact->body.n, act, fact->time_ms, error.rule, error.zh, error.en});
    };
    const Law law{trial, directory, fact->topology};
    const Deed deed{act, fact->body, fact->time_ms, law};
    if (Status one = judge_transition(issue, deed); !one) {
      note(one.error());
      break;
    }
    if (const auto one = check_guards(*trial.rule(act), act, issue, fact->body, law); !one) {
      note(one.error());
    }
    apply_transition(issue, deed, fact->digest);
    if (i + 1 < steps.size() && steps[i + 1].act == Act::kEscalate) continue;
    const auto [zh, en] = climbs(issue, law);
    if (zh.empty()) continue;
    note({"trial.escalates", "", "会自动上报：" + zh + "。", "it would climb by itself: " + en});
    break;
  }
  return found;
}

}  // namespace yishi::deliberation
