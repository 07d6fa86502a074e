// What has happened up to the table and at it: the part of an issue's state that the acts screen,
// consult, convene, session, correct, submit and their remarks write.
//
// Of a session the state keeps what is counted and what guards ask for; its words stay in the
// records that made it, found by their numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "node/deliberation/act.h"

namespace yishi::deliberation {

inline constexpr std::uint64_t kMaxSessions = 200;      // of one issue
inline constexpr std::uint64_t kMaxConsultations = 64;  // of one issue
inline constexpr std::uint64_t kMaxSubmissions = 64;    // of one issue

// The latest remark on something, by (time, digest).
struct Reply {
  topology::Code unit;
  std::string by, text, view;
  std::uint64_t time_ms = 0;
  crypto::Digest digest;
  bool operator==(const Reply&) const = default;
};

struct SessionMark {
  std::uint64_t n = 0;                      // transition that recorded it
  topology::Code unit;                      // that held it
  std::vector<std::uint64_t> corrections;   // transitions that corrected it, oldest first
  std::uint64_t held_ms = 0, entitled = 0;  // held: 0 when the record does not say
  std::uint64_t recorded_ms = 0;
  std::string place;
  std::string form, type, venue;  // ids in the policy
  bool remote = false;            // by the policy's profile of the form
  std::vector<Party> parties;
  std::vector<Tally> votes;
  std::vector<std::string> results;  // of its problems, ids; an empty one is open
  std::uint64_t dissents = 0;
  std::map<std::uint64_t, Reply> explained;  // dissent, from 1 -> what the dissenter was told
  bool operator==(const SessionMark&) const = default;
};

struct Consultation {  // an opinion that was asked for
  std::uint64_t number = 0, n = 0;
  topology::Code unit;  // that answers; the holder of then when an organ of its own is asked
  std::string organ, text;
  std::uint64_t asked_ms = 0, due_ms = 0;
  Reply reply;  // time 0: none yet
  bool operator==(const Consultation&) const = default;
};

struct Submission {  // of the outcome to one organ
  std::uint64_t number = 0, n = 0;
  topology::Code unit;  // that gives the receipt
  std::string organ;
  std::uint64_t time_ms = 0;
  Reply receipt;
  bool operator==(const Submission&) const = default;
};

struct Convening {      // the invitation to the session that comes next
  std::uint64_t n = 0;  // 0: none is out
  std::uint64_t held_ms = 0, sent_ms = 0;
  std::uint64_t materials = 0;
  bool operator==(const Convening&) const = default;
};

struct Passed {  // soft guards that were passed with a reason
  std::uint64_t n = 0;
  topology::Code unit;
  std::string by, why;
  std::vector<std::string> guards;
  bool operator==(const Passed&) const = default;
};

struct SignOff {  // an organ that signed an act off
  std::uint64_t n = 0;
  std::string organ;
  bool operator==(const SignOff&) const = default;
};

struct Proceedings {
  TopicSheet topic;  // as last said; answers by item
  bool screened = false;
  bool proposer_heard = false;
  std::uint64_t researches = 0;
  Convening convened;
  std::vector<SessionMark> sessions;
  std::vector<Consultation> consultations;
  std::vector<Submission> submissions;
  std::vector<Passed> passed;
  std::vector<SignOff> sign_offs;
  bool operator==(const Proceedings&) const = default;
};

}  // namespace yishi::deliberation
