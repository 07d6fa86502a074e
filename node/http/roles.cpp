#include "node/http/roles.h"

#include <algorithm>

namespace yishi::http {
namespace {

struct ActRow {
  std::string_view act;
  Need need;
};

constexpr auto any(int roles) { return Need{static_cast<Roles>(roles)}; }
constexpr auto confirmed(int roles) { return Need{static_cast<Roles>(roles), true}; }
constexpr int kDesk = kClerk | kConvener;

constexpr ActRow kActs[] = {
    // At the desk: what is brought in, looked into, carried out and told.
    {"amend", any(kDesk)},
    {"propose", any(kDesk)},
    {"research", any(kDesk)},
    {"progress", any(kDesk)},
    {"feedback", any(kDesk)},
    {"receive", any(kDesk)},
    {"opine", any(kDesk)},
    {"explain", any(kDesk)},
    {"rate", any(kDesk)},
    {"extend", any(kDesk)},
    {"publish", any(kDesk)},
    {"rectify", any(kDesk)},
    {"revisit", any(kDesk)},
    {"comment", any(kDesk | kApprover | kSupervisor)},
    {"evaluate", any(kDesk | kSupervisor)},
    // At the table.
    {"consult", any(kConvener | kApprover)},
    {"convene", any(kConvener)},
    {"session", any(kConvener)},
    {"correct", any(kConvener)},
    {"outcome", any(kConvener)},
    {"submit", any(kConvener)},
    // Of the leaders.
    {"screen", any(kConvener | kApprover)},
    {"return", any(kApprover)},
    {"escalate", any(kApprover | kConvener)},
    {"accept", any(kApprover | kDesk)},
    {"close", any(kApprover | kConvener)},
    {"reopen", any(kApprover | kConvener)},
    {"assign", any(kApprover)},
    {"refer", any(kApprover)},
    {"join", any(kApprover)},
    {"guide", any(kApprover)},
    {"approve", confirmed(kApprover)},
    {"decide", confirmed(kApprover)},
    {"grant", confirmed(kApprover)},
    // Of those who look on.
    {"urge", any(kSupervisor | kApprover)},
    {"supervise", any(kSupervisor)},
    {"visit", any(kSupervisor)},
    {"appraise", any(kSupervisor)},
};

}  // namespace

std::string roles_text(Roles roles) {
  std::string out;
  for (const auto& role : kRoles) {
    if ((roles & role.bit) != 0) out += (out.empty() ? "" : ",") + std::string(role.id);
  }
  return out;
}

std::optional<Roles> roles_from(std::string_view text) {
  Roles roles = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto one = text.substr(0, end);
    const auto* found = std::find_if(std::begin(kRoles), std::end(kRoles),
                                     [&](const RoleInfo& role) { return role.id == one; });
    if (found == std::end(kRoles)) return std::nullopt;
    roles = static_cast<Roles>(roles | found->bit);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return roles;
}

Need need_of_act(std::string_view act) {
  for (const auto& row : kActs) {
    if (row.act == act) return row.need;
  }
  return confirmed(kApprover);
}

Error role_missing(Roles any_of) {
  std::string zh;
  std::string en;
  for (const auto& role : kRoles) {
    if ((any_of & role.bit) == 0) continue;
    zh += (zh.empty() ? "" : "、") + std::string(role.zh);
    en += (en.empty() ? "" : ", ") + std::string(role.en);
  }
  return {"account.role", "role", "您的账户没有此项权限：需要角色 " + zh + " 之一",
          "your account may not do this: it needs one of the roles " + en};
}

}  // namespace yishi::http
