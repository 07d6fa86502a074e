// How complete figures are, as JSON and as a sentence.
#pragma once

#include "node/http/json.h"
#include "node/store/reports.h"

namespace yishi::http {

Json frontier_json(const topology::Directory& directory, const store::Frontier& frontier);

}  // namespace yishi::http
