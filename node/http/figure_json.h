// Figures in words: what a number counts, and the rates that may be taken of two of them.
#pragma once

#include <map>
#include <string>

#include "node/deliberation/policy.h"
#include "node/http/json.h"
#include "node/store/reports.h"

namespace yishi::http {

// {"figure": "stage:held", "zh", "en", "month": "logged" | "event", "unit": "件"}, with the labels
// of the policy in force (nullptr: ids).
Json figure_json(const std::string& figure, const deliberation::Policy* policy);

// A rate names its two counts, and the first is a part of the second: never of two totals that
// only stand side by side.
//   {"id", "zh", "en", "part": {"figure", "count"}, "of": {"figures": […], "count"}}
Json rates_json(const store::ReportLine& line, const deliberation::Policy* policy);

// {"issues": 4, "stage:held": 1, …}
Json amounts_json(const std::map<std::string, std::int64_t>& figures);

}  // namespace yishi::http
