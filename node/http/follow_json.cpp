#include "node/http/follow_json.h"

#include <array>

#include "node/deliberation/deadlines.h"
#include "node/deliberation/supervision.h"
#include "node/http/issue_json.h"

namespace yishi::http {
namespace {

using deliberation::FollowedUp;
using deliberation::Issue;
using deliberation::Label;
using deliberation::Policy;
using deliberation::World;

Json named(const std::vector<Label>& labels, std::string_view id) {
  return label_json(id, find_label(labels, id));
}

const FollowedUp& of(const Issue& issue) { return issue.follow; }

Json publications_json(const Issue& issue, const Policy& policy) {
  Json out = Json::array();
  for (const auto& one : of(issue).publications) {
    out.push_back({{"n", one.n},
                   {"about", named(policy.follow.publications, one.about)},
                   {"place", one.place},
                   {"time", times(one.time_ms)},
                   {"until", times(one.until_ms)}});
  }
  return out;
}

// Asked and settled, one list: the newest grant of a task answers what was asked before it.
Json extensions_json(const Issue& issue, const World& world) {
  Json out = Json::array();
  for (const auto& [task, ask] : of(issue).asks) {
    out.push_back({{"task", task},
                   {"asked", true},
                   {"unit", unit_json(world.directory(), ask.unit)},
                   {"until", times(ask.until_ms)},
                   {"why", ask.text},
                   {"count", ask.count},
                   {"time", times(ask.time_ms)}});
  }
  for (const auto& grant : of(issue).grants) {
    out.push_back({{"task", grant.task},
                   {"granted", grant.until_ms != 0},
                   {"n", grant.n},
                   {"until", times(grant.until_ms)},
                   {"why", grant.why},
                   {"time", times(grant.time_ms)}});
  }
  return out;
}

Json latest_json(const deliberation::Latest& one, const World& world) {
  if (one.count == 0) return {};
  Json out{{"count", one.count},
           {"unit", unit_json(world.directory(), one.unit)},
           {"text", one.text},
           {"time", times(one.time_ms)}};
  if (one.task != 0) out["task"] = one.task;
  return out;
}

std::string_view step_name(deliberation::SupervisionStep::What what) {
  using What = deliberation::SupervisionStep::What;
  switch (what) {
    case What::kVisit:
      return "visit";
    case What::kReply:
      return "reply";
    case What::kRectified:
      return "rectified";
    case What::kPassed:
      return "passed";
    case What::kSentBack:
      break;
  }
  return "sent_back";
}

Json supervisions_json(const Issue& issue, const Policy& policy, const World& world) {
  Json out = Json::array();
  for (const auto& one : of(issue).supervisions) {
    const auto stage = stage_of(one, of(issue).supervisions);
    const auto words = stage_words(stage);
    Json steps = Json::array();
    for (const auto& step : one.steps) {
      Json methods = Json::array();
      for (const auto& id : step.methods) methods.push_back(named(policy.follow.methods, id));
      steps.push_back({{"what", step_name(step.what)},
                       {"unit", unit_json(world.directory(), step.unit)},
                       {"by", step.by},
                       {"methods", std::move(methods)},
                       {"visited", times(step.when_ms)},
                       {"time", times(step.time_ms)},
                       {"digest", to_hex(step.digest.view())}});
    }
    out.push_back({{"ref", to_hex(one.digest.view())},
                   {"follows", one.ref.is_zero() ? Json() : Json(to_hex(one.ref.view()))},
                   {"kind", named(policy.follow.supervision, one.kind)},
                   {"unit", unit_json(world.directory(), one.unit)},
                   {"to", unit_json(world.directory(), one.to)},
                   {"by", one.by},
                   {"text", one.text},
                   {"due", times(one.due_ms)},
                   {"time", times(one.time_ms)},
                   {"stage", {{"id", stage_name(stage)}, {"zh", words.zh}, {"en", words.en}}},
                   {"steps", std::move(steps)}});
  }
  return out;
}

Json scores_json(const Issue& issue, const Policy& policy) {
  Json out = Json::array();
  for (const auto& [party, score] : of(issue).scores) {
    out.push_back(
        {{"party", named(policy.parties, party)}, {"count", score.count}, {"sum", score.sum}});
  }
  return out;
}

Json revisits_json(const Issue& issue, const Policy& policy) {
  Json out = Json::array();
  for (const auto& one : of(issue).revisits) {
    out.push_back({{"n", one.n},
                   {"result", named(policy.follow.revisits, one.result)},
                   {"text", one.text},
                   {"time", times(one.time_ms)}});
  }
  return out;
}

Json guides_json(const Issue& issue, const World& world) {
  Json out = Json::array();
  for (const auto& one : of(issue).guides) {
    out.push_back({{"n", one.n},
                   {"level", one.level},
                   {"to", unit_json(world.directory(), one.inside)},
                   {"due", times(one.due_ms)}});
  }
  return out;
}

Json deadlines_json(const Issue& issue, const World& world) {
  Json out = Json::array();
  for (const auto& one : open_deadlines(issue)) {
    Json row{{"about", deadline_json(one.about)},
             {"unit", unit_json(world.directory(), one.unit)},
             {"due", times(one.due_ms)}};
    if (one.task != 0) row["task"] = one.task;
    if (!one.ref.empty()) row["ref"] = one.ref;
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Json deadline_json(std::string_view about) {
  struct Row {
    std::string_view id, zh, en;
  };
  static constexpr std::array<Row, 5> kRows{{{"accept", "签收期限", "to accept"},
                                             {"task", "交办期限", "to do assigned work"},
                                             {"opinion", "答复意见期限", "to give an opinion"},
                                             {"order", "督办期限", "to answer an order"},
                                             {"revisit", "回头看期限", "to look back"}}};
  for (const Row& row : kRows) {
    if (row.id == about) return {{"id", row.id}, {"zh", row.zh}, {"en", row.en}};
  }
  return {{"id", about}, {"zh", about}, {"en", about}};
}

// Deadlines that have passed, and who told of it.
Json alerts_json(const Issue& issue, const World& world) {
  Json out = Json::array();
  for (const auto& key : issue.follow.alerts) {
    const auto told = deliberation::read_alert(key);
    out.push_back({{"told_by", unit_json(world.directory(), told.teller)},
                   {"about", told.about},
                   {"of", told.of},
                   {"due", times(told.due_ms)}});
  }
  return out;
}

void put_followed_up(Json& out, const Issue& issue, const World& world) {
  static const Policy kNone;
  const auto known = world.policy_at(issue.policy_version);
  const Policy& policy = known ? *known : kNone;
  const FollowedUp& done = issue.follow;
  out["published"] = publications_json(issue, policy);
  out["extensions"] = extensions_json(issue, world);
  out["urged"] = latest_json(done.urged, world);
  out["accounted"] = latest_json(done.accounted, world);
  out["lead"] = unit_json(world.directory(), done.lead);
  out["scores"] = scores_json(issue, policy);
  out["satisfaction"] =
      done.surveys == 0
          ? Json()
          : Json{{"surveys", done.surveys}, {"asked", done.asked}, {"satisfied", done.satisfied}};
  out["supervisions"] = supervisions_json(issue, policy, world);
  out["alerts"] = alerts_json(issue, world);
  out["revisit_due"] = times(done.revisit_due_ms);
  out["revisits"] = revisits_json(issue, policy);
  out["guides"] = guides_json(issue, world);
  out["round"] = done.round;
  out["round_of"] = done.round_of.empty() ? Json() : Json(done.round_of);
  out["answers"] = done.answers.empty() ? Json() : Json(done.answers);
  out["deadlines"] = deadlines_json(issue, world);
}

void put_follow_up(Json& out, const deliberation::ActBody& body, const Policy* policy,
                   const World& world) {
  const auto& said = body.follow;
  static const Policy kNone;
  const Policy& known = policy == nullptr ? kNone : *policy;
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  if (!said.about.empty()) {
    Json label =
        body.automatic ? deadline_json(said.about) : named(known.follow.publications, said.about);
    const Label* found = find_label(known.follow.revisits, said.about);
    if (!body.automatic && found != nullptr) label = label_json(said.about, found);
    out["about"] = std::move(label);
  }
  if (!said.kind.empty()) out["supervision"] = named(known.follow.supervision, said.kind);
  for (const auto& id : said.methods) out["methods"].push_back(named(known.follow.methods, id));
  text("ref", said.ref);
  if (said.asked != 0) {
    out["asked"] = said.asked;
    out["satisfied"] = said.satisfied;
  }
  if (!said.units.empty()) out["units"] = units_json(world.directory(), said.units);
  text("level", said.level);
  text("round_of", said.round_of);
  if (said.round != 0) out["round"] = said.round;
  text("answers", said.answers);
}

deliberation::FollowUp read_follow_up(Form& form) {
  constexpr std::size_t kShort = deliberation::kMaxShortBytes;
  deliberation::FollowUp said;
  said.about = form.text("about", kShort);
  said.kind = form.text("kind", kShort);
  said.methods = form.texts("methods", deliberation::kMaxMethods, kShort);
  said.ref = form.text("ref", kShort);
  said.asked = form.number("asked").value_or(0);
  said.satisfied = form.number("satisfied").value_or(0);
  said.units = form.codes("units", deliberation::kMaxJointUnits);
  said.level = form.text("level", kShort);
  said.round_of = form.text("round", kShort);
  said.answers = form.text("answers", kShort);
  return said;
}

}  // namespace yishi::http
