// Divisions from a CSV file: header `code,name,level,parent`, one unit a line.
//
// UTF-8 (with or without BOM) or GB18030, told apart by whether the bytes are
// valid UTF-8 (bytes that are mostly UTF-8 with a fault in them are refused as such, not
// read as GB18030). RFC 4180 quoting; CRLF or LF; empty lines are passed over; a code
// may stand as ="320803001001" or with a leading ' as spreadsheets write it; ASCII blanks around a
// field are cut off. All or nothing: every fault is reported by line and field (the first
// kMaxReported of them), and with one fault nothing is imported.
//
// Refused (rule): header (csv.header), number of columns (csv.columns), encoding
// (csv.encoding), digits (code.digits), a code twice (csv.code.duplicate), an
// unknown level (csv.level.unknown), unknown parent (csv.parent.unknown), level
// not below its parent's (csv.level.order), no or two roots (csv.root), a code that
// does not lie inside its parent's or has too few digits for its level
// (csv.code.digits), a cycle (csv.cycle), an empty or overlong name (csv.name),
// file too large or of more than kMaxUnits lines (csv.size), quotes that do not match
// (csv.quotes). While a line's code cannot be read, lines that name an unknown parent are
// not reported: that line may be the parent. A level may be skipped (a city with townships
// directly below it, as Dongguan has), and a code may be more specific than its
// level asks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "topology/unit.h"

namespace yishi::topology {

inline constexpr std::size_t kMaxCsvBytes = 16u << 20;
inline constexpr std::size_t kMaxReported = 20;

struct Divisions {
  std::vector<Unit> units;  // parents before their children, the root first
};

struct CsvFault {
  std::size_t line;  // 1 is the header
  Error error;       // field names the column; the sentences begin with line and column
};

struct CsvImport {
  Divisions divisions;           // empty when there are faults
  std::vector<CsvFault> faults;  // in order of lines
  std::size_t unreported = 0;    // faults beyond kMaxReported
  bool ok() const { return faults.empty(); }
  // The faults as one Error, each on its own line, with the first one's rule; asserts !ok().
  Error summary() const;
};

CsvImport import_divisions(View bytes);

// UTF-8 with BOM, CRLF; codes as ="320803001001", so that a spreadsheet keeps them text, and
// a ' before a name that it would take for a formula. Only divisions: rooms outside the
// territory have no place in this format. What it writes, import_divisions reads back.
std::string export_divisions(const std::vector<Unit>& units);

}  // namespace yishi::topology
