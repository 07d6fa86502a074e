// The state of one issue: a fold over its records, the same on every node.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/deliberation/act.h"
#include "node/deliberation/followed_up.h"
#include "node/deliberation/proceedings.h"

namespace yishi::deliberation {

struct Assignment {
  std::uint64_t number = 0;
  topology::Code unit;
  std::string text;
  std::uint64_t due_ms = 0;  // as last extended
  std::uint64_t given_ms = 0;
  std::uint64_t percent = 0;
  bool done = false;
  std::string last_text;
  std::uint64_t progress_ms = 0;  // of the progress that counts: latest (time, digest)
  crypto::Digest progress_digest;
  bool joint = false;    // its unit handles the issue together with the holder
  bool climbed = false;  // the issue went up because this one was not done in time
  bool operator==(const Assignment&) const = default;
};

struct Issue {
  std::string id;
  std::uint64_t n = 0;               // transitions so far; 0: not logged yet
  crypto::Digest last;               // digest of transition n
  std::uint64_t policy_version = 0;  // topology version under which it was logged
  topology::Code home, holder;
  std::string stage, title, text, category, source;
  std::int64_t budget_fen = 0;
  std::vector<topology::Code> reach;
  std::uint64_t logged_ms = 0, changed_ms = 0, accept_by_ms = 0, closed_ms = 0;
  std::vector<topology::Code> custody;  // the units that handed it over, oldest first
  // Beside custody: the reason codes it climbed for; empty when it was handed over for approval.
  std::vector<std::vector<std::string>> custody_reasons;
  topology::Code proposer;               // who proposed; approval goes back to it
  std::set<topology::Code> concerned;    // every unit that was ever home, holder, reach or assignee
  std::set<std::string> granted;         // "unit:reason" sent back: does not climb for it again
  std::vector<std::string> escalations;  // reason codes, in order, each as often as it climbed
  std::vector<Assignment> assignments;
  std::map<topology::Code, std::uint64_t> filed;  // filing unit -> time of its receipt
  std::uint64_t approved_n = 0;                   // number of the approving transition, 0: none
  topology::Code approved_by;
  topology::Code approved_for;  // whose topic it was: with whom it is filed follows from it
  bool researched = false, session_held = false;
  std::string decision, outcome, became, result, return_reason;
  std::vector<Figure> figures;
  Proceedings table;  // up to the table and at it
  std::uint64_t comments = 0, evaluations = 0, score_sum = 0;
  std::string import_key;                      // of the file's line it came from
  std::uint64_t approved_ms = 0, returns = 0;  // of the last approval; how often it was sent back
  FollowedUp follow;                           // after the table
  bool operator==(const Issue&) const = default;
};

Bytes encode_issue(const Issue& issue);  // for the store; version byte first
Result<Issue> decode_issue(View bytes);

// Names the state: two states have the same only when they are equal. 16 hex digits.
std::string revision_of(const Issue& issue);

// Issue ids: <unit code>-<year>-<number>, the number at least four digits. A unit's
// k-th node (k from 0) numbers from k·100,000 + 1, so that none is used twice.
inline constexpr std::uint64_t kNumbersPerIncarnation = 100'000;
std::string make_issue_id(const topology::Code& unit, int year, std::uint64_t number);
struct IssueId {
  topology::Code unit;
  int year = 0;
  std::uint64_t number = 0;
};
Result<IssueId> parse_issue_id(std::string_view text);
int china_year(std::uint64_t time_ms);           // year in China Standard Time
std::string china_month(std::uint64_t time_ms);  // "2026-11"

}  // namespace yishi::deliberation
