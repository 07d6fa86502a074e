#include "node/http/issue_json.h"

#include <array>

#include "node/http/follow_json.h"
#include "node/http/quantities.h"
#include "node/http/table_json.h"

namespace yishi::http {
namespace {

using deliberation::Issue;
using deliberation::Policy;
using deliberation::World;

struct ReasonRow {
  std::string_view code, zh, en;
};
constexpr std::array<ReasonRow, 7> kReasons{{
    {"budget", "资金超出本级权限", "budget beyond this level's authority"},
    {"category", "类别不在本级权限内", "category beyond this level's authority"},
    {"reach", "涉及范围超出本级", "reaches beyond this unit"},
    {"person", "人工上报", "sent up by a person"},
    {"not_accepted", "未在期限内签收", "not accepted in time"},
    {"deadline", "交办事项超期未完成", "assigned work not done in time"},
    {"failed_twice", "多轮协商未解决", "not solved in two rounds"},
}};

Json stage_json(const Issue& issue, const Policy* policy) {
  const auto* stage = policy == nullptr ? nullptr : policy->stage(issue.stage);
  Json out = label_json(issue.stage, stage == nullptr ? nullptr : &stage->label);
  if (out.is_null()) return out;
  out["end"] = stage != nullptr && stage->end;
  out["waiting"] = stage != nullptr && stage->waiting;
  return out;
}

Json labelled(const Policy* policy, const std::vector<deliberation::Label> Policy::*labels,
              std::string_view id) {
  return label_json(id, policy == nullptr ? nullptr : find_label(policy->*labels, id));
}

void put_text(Json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}

Json figures_json(const std::vector<deliberation::Figure>& figures) {
  Json out = Json::array();
  for (const auto& figure : figures) {
    out.push_back({{"name", figure.name},
                   {"before", figure.before},
                   {"after", figure.after},
                   {"unit", figure.unit}});
  }
  return out;
}

Json assignments_json(const Issue& issue, const topology::Directory& directory) {
  Json out = Json::array();
  for (const auto& task : issue.assignments) {
    out.push_back({{"number", task.number},
                   {"unit", unit_json(directory, task.unit)},
                   {"text", task.text},
                   {"given", times(task.given_ms)},
                   {"due", times(task.due_ms)},
                   {"percent", task.percent},
                   {"done", task.done},
                   {"joint", task.joint},
                   {"last_text", task.last_text},
                   {"progress", times(task.progress_ms)}});
  }
  return out;
}

Json filed_json(const Issue& issue, const topology::Directory& directory) {
  Json out = Json::array();
  for (const auto& [unit, ms] : issue.filed) {
    out.push_back({{"unit", unit_json(directory, unit)}, {"time", times(ms)}});
  }
  return out;
}

std::string_view effect_name(deliberation::Effect effect) {
  switch (effect) {
    case deliberation::Effect::kWaits:
      return "waiting";
    case deliberation::Effect::kVoid:
      return "refused";
    case deliberation::Effect::kApplied:
    case deliberation::Effect::kRefold:
      break;
  }
  return "applied";
}

// The fields of a body that say something, beside who and when.
void put_body(Json& out, const deliberation::ActBody& body, const Policy* policy,
              const topology::Directory& directory) {
  put_text(out, "title", body.title);
  put_text(out, "text", body.text);
  put_text(out, "why", body.reason);
  if (!body.category.empty()) {
    out["category"] =
        label_json(body.category, policy == nullptr ? nullptr : policy->category(body.category));
  }
  if (body.budget_fen) out["budget_fen"] = *body.budget_fen;
  if (body.budget_fen) out["budget_yuan"] = yuan_text(*body.budget_fen);
  if (!body.reach.empty()) out["reach"] = units_json(directory, body.reach);
  if (!body.source.empty()) out["source"] = labelled(policy, &Policy::sources, body.source);
  if (!body.to.empty()) out["to"] = unit_json(directory, body.to);
  if (!body.reasons.empty()) {
    out["reasons"] = Json::array();
    for (const auto& reason : body.reasons) out["reasons"].push_back(reason_json(reason));
  }
  if (body.automatic) out["automatic"] = true;
  put_text(out, "place", body.place);
  if (!body.form.empty()) out["form"] = labelled(policy, &Policy::forms, body.form);
  if (body.held_ms != 0) out["held"] = times(body.held_ms);
  for (const auto& party : body.parties) {
    Json label = labelled(policy, &Policy::parties, party.category);
    out["parties"].push_back({{"category", std::move(label)}, {"count", party.count}});
  }
  if (!body.became.empty()) out["became"] = labelled(policy, &Policy::outcomes, body.became);
  if (body.due_ms != 0) out["due"] = times(body.due_ms);
  if (body.assignment != 0) out["task"] = body.assignment;
  if (body.percent) out["percent"] = *body.percent;
  if (body.done) out["done"] = true;
  if (!body.result.empty()) out["result"] = labelled(policy, &Policy::results, body.result);
  if (!body.figures.empty()) out["figures"] = figures_json(body.figures);
  if (body.score) out["score"] = *body.score;
  if (!body.party.empty()) out["party"] = labelled(policy, &Policy::parties, body.party);
  put_text(out, "override", body.overrides);
  put_table(out, body, {policy, directory});
}

}  // namespace

Json times(std::uint64_t ms) { return ms == 0 ? Json() : Json(rfc3339(ms)); }

Json unit_json(const topology::Directory& directory, const topology::Code& code) {
  if (code.empty()) return {};
  const auto unit = directory.unit(code);
  return {{"code", code.text()}, {"name", unit ? unit->name : code.text()}};
}

Json label_json(std::string_view id, const deliberation::Label* label) {
  if (id.empty()) return {};
  if (label == nullptr) return {{"id", id}, {"zh", id}, {"en", id}};
  return {{"id", label->id}, {"zh", label->zh}, {"en", label->en}};
}

Json reason_json(std::string_view code) {
  for (const auto& row : kReasons) {
    if (row.code == code) return {{"id", row.code}, {"zh", row.zh}, {"en", row.en}};
  }
  return {{"id", code}, {"zh", code}, {"en", code}};
}

Json issue_summary(const Issue& issue, const World& world) {
  const auto policy = world.policy_at(issue.policy_version);
  const auto& directory = world.directory();
  return {
      {"id", issue.id},
      {"title", issue.title},
      {"home", unit_json(directory, issue.home)},
      {"holder", unit_json(directory, issue.holder)},
      {"stage", stage_json(issue, policy.get())},
      {"category", label_json(issue.category, policy ? policy->category(issue.category) : nullptr)},
      {"budget_fen", issue.budget_fen},
      {"budget_yuan", yuan_text(issue.budget_fen)},
      {"escalations", issue.escalations.size()},
      {"logged", times(issue.logged_ms)},
      {"changed", times(issue.changed_ms)},
      {"accept_by", times(issue.accept_by_ms)},
      {"closed", times(issue.closed_ms)},
      {"revision", deliberation::revision_of(issue)}};
}

Json issue_json(const Issue& issue, const World& world) {
  const auto policy = world.policy_at(issue.policy_version);
  const auto& directory = world.directory();
  Json out = issue_summary(issue, world);
  out["text"] = issue.text;
  out["source"] = labelled(policy.get(), &Policy::sources, issue.source);
  out["reach"] = units_json(directory, issue.reach);
  out["policy"] = policy ? label_json(policy->label.id, &policy->label) : Json();
  out["policy_version"] = issue.policy_version;
  out["transitions"] = issue.n;
  out["last"] = to_hex(issue.last.view());
  out["custody"] = units_json(directory, issue.custody);
  out["proposer"] = unit_json(directory, issue.proposer);
  out["approved_by"] = unit_json(directory, issue.approved_by);
  out["concerned"] = units_json(directory, issue.concerned);
  out["escalations"] = Json::array();
  for (const auto& reason : issue.escalations) out["escalations"].push_back(reason_json(reason));
  out["assignments"] = assignments_json(issue, directory);
  out["filed"] = filed_json(issue, directory);
  out["researched"] = issue.researched;
  out["session_held"] = issue.session_held;
  out["decision"] = issue.decision;
  out["outcome"] = issue.outcome;
  out["became"] = labelled(policy.get(), &Policy::outcomes, issue.became);
  out["result"] = labelled(policy.get(), &Policy::results, issue.result);
  out["return_reason"] = issue.return_reason;
  out["figures"] = figures_json(issue.figures);
  put_table(out, issue, {policy.get(), directory});
  out["comments"] = issue.comments;
  out["evaluations"] = issue.evaluations;
  out["score_sum"] = issue.score_sum;
  put_followed_up(out, issue, world);
  return out;
}

Json fact_json(const store::StoredFact& stored, const Issue& issue, const World& world) {
  const auto& fact = stored.fact;
  const auto policy = world.policy_at(issue.policy_version);
  const auto* info = deliberation::find_kind(fact.kind);
  Json out{{"kind", fact.kind},
           {"act", info == nullptr ? Json() : Json(info->name)},
           {"zh", info == nullptr ? std::string_view(fact.kind) : info->zh},
           {"en", info == nullptr ? std::string_view(fact.kind) : info->en},
           {"unit", unit_json(world.directory(), fact.body.unit)},
           {"by", fact.body.by},
           {"time", times(fact.time_ms)}};
  if (fact.body.n != 0) out["n"] = fact.body.n;
  put_body(out, fact.body, policy.get(), world.directory());
  put_follow_up(out, fact.body, policy.get(), world);
  const bool unknown = stored.rule == deliberation::kUnknownKind;
  out["effect"] = unknown ? "unknown" : effect_name(stored.effect);
  if (stored.effect == deliberation::Effect::kVoid) {
    out["refused"] = {{"rule", stored.rule}, {"zh", stored.zh}, {"en", stored.en}};
  }
  out["digest"] = to_hex(fact.digest.view());
  out["log"] = to_hex(fact.author.view());
  out["sequence"] = fact.sequence;
  out["topology"] = fact.topology;
  return out;
}

}  // namespace yishi::http
