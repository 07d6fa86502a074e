// The bytes of FollowUp (in bodies) and FollowedUp (in states). Inside this folder only.
#pragma once

#include "crypto/pack.h"
#include "node/deliberation/follow_up.h"
#include "node/deliberation/followed_up.h"

namespace yishi::deliberation {

void write_follow_up(Packer& out, const FollowUp& said);  // a map; absent when empty
FollowUp read_follow_up(Fields& in, std::string_view key);

void write_followed_up(Packer& out, const FollowedUp& done);
FollowedUp read_followed_up(Fields& in, std::string_view key);

}  // namespace yishi::deliberation
