// Issues as a table that can be read, kept and imported again.
#pragma once

#include "node/cli/invocation.h"
#include "node/cli/sheet.h"

namespace yishi::cli {

// A column: its heads in both languages, and the API's field it is imported as (nullptr: it is
// only told).
struct IssueColumn {
  const char *zh, *en, *field;
};
const std::vector<IssueColumn>& issue_columns();

// `issues`: with all of their fields (full=1).
Sheet issue_sheet(const Invocation& invocation, const Json& issues);

}  // namespace yishi::cli
