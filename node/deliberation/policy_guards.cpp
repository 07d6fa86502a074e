// Guards as a policy writes them: a name, what it needs, when it looks, and the words.
#include <algorithm>
#include <charconv>

#include "node/deliberation/authority.h"
#include "node/deliberation/policy_sections.h"
#include "topology/unit.h"

namespace yishi::deliberation {

namespace {

constexpr std::int64_t kMaxShare = 1000;  // numerator and denominator of a share
constexpr std::int64_t kMaxGuardCount = 1000;
constexpr std::int64_t kMaxGuardDays = 366;
constexpr char kOr = '|';  // "deputy_secretary|united_front": either will do

void read_share(PolicyTable& table, const std::string& text, Guard& guard,
                const PolicySections& to) {
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, numerator);
  const bool slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = slash ? std::from_chars(first.ptr + 1, end, denominator) : first;
  if (!slash || second.ec != std::errc() || second.ptr != end || denominator < 1 || numerator < 0 ||
      denominator > kMaxShare) {
    to.faults.add(table.line(), "policy.share", "比例应写成“2/3”这样的分数：“" + text + "”",
                  "a share is written as a fraction such as 2/3: \"" + text + "\"");
    return;
  }
  if (numerator > denominator) {
    to.faults.add(table.line(), "policy.share.above_one", "比例不能大于 1：“" + text + "”",
                  "a share cannot be above one: \"" + text + "\"");
    return;
  }
  guard.numerator = static_cast<std::uint64_t>(numerator);
  guard.denominator = static_cast<std::uint64_t>(denominator);
}

bool wants_share(std::string_view name) {
  return name == "mass_share" || name == "quorum" || name == "majority";
}

// The list of the policy whose ids a guard needs.
const std::vector<Label>* list_of(const Policy& policy, std::string_view kind) {
  if (kind == "parties") return &policy.parties;
  if (kind == "roles") return &policy.roles;
  if (kind == "checklist") return &policy.checklist;
  if (kind == "member_levels") return &policy.member_levels;
  if (kind == "plans") return &policy.plans;
  if (kind == "flags") return &policy.flags;
  if (kind == "publications") return &policy.follow.publications;
  return nullptr;
}

class GuardCheck {
 public:
  GuardCheck(const Guard& guard, const std::string& path, const PolicySections& to)
      : guard_(guard), path_(path), to_(to) {}

  void run() {
    check_implied();
    check_needed();
    check_names("parties", guard_.without);
    check_names("forms", guard_.when.forms, &to_.policy.forms);
    check_names("types", guard_.when.types, &to_.policy.types);
    check_names("categories", guard_.when.categories, &to_.policy.categories);
    check_names("sources", guard_.when.sources, &to_.policy.sources);
    check_names("flags", guard_.when.flags, &to_.policy.flags);
    for (const std::string& level : guard_.when.levels) {
      if (topology::find_level(level) == nullptr) unknown("level", level);
    }
  }

 private:
  void unknown(const std::string& kind, const std::string& id) {
    to_.faults.add(
        to_.lines.of(path_), "policy.guard.name",
        path_ + " 的条件 " + guard_.name + " 提到不存在的 " + kind + "：“" + id + "”",
        path_ + ": guard " + guard_.name + " names no such " + kind + ": \"" + id + "\"");
  }

  static bool known(const std::vector<Label>& labels, const std::string& id) {
    return std::any_of(labels.begin(), labels.end(),
                       [&](const Label& one) { return one.id == id; });
  }

  void check_names(const std::string& kind, const std::vector<std::string>& ids,
                   const std::vector<Label>* labels = nullptr) {
    if (labels == nullptr) labels = list_of(to_.policy, kind);
    for (const std::string& id : ids) {
      if (!known(*labels, id)) unknown(kind, id);
    }
  }

  void check_needed() {
    const std::string kind(guard_needs(guard_.name));
    if (kind.empty() && !guard_.needed.empty()) {
      to_.faults.add(to_.lines.of(path_), "policy.guard.need",
                     path_ + " 的条件 " + guard_.name + " 不使用 need",
                     path_ + ": guard " + guard_.name + " takes no need");
      return;
    }
    for (const std::string& needed : guard_.needed) {
      for (const std::string& id : either(needed)) {
        const bool there =
            kind == "fields" ? field_known(id) : known(*list_of(to_.policy, kind), id);
        if (!there) unknown(kind, id);
      }
    }
  }

  // Guards that speak of a party without naming it.
  void check_implied() {
    const std::string party = !guard_.needed.empty()                 ? ""
                              : guard_.name == "mass_share"          ? "mass"
                              : guard_.name == "stakeholder_present" ? "stakeholder"
                                                                     : "";
    if (party.empty() || known(to_.policy.parties, party)) return;
    to_.faults.add(
        to_.lines.of(path_), "policy.party.missing",
        path_ + " 的条件 " + guard_.name + " 需要 [[parties]] 中有 id = \"" + party + "\"",
        path_ + ": guard " + guard_.name + " needs id = \"" + party + "\" among [[parties]]");
  }

  const Guard& guard_;
  const std::string& path_;
  const PolicySections& to_;
};

}  // namespace

std::vector<std::string> either(std::string_view needed) {
  std::vector<std::string> ids;
  while (true) {
    const std::size_t bar = std::min(needed.find(kOr), needed.size());
    ids.emplace_back(needed.substr(0, bar));
    if (bar == needed.size()) return ids;
    needed.remove_prefix(bar + 1);
  }
}

Guard read_guard(PolicyTable& table, const PolicySections& to) {
  Guard guard;
  guard.name = table.text("name", true);
  guard.soft = table.flag("soft");
  guard.words_zh = table.text("zh", false);
  guard.words_en = table.text("en", false);
  guard.needed = table.texts("need");
  guard.without = table.texts("without");
  guard.count = static_cast<std::uint64_t>(table.number("count", 1, kMaxGuardCount).value_or(1));
  guard.days = static_cast<std::uint64_t>(table.number("days", 0, kMaxGuardDays).value_or(0));
  guard.of = table.text("of", false);
  guard.at_least = table.flag("at_least");
  guard.when = {table.texts("levels"),     table.texts("forms"),   table.texts("types"),
                table.texts("categories"), table.texts("sources"), table.texts("flags")};
  const auto& known = guard_names();
  if (!guard.name.empty() && std::find(known.begin(), known.end(), guard.name) == known.end()) {
    to.faults.add(table.line(), "policy.guard.unknown", "不认识的条件“" + guard.name + "”",
                  "unknown guard \"" + guard.name + "\"");
  }
  const std::vector<std::string> wholes{"", "cast", "present", "entitled"};
  if (!in(wholes, guard.of)) {
    to.faults.add(table.line(), "policy.guard.of", "of 应为 cast、present 或 entitled",
                  "of is cast, present or entitled");
  }
  const std::string share = table.text("share", wants_share(guard.name));
  if (!share.empty()) read_share(table, share, guard, to);
  return guard;
}

void check_guard(const Guard& guard, const std::string& path, const PolicySections& to) {
  GuardCheck(guard, path, to).run();
}

}  // namespace yishi::deliberation
