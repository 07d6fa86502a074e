// What an issue counts for in the figures that leaders see. Pure: the store keeps the sums by
// the difference of two tallies, opens a number by asking which issues tally to it, and a
// recount is the sum of all tallies.
//
// Some figures stand under the month in which the issue was logged (how many of the issues of
// that month …), the others under the month in which something happened. The two are never one
// figure: a rate is only taken of a figure and another that it is a part of.
//
// Sessions are not here: one may settle several issues, so no issue can count it alone. The
// store counts the different sittings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/deliberation/issue.h"

namespace yishi::deliberation {

enum class Counted : std::uint8_t {
  // By month of logging.
  kIssue,        // "issue:CATEGORY:STAGE"; the three that follow are its sums
  kIssues,       // "issues"
  kCategory,     // "category:ID"
  kStage,        // "stage:ID"
  kSource,       // "source:ID"; an empty ID: none was given
  kBudget,       // "budget_fen"
  kApproved,     // "approved": its topic was approved
  kDeliberated,  // "deliberated": it was in at least one session
  kResult,       // "result:ID": closed so now
  kBecame,       // "became:ID": what its outcome became
  kClimbed,      // "climbed": at least one level
  kClimb,        // "climb:REASON", each as often as it climbed for it
  kReturned,     // "returned", as often as it was sent back
  kOverride,     // "override:GUARD", as often as the soft guard was passed with a reason
  kEvaluated,    // "evaluated": evaluations; "score": the sum of their scores
  kScore,
  kAsked,  // "asked": people asked whether they are satisfied; "satisfied": those who are
  kSatisfied,
  // By the month in which it happened.
  kApproval,  // "approval": of the last approval
  kClosing,   // "closing:RESULT": of those closed now
  kInTime,    // "in_time", "late", "unlimited": work that was assigned and is done
  kLate,
  kUnlimited,
  kProblem,  // "problem:RESULT": of those a session dealt with; an empty RESULT: open
  // Sessions and those present, by month of the session; counted by the store.
  kSessions,  // "session:FORM"
  kPeople,    // "people"
};

struct Count {
  Counted what = Counted::kIssues;
  std::int32_t month = 0;  // months since year 0: year * 12 + month - 1
  std::string_view a, b;   // what stands after the colons; live as long as the issue
  std::int64_t amount = 1;
  bool operator==(const Count&) const = default;
};

// In an order that depends on nothing but the issue. One that is not logged: nothing.
std::vector<Count> tally(const Issue& issue);

// A session as one issue's record tells of it. One session may settle several issues: records
// with the same unit, time, place and form speak of the same one. Without a stated time nothing
// says so, and it is a session of its own.
struct HeldSession {
  topology::Code unit;        // that held it
  std::uint64_t held_ms = 0;  // as stated, else when it was recorded
  bool stated = true;
  std::string place, form;
  std::uint64_t people = 0;  // of all categories
  bool operator==(const HeldSession&) const = default;
};
HeldSession held_session(const SessionMark& session);

std::string figure_name(const Count& count);  // "closing:solved"
std::string_view figure_word(Counted what);   // "closing"
// Whether there can be figures of this name, or, without a colon, of names that begin so.
bool is_figure(std::string_view name);
bool by_logging(Counted what);  // which month it stands under

std::int32_t month_number(std::uint64_t time_ms);  // in China Standard Time
std::string month_text(std::int32_t month);        // "2026-11"; 0: empty
std::optional<std::int32_t> parse_month(std::string_view text);

}  // namespace yishi::deliberation
