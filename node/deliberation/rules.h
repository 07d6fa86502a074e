// The rules of each act: what makes it void, and what it changes. Inside this folder only.
//
// A transition is judged by the chain of transitions before it and by nothing else: not by
// remarks, which may not have arrived yet. A remark changes nothing that a transition reads
// or writes. That is why order does not matter; keep it so.
#pragma once

#include "node/deliberation/authority.h"
#include "node/deliberation/fold.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxConcerned = 1000;  // units an issue may ever touch

struct Speech {  // who said something, in whose name, and where in his log
  const crypto::Digest& author;
  std::uint64_t sequence = 0;
  topology::Version topology = 0;
  const topology::Code& unit;
};
// Whether the author's key may speak for the unit. Rules "act.keeper", "act.suspended",
// "act.ended".
Status judge_speaker(const Speech& speech, const topology::Directory& directory);

struct Deed {  // an act in its circumstances
  Act act;
  const ActBody& body;
  std::uint64_t time_ms = 0;
  Law law;
};

// Whether the act may be done to the issue as it is; who signs it is judged elsewhere.
// Rules "act.*", "issue.id".
Status judge_transition(const Issue& issue, const Deed& deed);
// Only after judge_transition said yes. `digest` is that of the record.
void apply_transition(Issue& issue, const Deed& deed, const crypto::Digest& digest);

// The parts of these for the acts up to the table and at it; rules_table.cpp, apply_table.cpp.
Status judge_table_names(const ActBody& body, const Policy& policy);
Status judge_table(const Issue& issue, const Deed& deed);
void apply_table(Issue& issue, const Deed& deed);
// The parts of these for the acts after the table; rules_follow.cpp, apply_follow.cpp.
Status judge_follow(const Issue& issue, const Deed& deed);
void apply_follow(Issue& issue, const Deed& deed);
// Rule "act.name", unless the id is in the list.
Status judge_name_in(const std::vector<Label>& labels, const std::string& id, const char* key,
                     const char* zh);
// Remarks after the table; rule "act.*".
Folded apply_follow_remark(Issue& issue, const Deed& deed, const crypto::Digest& digest);

// Where the act hands the issue; the holder when it stays. Empty: there is nowhere.
topology::Code destination(const Issue& issue, const Deed& deed);
// Whether the act is open in the issue's stage. `result`: for closing; empty: with any.
bool stage_allows(const Issue& issue, const Policy& policy, Act act, std::string_view result);
// A field the act must have and does not: rule "act.field".
Status judge_fields(Act act, const ActBody& body);

inline Folded void_for(Error error) { return {Effect::kVoid, std::move(error)}; }

Error not_holder(const Issue& issue);  // rule "act.holder"
// Rule "act.name", unless the id is empty or in the list.
Status judge_name(const std::vector<Label>& labels, const std::string& id, const char* key,
                  const char* zh);
Error broken(std::string rule, std::string field, std::string zh, std::string en);

}  // namespace yishi::deliberation
