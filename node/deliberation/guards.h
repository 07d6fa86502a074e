// Guards: conditions on an act that a policy asks for by name. Judged when a person acts,
// never when a record is folded. Inside this folder only.
//
// Each theme has a file of its own (guards_topic, guards_people, guards_votes, guards_record,
// guards_work, guards_follow) that hands its guards to the register in guards.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/deliberation/authority.h"

namespace yishi::deliberation {

struct Missing {  // what a guard found wanting
  std::string field, zh, en;
};
using Shortfall = std::optional<Missing>;

struct Scene {  // an act that is about to be done, and the guard that looks at it
  const Guard& guard;
  Act act;
  const Issue& issue;  // as it is before the act
  const ActBody& body;
  const Law& law;
};

struct KnownGuard {
  std::string_view name;
  Shortfall (*judge)(const Scene&);
  // What the ids in its `need` are: "parties", "fields" …; empty: it takes none.
  std::string_view needs;
};

std::vector<KnownGuard> topic_guards();
std::vector<KnownGuard> people_guards();
std::vector<KnownGuard> vote_guards();
std::vector<KnownGuard> record_guards();
std::vector<KnownGuard> work_guards();
std::vector<KnownGuard> follow_guards();

Shortfall need(bool there, std::string field, std::string zh, std::string en);

// The session a guard looks at: the one being recorded or, at any other act, the last one; when a
// session is corrected, as it will be then.
struct Sitting {
  bool there = false;  // one has been held, or is being recorded
  std::string form, type;
  std::vector<Party> parties;
  std::vector<Tally> votes;
  std::uint64_t entitled = 0;
};
Sitting sitting(Act act, const Issue& issue, const ActBody& body);

// The labels of ids in a list of the policy, "甲、乙".
struct Words {
  std::string zh, en;
};
Words names_of(const std::vector<Label>& labels, const std::vector<std::string>& ids);
Words join(const std::vector<Words>& all);

// Those recorded at a session; category empty: all of them.
std::uint64_t people(const std::vector<Party>& parties, std::string_view category = {});

// Every guard that looks at the act in these circumstances, and what it found wanting.
struct JudgedGuard {
  const Guard* guard = nullptr;
  Shortfall missing;
};
std::vector<JudgedGuard> judge_guards(const ActRule& rule, Act act, const Issue& issue,
                                      const ActBody& body, const Law& law);

// The first guard that is not met: rule "guard.<name>". Otherwise the names of the soft guards
// that were not met and are passed by the reason in body.overrides.
Result<std::vector<std::string>> check_guards(const ActRule& rule, Act act, const Issue& issue,
                                              const ActBody& body, const Law& law);

}  // namespace yishi::deliberation
