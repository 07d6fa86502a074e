// The record of a session as it is written at the table: who called it, who came, what was said
// and voted, and what is to follow. Every kind of person, place and channel is an id of the policy.
//
// Names of people who signed in or spoke stand in the record and travel with it to all who are
// concerned by the issue.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "topology/code.h"

namespace yishi::deliberation {

inline constexpr std::size_t kMaxConveners = 8;
inline constexpr std::size_t kMaxStaff = 32;        // also of a research group
inline constexpr std::size_t kMaxAttendance = 512;  // who signed in by name
inline constexpr std::size_t kMaxTallies = 32;
inline constexpr std::size_t kMaxOpinions = 64;
inline constexpr std::size_t kMaxDissents = 64;   // of one session
inline constexpr std::size_t kMaxListItems = 64;  // of each of the three lists
inline constexpr std::size_t kMaxProblems = 64;
inline constexpr std::size_t kMaxMaterials = 32;
inline constexpr std::size_t kMaxSayingBytes = 2000;   // an opinion, a dissent, an item of a list
inline constexpr std::size_t kMaxNameBytes = 200;      // of a person, a material
inline constexpr std::uint64_t kMaxVotes = 1'000'000;  // of one tally

struct Person {
  std::string name;
  std::string role;   // id in roles: "party_head" …
  std::string party;  // id in parties: "mass" …
  std::string level;  // id in member_levels: of a member of the CPPCC
  std::string from;   // organisation, as typed
  bool operator==(const Person&) const = default;
};

struct Tally {          // votes on one motion that came in by one channel
  std::string motion;   // empty: the subject of the session
  std::string channel;  // id in channels: "paper", "hand" …
  std::uint64_t yes = 0, no = 0, abstain = 0;
  bool operator==(const Tally&) const = default;
};

struct Saying {  // an opinion or a dissent
  std::string who;
  std::string party;  // id in parties
  std::string text;
  bool operator==(const Saying&) const = default;
};

struct Responsibility {  // of the second list
  std::string text;
  topology::Code unit;  // may be empty: `who` names somebody outside the network
  std::string who;
  std::uint64_t due_ms = 0;
  bool operator==(const Responsibility&) const = default;
};

struct Problem {  // one session may deal with several
  std::string text;
  std::string result;  // id in results; empty: open
  bool operator==(const Problem&) const = default;
};

struct Material {
  std::string name;
  std::string digest;  // hexadecimal, of the paper; may be empty
  bool operator==(const Material&) const = default;
};

struct SessionRecord {
  std::uint64_t until_ms = 0;                    // "until"
  std::string type;                              // "type"     id in types: 微协商 …
  std::string venue;                             // "venue"    id in venues: 院坝 …
  std::string link;                              // "link"     online room or live stream
  std::string subject;                           // "subject"
  std::string measures;                          // "measures"
  std::string minutes;                           // "minutes"
  std::vector<Person> conveners;                 // "conveners" the first first
  Person host;                                   // "host"
  Person delegated_by;                           // "delegator" who left the hosting to the host
  std::vector<Person> staff;                     // "staff"    recorder, liaison …
  std::vector<Person> attendance;                // "signed_in"
  std::uint64_t entitled = 0;                    // "entitled" how many were to come
  std::vector<Tally> votes;                      // "votes"
  std::vector<Saying> opinions;                  // "opinions"
  std::vector<Saying> dissents;                  // "dissents" numbered from 1 by their place
  std::vector<std::string> suggestions;          // "suggestions"
  std::vector<Responsibility> responsibilities;  // "duties"
  std::vector<std::string> feedback;             // "feedback"
  std::vector<Problem> problems;                 // "problems"
  std::vector<Material> materials;               // "materials" handed out
  bool operator==(const SessionRecord&) const = default;
};

}  // namespace yishi::deliberation
