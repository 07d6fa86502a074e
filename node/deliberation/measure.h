// Measures: what of registers, issues and units is counted. Pure; store/measures.h reads the
// tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/deliberation/issue.h"
#include "node/deliberation/policy.h"
#include "node/deliberation/register.h"

namespace yishi::deliberation {

// From the first to the last day, both counted: "2026-01-01", "2026-12-31". Empty: no bound.
struct Period {
  std::string from, to;
  bool has(std::string_view day) const {
    return (from.empty() || day >= from) && (to.empty() || day <= to);
  }
};
Period year_period(int year);

bool holds(const std::vector<Condition>& conditions, const FieldValues& fields);

// Issues and sessions as conditions see them. What is true is "yes", what is not is absent; numbers
// and days as in registers. The names are in the README ("Measures").
const std::vector<std::string_view>& issue_field_names();
const std::vector<std::string_view>& session_field_names();
FieldValues issue_fields(const Issue& issue, const Policy* policy, std::uint64_t now_ms);
FieldValues session_fields(const Issue& issue, const SessionMark& session, const Policy* policy);

// The amount that an entry or issue with these fields adds to the measure: 1, or the number of the
// field that is added up (0 when it is absent). Nothing: it is not counted.
std::optional<std::int64_t> amount(const Measure& measure, const FieldValues& fields,
                                   const Period& period);

// Points of a star rating, in hundredths: weight × count / among, at most weight, rounded down.
std::uint64_t star_points(std::uint64_t weight, std::int64_t count, std::int64_t among);
const StarGrade* grade_of(const Stars& stars, std::uint64_t points);  // nullptr: none

// What a minimum asks for by a day of its year, rounded down: at_least × days passed / days.
std::uint64_t due_by(std::uint64_t at_least, std::string_view day);

}  // namespace yishi::deliberation
