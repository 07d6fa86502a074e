// What stands before the table and at it, as JSON: of an issue's state, of one record, and of each
// session as it now reads, with its corrections taken in.
#pragma once

#include <vector>

#include "node/deliberation/issue.h"
#include "node/http/json.h"
#include "node/store/issues.h"
#include "topology/directory.h"

namespace yishi::http {

struct Labels {  // what ids and codes are turned into words with
  const deliberation::Policy* policy = nullptr;
  const topology::Directory& directory;
};

void put_table(Json& out, const deliberation::Issue& issue, const Labels& labels);
void put_table(Json& out, const deliberation::ActBody& body, const Labels& labels);
// `issue` is the JSON of the state; its sessions gain `record`, its research its findings.
void put_records(Json& out, const deliberation::Issue& issue,
                 const std::vector<store::StoredFact>& facts, const Labels& labels);

}  // namespace yishi::http
