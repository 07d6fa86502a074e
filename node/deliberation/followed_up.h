// What has happened after the table: the part of an issue's state that publication, carrying out,
// supervision, evaluation, guiding topics and timers write.
//
// Some fields are written by transitions and some by remarks, never one field by both: what stands
// beside "remarks" below is the same in whatever order they come, and no transition reads it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "topology/code.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxSupervisions = 64;  // of one issue: the earliest count
inline constexpr std::size_t kMaxSteps = 64;         // of one supervision: the earliest count
inline constexpr std::size_t kMaxAlerts = 512;       // of one issue: then no timer fires any more
inline constexpr std::size_t kMaxGuides = 16;        // of one issue

struct Publication {
  std::uint64_t n = 0;  // of its transition
  std::uint64_t time_ms = 0, until_ms = 0;
  std::string about, place;
  bool operator==(const Publication&) const = default;
};

struct Grant {  // of an extension, or its refusal
  std::uint64_t n = 0, task = 0;
  std::uint64_t until_ms = 0;  // 0: refused
  std::uint64_t time_ms = 0;
  std::string why;
  bool operator==(const Grant&) const = default;
};

// The latest remark of a kind, by (time, digest), and how many there were.
struct Latest {
  std::uint64_t count = 0;
  topology::Code unit;
  std::string text;
  std::uint64_t task = 0, until_ms = 0;
  std::uint64_t time_ms = 0;
  crypto::Digest digest;
  bool operator==(const Latest&) const = default;
};

struct PartyScore {
  std::uint64_t count = 0, sum = 0;
  bool operator==(const PartyScore&) const = default;
};

struct SupervisionStep {  // its words stay in the record
  enum class What { kVisit, kReply, kRectified, kPassed, kSentBack };
  What what = What::kVisit;
  topology::Code unit;
  std::string by;
  std::vector<std::string> methods;
  std::uint64_t when_ms = 0;  // of a visit
  std::uint64_t time_ms = 0;
  crypto::Digest digest;
  bool operator==(const SupervisionStep&) const = default;
};

struct Supervision {      // a special report (no `to`), or an order to a unit
  crypto::Digest digest;  // of its record: by this it is named
  crypto::Digest ref;     // of the report it follows from; zero: none
  topology::Code unit, to;
  std::string kind, by, text;
  std::uint64_t due_ms = 0, time_ms = 0;
  std::vector<SupervisionStep> steps;  // by (time, digest)
  bool operator==(const Supervision&) const = default;
};

struct Revisit {  // a look back at what was closed
  std::uint64_t n = 0, time_ms = 0;
  std::string result, text;
  bool operator==(const Revisit&) const = default;
};

struct Guide {  // a topic pushed down to every unit of a level inside one unit
  std::uint64_t n = 0;
  std::string level;
  topology::Code inside;
  std::uint64_t due_ms = 0;
  bool operator==(const Guide&) const = default;
};

struct FollowedUp {
  // Transitions.
  std::vector<Publication> publications;
  std::vector<Grant> grants;
  topology::Code lead;  // of those who handle it together; empty: nobody does
  std::uint64_t revisit_due_ms = 0;
  std::vector<Revisit> revisits;
  std::vector<Guide> guides;
  std::string round_of, answers;
  std::uint64_t round = 1;
  // Remarks.
  std::map<std::uint64_t, Latest> asks;  // by assignment: extensions asked for
  Latest urged, accounted;
  std::map<std::string, PartyScore> scores;             // by party
  std::uint64_t surveys = 0, asked = 0, satisfied = 0;  // exact sums
  std::vector<Supervision> supervisions;                // by (time, digest)
  std::set<std::string> alerts;                         // alert_key (deadlines.h)
  bool operator==(const FollowedUp&) const = default;
};

}  // namespace yishi::deliberation
