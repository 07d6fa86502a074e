#include "node/http/table_json.h"

#include <algorithm>
#include <map>

#include "node/http/issue_json.h"

namespace yishi::http {
namespace {

using deliberation::Issue;
using deliberation::Label;
using deliberation::Person;
using deliberation::Policy;
using deliberation::SessionMark;

Json label_of(const Labels& labels, std::vector<Label> Policy::*list, std::string_view id) {
  return label_json(id, labels.policy == nullptr ? nullptr : find_label(labels.policy->*list, id));
}

template <class List, class Write>
Json array_of(const List& list, Write write) {
  Json out = Json::array();
  for (const auto& one : list) out.push_back(write(one));
  return out;
}

Json person_json(const Person& one, const Labels& labels) {
  Json out{{"name", one.name}};
  if (!one.role.empty()) out["role"] = label_of(labels, &Policy::roles, one.role);
  if (!one.party.empty()) out["party"] = label_of(labels, &Policy::parties, one.party);
  if (!one.level.empty()) out["level"] = label_of(labels, &Policy::member_levels, one.level);
  if (!one.from.empty()) out["from"] = one.from;
  return out;
}

Json people_json(const std::vector<Person>& people, const Labels& labels) {
  return array_of(people, [&](const Person& one) { return person_json(one, labels); });
}

Json votes_json(const std::vector<deliberation::Tally>& votes, const Labels& labels) {
  return array_of(votes, [&](const deliberation::Tally& one) {
    return Json{{"motion", one.motion},
                {"channel", label_of(labels, &Policy::channels, one.channel)},
                {"yes", one.yes},
                {"no", one.no},
                {"abstain", one.abstain}};
  });
}

// Paper, hands and screens together, motion by motion.
Json tally_json(const std::vector<deliberation::Tally>& votes) {
  std::map<std::string, deliberation::Tally> motions;
  for (const auto& one : votes) {
    auto& sum = motions[one.motion];
    sum.yes += one.yes;
    sum.no += one.no;
    sum.abstain += one.abstain;
  }
  Json out = Json::array();
  for (const auto& [motion, sum] : motions) {
    out.push_back({{"motion", motion}, {"yes", sum.yes}, {"no", sum.no}, {"abstain", sum.abstain}});
  }
  return out;
}

Json parties_json(const std::vector<deliberation::Party>& parties, const Labels& labels) {
  return array_of(parties, [&](const deliberation::Party& one) {
    return Json{{"category", label_of(labels, &Policy::parties, one.category)},
                {"count", one.count}};
  });
}

Json sayings_json(const std::vector<deliberation::Saying>& sayings, const Labels& labels) {
  Json out = Json::array();
  for (const auto& one : sayings) {
    out.push_back({{"number", out.size() + 1},
                   {"who", one.who},
                   {"party", label_of(labels, &Policy::parties, one.party)},
                   {"text", one.text}});
  }
  return out;
}

Json duties_json(const std::vector<deliberation::Responsibility>& duties, const Labels& labels) {
  return array_of(duties, [&](const deliberation::Responsibility& one) {
    return Json{{"text", one.text},
                {"unit", unit_json(labels.directory, one.unit)},
                {"who", one.who},
                {"due", times(one.due_ms)}};
  });
}

Json problems_json(const std::vector<deliberation::Problem>& problems, const Labels& labels) {
  return array_of(problems, [&](const deliberation::Problem& one) {
    return Json{{"text", one.text}, {"result", label_of(labels, &Policy::results, one.result)}};
  });
}

// Only what is said, so that a correction replaces just that.
Json session_json(const deliberation::SessionRecord& session, const Labels& labels) {
  Json out = Json::object();
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  const auto put = [&](const char* key, bool there, auto write) {
    if (there) out[key] = write();
  };
  if (session.until_ms != 0) out["until"] = times(session.until_ms);
  put("type", !session.type.empty(),
      [&] { return label_of(labels, &Policy::types, session.type); });
  put("venue", !session.venue.empty(),
      [&] { return label_of(labels, &Policy::venues, session.venue); });
  text("link", session.link);
  text("subject", session.subject);
  text("measures", session.measures);
  text("minutes", session.minutes);
  put("conveners", !session.conveners.empty(),
      [&] { return people_json(session.conveners, labels); });
  put("host", session.host != Person(), [&] { return person_json(session.host, labels); });
  put("delegated_by", session.delegated_by != Person(),
      [&] { return person_json(session.delegated_by, labels); });
  put("staff", !session.staff.empty(), [&] { return people_json(session.staff, labels); });
  put("signed_in", !session.attendance.empty(),
      [&] { return people_json(session.attendance, labels); });
  if (session.entitled != 0) out["entitled"] = session.entitled;
  put("votes", !session.votes.empty(), [&] { return votes_json(session.votes, labels); });
  put("opinions", !session.opinions.empty(),
      [&] { return sayings_json(session.opinions, labels); });
  put("dissents", !session.dissents.empty(),
      [&] { return sayings_json(session.dissents, labels); });
  if (!session.suggestions.empty()) out["suggestions"] = session.suggestions;
  put("responsibilities", !session.responsibilities.empty(),
      [&] { return duties_json(session.responsibilities, labels); });
  if (!session.feedback.empty()) out["feedback"] = session.feedback;
  put("problems", !session.problems.empty(),
      [&] { return problems_json(session.problems, labels); });
  put("materials", !session.materials.empty(), [&] {
    return array_of(session.materials, [](const deliberation::Material& one) {
      return Json{{"name", one.name}, {"digest", one.digest}};
    });
  });
  return out;
}

Json reply_json(const deliberation::Reply& reply, const Labels& labels) {
  if (reply.time_ms == 0) return {};
  return {{"unit", unit_json(labels.directory, reply.unit)},
          {"by", reply.by},
          {"text", reply.text},
          {"view", label_of(labels, &Policy::views, reply.view)},
          {"time", times(reply.time_ms)}};
}

Json flags_json(const std::vector<std::string>& flags, const Labels& labels) {
  return array_of(flags,
                  [&](const std::string& id) { return label_of(labels, &Policy::flags, id); });
}

Json plans_json(const std::vector<deliberation::PlanLink>& plans, const Labels& labels) {
  return array_of(plans, [&](const deliberation::PlanLink& one) {
    return Json{{"plan", label_of(labels, &Policy::plans, one.plan)}, {"ref", one.ref}};
  });
}

Json checks_json(const std::vector<deliberation::CheckAnswer>& answers, const Labels& labels) {
  return array_of(answers, [&](const deliberation::CheckAnswer& one) {
    return Json{{"item", label_of(labels, &Policy::checklist, one.item)},
                {"yes", one.yes},
                {"text", one.text}};
  });
}

Json profile_json(const Labels& labels, const std::string& form) {
  if (labels.policy == nullptr) return {};
  const auto found = labels.policy->form_profiles.find(form);
  if (found == labels.policy->form_profiles.end()) return {};
  const auto& profile = found->second;
  const auto words = [](const deliberation::FormWords& one) {
    return one.zh.empty() ? Json() : Json{{"zh", one.zh}, {"en", one.en}};
  };
  return {{"remote", profile.remote},
          {"conditions", words(profile.conditions)},
          {"scope", words(profile.scope)},
          {"rights", words(profile.rights)}};
}

// The shares the policy asks for, with the whole they were taken of.
Json shares_json(const SessionMark& mark, const Labels& labels) {
  Json out = Json::array();
  const auto* rule =
      labels.policy == nullptr ? nullptr : labels.policy->rule(deliberation::Act::kHoldSession);
  if (rule == nullptr) return out;
  for (const auto& guard : rule->guards) {
    if (guard.name != "mass_share") continue;
    const auto of = guard.needed.empty() ? std::vector<std::string>{"mass"} : guard.needed;
    std::uint64_t have = 0;
    std::uint64_t whole = 0;
    for (const auto& party : mark.parties) {
      const auto among = [&](const std::vector<std::string>& ids) {
        return std::find(ids.begin(), ids.end(), party.category) != ids.end();
      };
      if (among(of)) have += party.count;
      if (!among(guard.without)) whole += party.count;
    }
    const auto names = [&](const std::vector<std::string>& ids) {
      return array_of(
          ids, [&](const std::string& id) { return label_of(labels, &Policy::parties, id); });
    };
    out.push_back(
        {{"parties", names(of)},
         {"have", have},
         {"whole", whole},
         {"without", names(guard.without)},
         {"share", std::to_string(guard.numerator) + "/" + std::to_string(guard.denominator)},
         {"met", whole > 0 && have * guard.denominator >= whole * guard.numerator}});
  }
  return out;
}

std::uint64_t solved(const SessionMark& mark, const Labels& labels) {
  return static_cast<std::uint64_t>(
      std::count_if(mark.results.begin(), mark.results.end(), [&](const std::string& result) {
        if (labels.policy == nullptr) return false;
        const auto closing = labels.policy->closings.find(result);
        return closing != labels.policy->closings.end() && closing->second.solved;
      }));
}

Json mark_json(const SessionMark& mark, std::uint64_t number, const Labels& labels) {
  Json explained = Json::array();
  for (const auto& [item, reply] : mark.explained) {
    Json one = reply_json(reply, labels);
    one["dissent"] = item;
    explained.push_back(std::move(one));
  }
  return {{"number", number},
          {"n", mark.n},
          {"corrections", mark.corrections},
          {"held", times(mark.held_ms)},
          {"form", label_of(labels, &Policy::forms, mark.form)},
          {"profile", profile_json(labels, mark.form)},
          {"type", label_of(labels, &Policy::types, mark.type)},
          {"venue", label_of(labels, &Policy::venues, mark.venue)},
          {"remote", mark.remote},
          {"parties", parties_json(mark.parties, labels)},
          {"entitled", mark.entitled},
          {"shares", shares_json(mark, labels)},
          {"votes", votes_json(mark.votes, labels)},
          {"tally", tally_json(mark.votes)},
          {"problems", mark.results.size()},
          {"solved", solved(mark, labels)},
          {"dissents", mark.dissents},
          {"explained", std::move(explained)}};
}

Json consultations_json(const Issue& issue, const Labels& labels) {
  return array_of(issue.table.consultations, [&](const deliberation::Consultation& one) {
    return Json{{"number", one.number},
                {"unit", unit_json(labels.directory, one.unit)},
                {"organ", one.organ},
                {"text", one.text},
                {"asked", times(one.asked_ms)},
                {"due", times(one.due_ms)},
                {"opinion", reply_json(one.reply, labels)}};
  });
}

Json submissions_json(const Issue& issue, const Labels& labels) {
  return array_of(issue.table.submissions, [&](const deliberation::Submission& one) {
    return Json{{"number", one.number},
                {"unit", unit_json(labels.directory, one.unit)},
                {"organ", one.organ},
                {"time", times(one.time_ms)},
                {"receipt", reply_json(one.receipt, labels)}};
  });
}

Json overrides_json(const Issue& issue, const Labels& labels) {
  return array_of(issue.table.passed, [&](const deliberation::Passed& one) {
    return Json{{"n", one.n},
                {"unit", unit_json(labels.directory, one.unit)},
                {"by", one.by},
                {"why", one.why},
                {"guards", one.guards}};
  });
}

// Of one record, what stands on the sheet: its own fields and those of the session.
Json sheet_part(const deliberation::ActBody& body, const Labels& labels) {
  Json out = session_json(body.session, labels);
  if (body.held_ms != 0) out["held"] = times(body.held_ms);
  if (!body.place.empty()) out["place"] = body.place;
  if (!body.form.empty()) out["form"] = label_of(labels, &Policy::forms, body.form);
  if (!body.parties.empty()) out["parties"] = parties_json(body.parties, labels);
  if (!body.text.empty()) out["text"] = body.text;
  return out;
}

const deliberation::Fact* fact_of(const std::vector<store::StoredFact>& facts, std::uint64_t n) {
  for (const auto& stored : facts) {
    if (stored.fact.body.n == n && stored.effect == deliberation::Effect::kApplied) {
      return &stored.fact;
    }
  }
  return nullptr;
}

// Time, place, subject, measures, effect; the effect is known when the matter is closed.
Json haves_json(const Json& record, const Issue& issue) {
  const auto has = [&](const char* key) { return record.contains(key); };
  return {{"time", has("held")},
          {"place", has("place")},
          {"subject", has("subject") || has("text")},
          {"measures", has("measures")},
          {"effect", !issue.result.empty()}};
}

}  // namespace

void put_table(Json& out, const Issue& issue, const Labels& labels) {
  const auto& table = issue.table;
  out["flags"] = flags_json(table.topic.flags, labels);
  out["plans"] = plans_json(table.topic.plans, labels);
  out["via"] = label_of(labels, &Policy::channels, table.topic.via);
  out["checks"] = checks_json(table.topic.answers, labels);
  out["screened"] = table.screened;
  out["proposer_heard"] = table.proposer_heard;
  out["researches"] = table.researches;
  out["convened"] = table.convened.n == 0 ? Json()
                                          : Json{{"n", table.convened.n},
                                                 {"held", times(table.convened.held_ms)},
                                                 {"sent", times(table.convened.sent_ms)},
                                                 {"materials", table.convened.materials}};
  out["sessions"] = Json::array();
  for (const auto& mark : table.sessions) {
    out["sessions"].push_back(mark_json(mark, out["sessions"].size() + 1, labels));
  }
  out["consultations"] = consultations_json(issue, labels);
  out["submissions"] = submissions_json(issue, labels);
  out["overrides"] = overrides_json(issue, labels);
  out["sign_offs"] = array_of(table.sign_offs, [](const deliberation::SignOff& one) {
    return Json{{"n", one.n}, {"organ", one.organ}};
  });
}

void put_table(Json& out, const deliberation::ActBody& body, const Labels& labels) {
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  if (!body.topic.flags.empty()) out["flags"] = flags_json(body.topic.flags, labels);
  if (!body.topic.plans.empty()) out["plans"] = plans_json(body.topic.plans, labels);
  if (!body.topic.via.empty()) out["via"] = label_of(labels, &Policy::channels, body.topic.via);
  if (!body.topic.answers.empty()) out["checks"] = checks_json(body.topic.answers, labels);
  if (!body.group.empty()) out["group"] = people_json(body.group, labels);
  text("heard", body.heard);
  text("signed", body.signed_by);
  if (!body.organs.empty()) out["organs"] = body.organs;
  if (!body.view.empty()) out["view"] = label_of(labels, &Policy::views, body.view);
  if (body.number != 0) out["number"] = body.number;
  if (body.item != 0) out["item"] = body.item;
  if (!body.passed.empty()) out["passed"] = body.passed;
  Json session = session_json(body.session, labels);
  if (!session.empty()) out["session"] = std::move(session);
}

void put_records(Json& out, const Issue& issue, const std::vector<store::StoredFact>& facts,
                 const Labels& labels) {
  std::size_t index = 0;
  for (const auto& mark : issue.table.sessions) {
    Json& session = out["sessions"][index++];
    const auto* first = fact_of(facts, mark.n);
    if (first == nullptr) continue;
    Json record = sheet_part(first->body, labels);
    record["by"] = first->body.by;
    for (const auto n : mark.corrections) {
      const auto* correction = fact_of(facts, n);
      if (correction != nullptr) record.update(sheet_part(correction->body, labels));
    }
    session["five_haves"] = haves_json(record, issue);
    session["record"] = std::move(record);
  }
  out["research"] = Json::array();
  for (const auto& stored : facts) {
    if (stored.fact.kind != deliberation::info(deliberation::Act::kResearch).kind ||
        stored.effect != deliberation::Effect::kApplied) {
      continue;
    }
    out["research"].push_back({{"n", stored.fact.body.n},
                               {"time", times(stored.fact.time_ms)},
                               {"findings", stored.fact.body.text},
                               {"group", people_json(stored.fact.body.group, labels)}});
  }
}

}  // namespace yishi::http
