// What an issue has come to after the table, as JSON; and the fields of acts that say so.
#pragma once

#include "node/deliberation/fold.h"
#include "node/http/json.h"

namespace yishi::http {

// Adds its keys to what issue_json (issue_json.h) says of an issue.
void put_followed_up(Json& out, const deliberation::Issue& issue, const deliberation::World& world);
// The same for one record of the timeline.
void put_follow_up(Json& out, const deliberation::ActBody& body, const deliberation::Policy* policy,
                   const deliberation::World& world);
Json deadline_json(std::string_view about);  // "accept" …: {id, zh, en}
deliberation::FollowUp read_follow_up(Form& form);

}  // namespace yishi::http
