// Where a table goes: to the terminal, or as CSV or XLSX to standard output or a file.
#pragma once

#include <vector>

#include "node/cli/catalog.h"
#include "node/cli/sheet.h"

namespace yishi::cli {

extern const Option kFormatOption;  // --format table|csv|xlsx|json
extern const Option kOutOption;     // --out FILE: its ending says the format when --format does not

// `text`: what a terminal shows instead of the plain table; `json`: the API's answer, or what the
// command made of it. A workbook needs a file.
Outcome put_out(const Invocation& invocation, const Sheet& sheet, Json json, std::string text);
// Whether the sheet is wanted at all, or only text and JSON.
bool wants_sheet(const Invocation& invocation);

}  // namespace yishi::cli
