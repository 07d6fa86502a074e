// react: what a node writes by itself after the state of an issue has changed, and
// make_act: whether a person may do what was asked. Both pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/deliberation/fold.h"

namespace yishi::deliberation {

struct Draft {  // a record to be written; salt and signature come later
  std::string kind;
  std::string issue;
  ActBody body;
};

// Why `issue` is beyond the authority of its holder: codes and sentences. Reasons that
// were sent back to this holder (Issue::granted) are left out. Empty: within authority.
struct Beyond {
  std::string code;  // "budget", "category", "reach", "flag.…", "failed_twice", "not_accepted" …
  std::string zh, en;
};
std::vector<Beyond> beyond_authority(const Issue& issue, const World& world);

// What the node of unit `here` owes this issue now; empty when nothing. Each draft is for
// the state as it is: write the first, fold it, ask again (at most kMaxReactions times).
// Alerts for deadlines that have passed by `now_ms` (0: no clock, no alerts); escalations with
// their reasons; receipts for filing. Never for a node that does not keep the unit in question.
// When to ask again without a change: next_due_ms (deadlines.h).
inline constexpr std::size_t kMaxReactions = 16;
std::optional<Draft> react(const Issue& issue, const World& world, const topology::Code& here,
                           std::uint64_t now_ms = 0);

// In whose name an act is done when the person does not say: the holder's for what moves the issue,
// that of the unit whose work or order it is about, else the node's own.
topology::Code acting_unit(Act act, const Issue& issue, const ActBody& body,
                           const topology::Code& here);
// The round that follows `parent`: what its logging says of it. Refused while the parent goes on,
// and when it was solved: rules "act.round.*".
Status follow_round(const Issue& parent, const World& world, ActBody& body);

// A person's act: body.unit, by and the act's fields are filled in by the caller; n, prev,
// to (where the policy decides it), due dates and defaults are filled in here.
// Refuses with the field or guard named, in the requirement's words.
Result<Draft> make_act(Act act, const Issue& issue, ActBody body, const World& world,
                       const topology::Code& here, std::uint64_t now_ms);
// What the policy asks of an act as it stands, also what is met: to be explained before it is
// done. The body as for make_act; make_act alone decides.
struct Demand {
  std::string guard;
  bool soft = false, met = false;
  std::string words_zh, words_en;  // the requirement's words; may be empty
  std::string field, zh, en;       // what is wanting, when it is not met
};
std::vector<Demand> demands(Act act, const Issue& issue, ActBody body, const World& world,
                            const topology::Code& here);
// Logging: the issue does not exist yet.
Result<Draft> make_log(const std::string& id, ActBody body, const World& world,
                       const topology::Code& here, std::uint64_t now_ms);
// The acts open to the node of `here` at this moment, by stage and holder (guards aside).
std::vector<Act> open_acts(const Issue& issue, const World& world, const topology::Code& here);

}  // namespace yishi::deliberation
