// Acts: what can be done to an issue, and the body of the record that says so.
//
// A record about an issue has the id as subject, a kind from the table and a
// body that is one msgpack map with the keys beside the fields of ActBody; absent
// fields are left out. One schema serves all kinds; which fields a kind must have
// stands in the table in act.cpp and in the folder's README.
//
// Transitions change stage or holder and are numbered: n counts from 1 (the logging)
// and prev is the digest of the record of number n - 1, so that an issue carries its
// own chain of custody. Remarks (comment, progress, evaluation, filing receipt) have
// no number and commute.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "node/deliberation/follow_up.h"
#include "node/deliberation/session.h"
#include "node/deliberation/topic.h"
#include "topology/code.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxTitleBytes = 300;
inline constexpr std::size_t kMaxTextBytes = std::size_t{48} * 1024;
inline constexpr std::size_t kMaxShortBytes = 600;  // organs, places, reasons' names …
inline constexpr std::size_t kMaxImportKeyBytes = 64;
inline constexpr std::size_t kMaxReach = 64;  // units
inline constexpr std::size_t kMaxFigures = 32;
inline constexpr std::size_t kMaxParties = 32;
inline constexpr std::uint64_t kMaxPeople = 1'000'000;            // of one category at a session
inline constexpr std::uint64_t kMaxTransitions = 1000;            // of one issue
inline constexpr std::uint64_t kMaxAssignments = 64;              // of one issue
inline constexpr std::uint64_t kMaxTimeMs = 253'402'300'799'999;  // end of the year 9999, UTC
inline constexpr std::size_t kMaxOrgans = 8;                      // of one act
inline constexpr std::size_t kMaxPassed = 32;                     // guards of one act
inline constexpr std::size_t kMaxActBytes = std::size_t{384} * 1024;  // of a whole body
inline constexpr std::int64_t kFenPerYuan = 100;
inline constexpr std::int64_t kMaxBudgetFen = 100'000'000'000'00;  // 100 billion yuan

// The private record about a reporter: it is about an issue and no act.
inline constexpr std::string_view kReporterKind = "issue.reporter";

enum class Act {
  kLog,
  kAmend,
  kPropose,
  kApprove,
  kReturn,
  kResearch,
  kHoldSession,
  kOutcome,  // transitions
  kEscalate,
  kAccept,
  kDecide,
  kAssign,
  kFeedBack,
  kClose,
  kReopen,
  kScreen,
  kConsult,
  kConvene,
  kCorrect,
  kSubmit,
  kPublish,
  kGrant,
  kRevisit,
  kRefer,
  kJoin,
  kGuide,
  kComment,
  kProgress,
  kEvaluate,
  kFile,
  kOpine,
  kReceive,
  kExplain,
  kExtend,
  kUrge,
  kRate,
  kSupervise,
  kVisit,
  kRectify,
  kAppraise,
  kAccount,
  kAlert,  // remarks
};

struct ActInfo {
  Act act;
  std::string_view name;  // on the command line and in policies: "propose"
  std::string_view kind;  // of its record: "topic.proposed"
  bool transition;
  std::string_view zh;  // "提出议题"
  std::string_view en;
  std::string_view required;  // keys its body must have besides n and prev, with spaces between
};
const std::vector<ActInfo>& acts();
const ActInfo& info(Act act);
const ActInfo* find_act(std::string_view name);
const ActInfo* find_kind(std::string_view kind);  // nullptr: not a kind of this room
// Remarks that other remarks may wait for. There are few of them.
inline bool opens(Act act) { return act == Act::kSupervise || act == Act::kVisit; }

struct Figure {  // before / after, with its unit: {"患者年均费用", "12000", "3600", "元"}
  std::string name, before, after, unit;
  bool operator==(const Figure&) const = default;
};
struct Party {  // participants of a session by category: {"mass", 6}
  std::string category;
  std::uint64_t count = 0;
  bool operator==(const Party&) const = default;
};

struct ActBody {
  std::uint64_t n = 0;                     // "n"     transitions only
  crypto::Digest prev;                     // "prev"  transitions only
  topology::Code unit;                     // "unit"  in whose name
  std::string by;                          // "by"    organ or role, as typed: "村党组织"
  std::string title;                       // "title"
  std::string text;                        // "text"  description, opinion, progress, comment
  std::string category;                    // "cat"   id in the policy
  std::optional<std::int64_t> budget_fen;  // "fen"
  std::vector<topology::Code> reach;       // "reach" units it touches besides home
  std::string source;                      // "src"   点题, 荐题, 出题 … (id in the policy)
  topology::Code home;                     // "home"  logging only: where the matter is
  topology::Code to;                       // "to"    escalation, return, assignment, feedback
  std::string reason;                      // "why"   for people
  std::vector<std::string> reasons;  // "codes" escalation: "budget", "category", "reach", "person"
  bool automatic = false;            // "auto"  written by the node itself
  std::string place;                 // "place" of a session
  std::string form;                  // "form"  会议 …
  std::uint64_t held_ms = 0;         // "held"  time of the session
  std::vector<Party> parties;        // "who"
  std::string became;                // "became" decision, project, governance, consensus
  std::uint64_t due_ms = 0;          // "due"
  std::uint64_t assignment = 0;      // "task"  number of an assignment, from 1
  std::optional<std::uint64_t> percent;  // "pct"
  bool done = false;                     // "done"
  std::string result;                    // "result" solved, half_solved, explained
  std::vector<Figure> figures;           // "figs"
  std::optional<std::uint64_t> score;    // "score" 0..100
  std::string party;                     // "party" who evaluates
  std::string overrides;                 // "over"  reason for passing a soft guard
  TopicSheet topic;                      // "flags" "plans" "via" "checks"
  std::vector<Person> group;             // "group"  of research
  std::string heard;                     // "heard"  what the proposer said
  std::string signed_by;                 // "signed" organ that signs this act off
  std::vector<std::string> organs;       // "organs" asked for an opinion, or submitted to; as typed
  std::string view;                      // "view"   of an opinion (id in the policy)
  std::uint64_t number = 0;         // "no"     of the opinion asked, the submission, the session
  std::uint64_t item = 0;           // "item"   of the session's dissents, from 1
  SessionRecord session;            // "session"
  std::vector<std::string> passed;  // "passed" soft guards that `over` passed, by name
  std::string import_key;       // "imp"   the line of a file it came from; nothing is logged twice
  FollowUp follow;              // "follow"
  std::string reporter_digest;  // "rep"   hex digest of the private record with name and telephone
};

Bytes encode_body(const ActBody& body);
// Limits, types, UTF-8, known result/became words are not checked here: the policy knows them.
Result<ActBody> decode_body(View bytes);
// True when the body has the field with this key ("why"); asserts that there is such a key.
bool has_field(const ActBody& body, std::string_view key);

}  // namespace yishi::deliberation
