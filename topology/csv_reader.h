// RFC 4180 fields from UTF-8 text, with the lines they stand on. For this folder only.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace yishi::topology {

inline constexpr std::size_t kCsvColumns = 4;

// The file's text as UTF-8 without BOM. Its fault's field is the line number as text.
Result<std::string> csv_to_utf8(View bytes);

struct CsvRecord {
  std::size_t line = 0;
  std::size_t columns = 0;  // found; only the first kCsvColumns are kept
  std::array<std::string, kCsvColumns> fields;
  bool bad_quotes = false;  // the rest of the line was passed over
};

// Walks the records; passes over empty lines. `text` must outlive it.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}
  std::optional<CsvRecord> next();

 private:
  bool at_line_end() const;
  void skip_blanks();
  bool skip_empty_line();
  void end_line();
  bool read_quoted(std::string& field);
  bool read_plain(std::string& field);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace yishi::topology
