// The bytes of what stands in topic.h and session.h. Inside this folder only.
//
// People, tallies, sayings and the like are arrays in the order of their fields; a session's record
// is a map with the keys beside the fields of SessionRecord, absent when empty.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "crypto/pack.h"
#include "node/deliberation/session.h"
#include "node/deliberation/topic.h"

namespace yishi::deliberation {

void write_people(Packer& out, const std::vector<Person>& people);
std::vector<Person> read_people(Fields& in, std::string_view key, std::size_t max);
void write_tallies(Packer& out, const std::vector<Tally>& votes);
std::vector<Tally> read_tallies(Fields& in, std::string_view key);

void write_plan_links(Packer& out, const std::vector<PlanLink>& plans);
std::vector<PlanLink> read_plan_links(Fields& in, std::string_view key);
void write_answers(Packer& out, const std::vector<CheckAnswer>& answers);
std::vector<CheckAnswer> read_answers(Fields& in, std::string_view key);

void write_session(Packer& out, const SessionRecord& session);
SessionRecord read_session(Fields& in, std::string_view key);  // absent: an empty one

}  // namespace yishi::deliberation
