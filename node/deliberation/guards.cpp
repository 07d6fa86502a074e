#include "node/deliberation/guards.h"

#include <algorithm>

#include "crypto/assert.h"
#include "node/deliberation/policy_faults.h"

namespace yishi::deliberation {

namespace {

const std::vector<KnownGuard>& known_guards() {
  static const std::vector<KnownGuard> kGuards = [] {
    std::vector<KnownGuard> all;
    for (auto theme :
         {topic_guards, people_guards, vote_guards, record_guards, work_guards, follow_guards}) {
      for (const KnownGuard& one : theme()) all.push_back(one);
    }
    return all;
  }();
  return kGuards;
}

const KnownGuard* find_guard(std::string_view name) {
  const auto& known = known_guards();
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.name == name; });
  return found == known.end() ? nullptr : &*found;
}

// Whether the guard looks at an act in these circumstances at all.
bool concerns(const Scene& scene) {
  const GuardWhen& when = scene.guard.when;
  const auto among = [](const std::vector<std::string>& list, const std::string& id) {
    return list.empty() || in(list, id);
  };
  const Issue& issue = scene.issue;
  const ActBody& body = scene.body;
  const topology::Code& unit = issue.holder.empty() ? body.unit : issue.holder;  // empty: logging
  const std::string& category = body.category.empty() ? issue.category : body.category;
  const std::string& source = body.source.empty() ? issue.source : body.source;
  const auto& flags = body.topic.flags.empty() ? issue.table.topic.flags : body.topic.flags;
  const bool flagged = when.flags.empty() ||
                       std::any_of(flags.begin(), flags.end(),
                                   [&](const std::string& flag) { return in(when.flags, flag); });
  if (!flagged || !among(when.levels, level_of(scene.law, unit)) ||
      !among(when.categories, category) || !among(when.sources, source)) {
    return false;
  }
  if (when.forms.empty() && when.types.empty()) return true;
  const Sitting now = sitting(scene.act, issue, body);
  return among(when.forms, now.form) && among(when.types, now.type);
}

Error refusal(const Guard& guard, const Missing& missing) {
  Error error{"guard." + guard.name, missing.field, "", ""};
  error.zh = (guard.words_zh.empty() ? "" : guard.words_zh + "：") + missing.zh;
  error.en = (guard.words_en.empty() ? "" : guard.words_en + ": ") + missing.en;
  if (guard.soft) {
    error.zh += "；写明理由后可以继续";
    error.en += "; it may be passed with a reason";
  }
  error.zh += "。";
  return error;
}

}  // namespace

const std::vector<std::string_view>& guard_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const KnownGuard& one : known_guards()) names.push_back(one.name);
    return names;
  }();
  return kNames;
}

std::string_view guard_needs(std::string_view name) {
  const KnownGuard* guard = find_guard(name);
  return guard == nullptr ? std::string_view() : guard->needs;
}

Shortfall need(bool there, std::string field, std::string zh, std::string en) {
  if (there) return std::nullopt;
  return Missing{std::move(field), std::move(zh), std::move(en)};
}

Sitting sitting(Act act, const Issue& issue, const ActBody& body) {
  Sitting now;
  const auto& sessions = issue.table.sessions;
  const bool fresh = act == Act::kHoldSession || act == Act::kConvene;
  const bool correction =
      act == Act::kCorrect && body.number >= 1 && body.number <= sessions.size();
  if (!fresh && !sessions.empty()) {
    const SessionMark& mark = correction ? sessions[body.number - 1] : sessions.back();
    now = {true, mark.form, mark.type, mark.parties, mark.votes, mark.entitled};
  }
  if (!fresh && !correction) return now;
  now.there = true;
  if (!body.form.empty()) now.form = body.form;
  if (!body.session.type.empty()) now.type = body.session.type;
  if (!body.parties.empty()) now.parties = body.parties;
  if (!body.session.votes.empty()) now.votes = body.session.votes;
  if (body.session.entitled != 0) now.entitled = body.session.entitled;
  return now;
}

Words join(const std::vector<Words>& all) {
  Words joined;
  for (const Words& one : all) {
    joined.zh += (joined.zh.empty() ? "" : "、") + one.zh;
    joined.en += (joined.en.empty() ? "" : ", ") + one.en;
  }
  return joined;
}

Words names_of(const std::vector<Label>& labels, const std::vector<std::string>& ids) {
  std::vector<Words> names;
  for (const std::string& id : ids) {
    const Label* label = find_label(labels, id);
    names.push_back(label == nullptr ? Words{id, id} : Words{label->zh, label->en});
  }
  return join(names);
}

std::vector<JudgedGuard> judge_guards(const ActRule& rule, Act act, const Issue& issue,
                                      const ActBody& body, const Law& law) {
  std::vector<JudgedGuard> judged;
  for (const Guard& guard : rule.guards) {
    const Scene scene{guard, act, issue, body, law};
    if (!concerns(scene)) continue;
    const KnownGuard* known = find_guard(guard.name);
    YISHI_ASSERT(known != nullptr);  // parse_policy refuses others
    judged.push_back({&guard, known->judge(scene)});
  }
  return judged;
}

Result<std::vector<std::string>> check_guards(const ActRule& rule, Act act, const Issue& issue,
                                              const ActBody& body, const Law& law) {
  std::vector<std::string> passed;
  for (const JudgedGuard& one : judge_guards(rule, act, issue, body, law)) {
    if (!one.missing) continue;
    if (!one.guard->soft || body.overrides.empty()) return refusal(*one.guard, *one.missing);
    if (!in(passed, one.guard->name)) passed.push_back(one.guard->name);
  }
  return passed;
}

}  // namespace yishi::deliberation
