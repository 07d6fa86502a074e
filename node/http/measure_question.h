// What questions about measures ask: whose, and of which days. For this folder only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "node/http/call.h"
#include "node/http/query.h"
#include "node/store/measures.h"

namespace yishi::http {

bool is_day(const std::string& text);  // "2026-11-21"
std::string today();                   // in China Standard Time
Error wrong_day(const std::string& parameter);

// Unit and period: unit=, and year= or from= and to= (both days counted). Rule "query.day".
struct MeasureAsked {
  std::optional<topology::Code> unit;
  deliberation::Period period;
};
Result<MeasureAsked> read_measure_question(Query& query);

// The call opened, a policy in force, the unit known. Rules "policy.none", "http.missing".
struct MeasureReady {
  store::MeasureQuestion question;
  std::shared_ptr<const deliberation::Policy> policy;
};
Result<MeasureReady> open_measure_question(Call& call, const MeasureAsked& asked);

Json frontier_of(Call& call, const topology::Code& unit);

}  // namespace yishi::http
