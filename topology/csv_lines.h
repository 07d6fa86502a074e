// Lines of a table that people bring as comma-separated values: RFC 4180, lines ending in CR LF or
// LF, any number of cells a line. The divisions have a reader of their own, which forgives more
// (csv_reader.h).
//
// Rules: "csv.encoding" (neither UTF-8 nor GB18030), "csv.quote" (a quotation mark that never ends,
// or text behind one), "csv.empty". A fault of a line names it: the field is "line N".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace yishi::topology {

struct CsvLine {
  std::size_t line = 0;  // in the file, from 1: where it begins
  std::vector<std::string> fields;
};

// Bytes of either encoding, with or without a byte-order mark; lines of nothing but blanks are
// passed over.
Result<std::vector<CsvLine>> read_csv_lines(std::string_view bytes);

}  // namespace yishi::topology
