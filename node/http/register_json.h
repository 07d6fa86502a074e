// Registers and their entries as JSON, with the labels of the policy in force.
#pragma once

#include "node/deliberation/fold.h"
#include "node/http/json.h"
#include "node/store/registers.h"

namespace yishi::http {

Json register_json(const deliberation::Register& its_register);
// `full`: personal fields as they are, else masked. Fields of a register, or values, that the
// policy does not know any more stand as they are.
Json entry_json(const store::RegisterEntry& entry, const deliberation::World& world, bool full);
// {"register", "unit", "key"}; of an issue {"issue"}.
Json entry_name_json(const deliberation::EntryName& name, const topology::Directory& directory);

}  // namespace yishi::http
