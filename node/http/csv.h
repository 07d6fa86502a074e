// Tables of text as CSV (RFC 4180), in and out, so that spreadsheets open them.
//
// Out: UTF-8 with a byte-order mark, CRLF, every cell quoted where it must be; a cell that a
// spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) has an
// apostrophe put before it. In: UTF-8 with or without the mark, else GB18030; the apostrophe before
// such a sign goes away again. Codes are text in both directions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace yishi::http {

inline constexpr std::size_t kMaxCsvRows = 100'000;
inline constexpr std::size_t kMaxCsvColumns = 256;

struct CsvTable {
  std::vector<std::string> heads;
  std::vector<std::vector<std::string>> rows;
};

std::string csv_of(const CsvTable& table);

struct ReadCsv {
  CsvTable table;                  // rows as long as the heads; blank lines are left out
  std::vector<std::size_t> lines;  // of the file, from 1, in which each row begins
};
// Rules "csv.encoding", "csv.quote", "csv.columns" (a row with more cells than heads), "csv.count",
// "csv.empty"; the field of a line's fault is "line N".
Result<ReadCsv> read_csv(std::string_view bytes);

}  // namespace yishi::http
