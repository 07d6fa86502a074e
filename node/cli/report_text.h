// Reports as text and as tables.
#pragma once

#include "node/cli/invocation.h"
#include "node/cli/sheet.h"

namespace yishi::cli {

// As a terminal shows it: units (levels, months) by stage, the other figures, the rates with
// their two counts, and how complete all of it is.
std::string report_text(const Invocation& invocation, const Json& report);
// Every figure in a column of its own.
Sheet report_sheet(const Invocation& invocation, const Json& report);
// Categories by month, the last one beside the one before it.
Sheet trend_sheet(const Invocation& invocation, const Json& report);
// The figures that a policy names.
Sheet quoted_sheet(const Invocation& invocation, const Json& answer);
Sheet sittings_sheet(const Invocation& invocation, const Json& sessions);

}  // namespace yishi::cli
