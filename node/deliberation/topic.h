// What is said of a topic before it comes to the table: flags, plans, how it came in, and the
// answers to the checklist. Every name is an id of the policy.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace yishi::deliberation {

inline constexpr std::size_t kMaxFlags = 32;
inline constexpr std::size_t kMaxPlanLinks = 8;
inline constexpr std::size_t kMaxChecks = 64;
inline constexpr std::size_t kMaxCheckBytes = 2000;  // words of one answer

// An amendment that gives only this flag takes all flags back.
inline constexpr const char* kNoFlag = "none";

struct PlanLink {  // in which plan the matter stands: {"deliberation", "2026 年第 3 项"}
  std::string plan, ref;
  bool operator==(const PlanLink&) const = default;
};

struct CheckAnswer {  // to one item of the checklist
  std::string item;
  bool yes = false;
  std::string text;
  bool operator==(const CheckAnswer&) const = default;
};

struct TopicSheet {
  std::vector<std::string> flags;    // "flags"
  std::vector<PlanLink> plans;       // "plans"
  std::string via;                   // "via"    channel it came in by
  std::vector<CheckAnswer> answers;  // "checks"
  bool operator==(const TopicSheet&) const = default;
};

}  // namespace yishi::deliberation
