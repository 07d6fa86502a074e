// Files of comma-separated values that people bring: RFC 4180, in UTF-8 (with or without a byte
// order mark) or GB18030, lines ending in CR LF or LF.
//
// Rules: "csv.encoding" (neither of the two), "csv.quote" (a quotation mark that never ends, or
// text behind one), "csv.empty". A fault names its line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace yishi::cli {

struct CsvLine {
  std::size_t line = 0;  // in the file, from 1: where it begins
  std::vector<std::string> fields;
};

// Bytes to UTF-8 without a mark. What is valid UTF-8 is taken for it.
Result<std::string> decode_text(std::string_view bytes);
Result<std::vector<CsvLine>> parse_csv(std::string_view utf8);  // blank lines are passed over

}  // namespace yishi::cli
