// Who may do what. An account has one or more roles; a role allows acts. Deny unless a row
// allows. The Unix socket has every role: who may open the data directory may use the node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace yishi::http {

using Roles = std::uint8_t;  // bits
inline constexpr Roles kClerk = 1, kConvener = 2, kApprover = 4, kSupervisor = 8, kOperator = 16,
                       kAuditor = 32, kPublic = 64;
inline constexpr Roles kEveryRole = 127;

struct RoleInfo {
  Roles bit;
  std::string_view id, zh, en;
};
inline constexpr RoleInfo kRoles[] = {
    {kClerk, "clerk", "经办", "clerk"},          {kConvener, "convener", "召集", "convener"},
    {kApprover, "approver", "审批", "approver"}, {kSupervisor, "supervisor", "督办", "supervisor"},
    {kOperator, "operator", "运维", "operator"}, {kAuditor, "auditor", "审计", "auditor"},
    {kPublic, "public", "公众", "the public"}};

std::string roles_text(Roles roles);                     // "clerk,convener"
std::optional<Roles> roles_from(std::string_view text);  // nothing: one of them is not known

// What one must be to use a path or an act.
struct Need {
  Roles roles = 0;       // any of them; 0: nobody need be anyone
  bool confirm = false;  // and the password given within kConfirmedMs
  bool act = false;      // looked up by the act's name
};

inline constexpr Need kOpen{};
inline constexpr Need kSignedIn{kEveryRole};
inline constexpr Need kMayRead{
    static_cast<Roles>(kClerk | kConvener | kApprover | kSupervisor | kOperator | kAuditor)};
inline constexpr Need kMayLog{static_cast<Roles>(kClerk | kConvener)};
inline constexpr Need kMayKeep{static_cast<Roles>(kClerk | kConvener | kApprover)};  // the books
// Personal fields as they are: those who keep the books, who say once more that it is they.
inline constexpr Need kMayUnmask{static_cast<Roles>(kClerk | kConvener | kApprover), true};
inline constexpr Need kMayAct{0, false, true};
inline constexpr Need kMayOperate{kOperator};
inline constexpr Need kMayChange{kOperator, true};
inline constexpr Need kMayAudit{static_cast<Roles>(kAuditor | kOperator)};

// Of an act on an issue ("approve"). One that has no row needs an approver who confirms.
Need need_of_act(std::string_view act);

// The sentence that says which role is missing. Rule "account.role".
Error role_missing(Roles any_of);

}  // namespace yishi::http
