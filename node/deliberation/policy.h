// A policy: a place's rules, read from a TOML document that is signed into the
// topology log. The engine knows stages' acts, guards and routes by name; a policy
// composes them. No place is named in C++. The format stands in the README of the
// folder; policies/huaian.toml is the first.
//
// Immutable once parsed; shared between threads freely.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "node/deliberation/act.h"
#include "node/deliberation/label.h"
#include "node/deliberation/policy_registers.h"

namespace yishi::deliberation {

struct Stage {
  Label label;
  bool end = false;      // nothing is expected any more
  bool waiting = false;  // waits for the holder to accept it (escalated)
};

// In which circumstances a guard looks at an act; an empty list asks nothing.
struct GuardWhen {
  std::vector<std::string> levels;                      // of the holder
  std::vector<std::string> forms, types;                // of the session
  std::vector<std::string> categories, sources, flags;  // of the issue; any of the flags
};

struct Guard {
  std::string name;   // known to the engine: "research_done", "mass_share" …
  bool soft = false;  // may be passed with a reason
  std::uint64_t numerator = 0, denominator = 1;  // for shares
  // "need": ids of the kind the guard speaks of, each perhaps several that will do ("a|b").
  std::vector<std::string> needed;
  std::vector<std::string> without;  // parties left out of the whole that a share is of
  std::uint64_t count = 1;           // at least so many
  std::uint64_t days = 0;            // before the session
  std::string of;                    // whole of a majority: "cast", "present", "entitled"
  bool at_least = false;             // a majority: the share itself is enough
  GuardWhen when;
  std::string words_zh, words_en;  // the requirement's words, for refusals
};

struct ActRule {
  std::vector<std::string> from;  // stage ids; for log: empty
  std::string to;                 // stage id; empty: stays
  std::vector<Guard> guards;
};

struct Authority {                             // what a level may decide by itself
  std::optional<std::int64_t> budget_max_fen;  // nullopt: no limit
  bool every_category = true;
  std::vector<std::string> categories;  // allowed when !every_category
  std::vector<std::string> excluded;    // never at this level
};

struct CheckItem {     // of the checklist
  bool yes = false;    // must be answered with yes
  bool words = false;  // must be answered in words
};

struct FormWords {
  std::string zh, en;
};
struct FormProfile {    // what a form of deliberation is for
  bool remote = false;  // people need not come
  FormWords conditions, scope, rights;
};

struct UpperApproval {  // when a topic of `level` needs the approval of `by`
  std::string level, by;
  std::vector<std::string> categories;          // any of these …
  std::optional<std::int64_t> budget_over_fen;  // … or above this
  std::string words_zh, words_en;
};

struct Closing {                  // what closing with a certain result asks for
  bool reason = false;            // it must be given
  bool solved = false;            // what ends so is solved
  std::vector<std::string> from;  // stages instead of those of the act; empty: those of the act
};

struct QuotedFigure {  // a figure that the place quotes: what it counts is the policy's to say
  Label label;
  std::string unit;                 // 场, 件 …
  std::vector<std::string> counts;  // names of figures (tally.h), summed; "closing": every result
  std::string level;                // only of units of this level; empty: of all
  std::string since;                // a month, "2019-01"; empty: from the beginning
};

// What the acts after the table go by.
struct FollowRules {
  std::vector<Label> publications;            // what is published: the outcome, progress …
  std::vector<Label> supervision;             // kinds of supervision
  std::vector<Label> methods;                 // of a visit: 听, 看, 查 …
  std::vector<Label> revisits;                // what looking back finds
  std::vector<std::string> unannounced;       // of `supervision`: nothing may announce them
  std::optional<std::uint32_t> revisit_days;  // working days from closing to looking back
  // By level: flags, and circumstances, for which an issue goes up from there.
  std::map<std::string, std::vector<std::string>> up_flags, up_when;
};
// "not_accepted", "deadline", "failed_twice".
const std::vector<std::string_view>& circumstances();

struct Policy {
  Label label;
  std::vector<Label> categories, sources, forms, results, outcomes, parties;
  std::vector<Label> flags, plans, channels, checklist;           // of a topic
  std::vector<Label> roles, member_levels, types, venues, views;  // of a session, of those asked
  std::map<std::string, CheckItem> check_items;                   // by id in checklist
  std::map<std::string, FormProfile> form_profiles;               // by id in forms
  std::vector<Stage> stages;
  std::map<Act, ActRule> acts;
  std::map<std::string, Closing> closings;     // by id in results
  std::map<std::string, Authority> authority;  // by level
  std::map<std::string, Label> organs;         // by level: who approves there
  std::vector<UpperApproval> upper_approvals;
  std::map<std::string, std::string> filing;         // level of the topic -> level it is filed with
  std::map<std::string, std::uint32_t> accept_days;  // by level: working days to accept
  std::vector<QuotedFigure> figures;
  std::vector<std::string> holidays, workdays;  // "2026-10-01"; workdays are 调休
  FollowRules follow;
  std::vector<Register> registers;
  std::vector<Measure> measures;
  std::vector<Rate> rates;
  std::vector<Gap> gaps;
  std::vector<Minimum> minimums;
  Stars stars;

  const Stage* stage(std::string_view id) const;
  const Label* category(std::string_view id_or_label) const;  // by id, Chinese or English label
  const ActRule* rule(Act act) const;
  const Register* find_register(std::string_view id_or_label) const;
  const Measure* measure(std::string_view id) const;
  const Rate* rate(std::string_view id) const;
  // The stages from which an issue may be closed with this result.
  const std::vector<std::string>& closing_stages(std::string_view result) const;
};

// Every fault with its line: rule "policy.*", the message lists all of them.
Result<std::shared_ptr<const Policy>> parse_policy(std::string_view toml);
// The ids in "a|b", one of which will do.
std::vector<std::string> either(std::string_view needed);
const Label* find_label(const std::vector<Label>& labels, std::string_view id_or_label);

// `days` working days after a moment, end of that day, China Standard Time.
std::uint64_t add_working_days(const Policy& policy, std::uint64_t from_ms, std::uint32_t days);

}  // namespace yishi::deliberation
