// A table on its way out: to a terminal, as CSV, or as a workbook (XLSX).
//
// CSV is RFC 4180 as a Chinese Excel opens it: UTF-8 with a byte order mark, lines end in CR LF.
// Codes and ids stay text there: a tab stands before one that is all digits. A text that a
// spreadsheet would take for a formula (= + - @ first, or a tab or line end) has an apostrophe
// before it. `plain_text` takes both away again, so that what was exported can be imported.
//
// Free text is masked on its way out: telephone and identity card numbers lose their middle.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace yishi::cli {

struct SheetCell {
  enum class Kind { kPlain, kMasked, kCodeText, kWhole, kFen };
  Kind kind = Kind::kPlain;
  std::string text;         // kPlain, kMasked, kCodeText
  std::int64_t number = 0;  // kWhole; kFen: money

  static SheetCell words(std::string text) { return {Kind::kPlain, std::move(text), 0}; }
  static SheetCell free(std::string text) { return {Kind::kMasked, std::move(text), 0}; }
  static SheetCell code(std::string text) { return {Kind::kCodeText, std::move(text), 0}; }
  static SheetCell count(std::int64_t number) { return {Kind::kWhole, {}, number}; }
  static SheetCell money(std::int64_t fen) { return {Kind::kFen, {}, fen}; }
};

struct Sheet {
  std::string title;  // of the workbook's page
  std::vector<std::string> heads;
  std::vector<std::vector<SheetCell>> rows;
  std::vector<std::string> notes;  // below it: how complete the figures are
};

std::string sheet_text(const Sheet& sheet);  // for a terminal
std::string sheet_csv(const Sheet& sheet);
// Rule "file.write".
Status write_xlsx(const Sheet& sheet, const std::string& path);

std::string plain_text(std::string_view cell);  // what an exported cell said

}  // namespace yishi::cli
