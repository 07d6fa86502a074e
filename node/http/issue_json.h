// Issues, facts and units as JSON, with the labels of the policy an issue began with.
#pragma once

#include <string_view>

#include "node/deliberation/fold.h"
#include "node/deliberation/standing.h"
#include "node/http/json.h"
#include "node/store/issues.h"
#include "topology/directory.h"

namespace yishi::http {

Json unit_json(const topology::Directory& directory, const topology::Code& code);  // null: empty
template <class Codes>
Json units_json(const topology::Directory& directory, const Codes& codes) {
  Json out = Json::array();
  for (const auto& code : codes) out.push_back(unit_json(directory, code));
  return out;
}

// {id, zh, en}; where the policy does not know the id, the id itself. null: empty id.
Json label_json(std::string_view id, const deliberation::Label* label);
Json reason_json(std::string_view code);  // of an escalation: "budget" …

// What lists show.
Json issue_summary(const deliberation::Issue& issue, const deliberation::World& world);
// Everything of the state.
Json issue_json(const deliberation::Issue& issue, const deliberation::World& world);
Json fact_json(const store::StoredFact& stored, const deliberation::Issue& issue,
               const deliberation::World& world);
Json times(std::uint64_t ms);  // RFC 3339, or null for 0

// What the issue wants of this node (deliberation/standing.h).
Json standing_json(const deliberation::Standing& standing);

}  // namespace yishi::http
