// The rows of a division file as a tree, and the faults found on the way.
// For this folder only.
#pragma once

#include "topology/divisions_csv.h"

namespace yishi::topology {

struct CsvRow {
  std::size_t line = 0;
  Unit unit;
  bool parent_unreadable = false;  // reported already
};

struct Sentences {
  std::string zh;
  std::string en;
};

// Keeps the first faults by line and counts the others, so that a file that is wrong on
// every line costs no more than one that is wrong on twenty.
class CsvFaults {
 public:
  // Within one pass over the file the lines must not fall; a new pass starts with begin_pass().
  void begin_pass() { kept_in_pass_ = 0; }
  void add(std::size_t line, std::string_view rule, std::string_view column,
           const Sentences& sentences);
  bool empty() const { return total_ == 0; }
  std::size_t total() const { return total_; }
  CsvImport refuse() &&;
  static CsvImport refuse_encoding(const Error& error);  // as csv_to_utf8 gives it

 private:
  std::vector<CsvFault> faults_;
  std::size_t kept_in_pass_ = 0;
  std::size_t total_ = 0;
};

// Units in order of the tree, parents first. Codes in `rows` are unique. With faults the
// units are of no use. all_codes_read: false when some line's code is not among the rows.
std::vector<Unit> arrange_rows(const std::vector<CsvRow>& rows, bool all_codes_read,
                               CsvFaults& faults);

}  // namespace yishi::topology
