#include "node/cli/sheet.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <memory>

#include "crypto/masked.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

using CellKind = SheetCell::Kind;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kFormula = "=+-@\t\r\n";
constexpr double kFenPerYuan = 100.0;

bool digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

std::string yuan(std::int64_t fen) {
  constexpr std::int64_t kHundred = 100;
  const std::string cents = std::to_string(fen % kHundred);
  return std::to_string(fen / kHundred) + (cents.size() == 1 ? ".0" : ".") + cents;
}

std::string cell_text(const SheetCell& cell) {
  switch (cell.kind) {
    case CellKind::kWhole:
      return std::to_string(cell.number);
    case CellKind::kFen:
      return yuan(cell.number);
    case CellKind::kMasked:
      return masked(cell.text);
    default:
      return cell.text;
  }
}

bool is_number(const SheetCell& cell) {
  return cell.kind == CellKind::kWhole || cell.kind == CellKind::kFen;
}

std::string neutral(const SheetCell& cell) {
  std::string text = cell_text(cell);
  if (is_number(cell)) return text;
  if (cell.kind == CellKind::kCodeText && all_digits(text)) return '\t' + text;
  if (!text.empty() && kFormula.find(text.front()) != std::string_view::npos) return '\'' + text;
  return text;
}

void put(std::string& out, const std::string& field) {
  if (field.find_first_of(",\"\r\n\t'") == std::string::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void put_line(std::string& out, const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    put(out, fields[i]);
  }
  out += "\r\n";
}

struct CloseBook {
  void operator()(lxw_workbook* book) const { (void)workbook_close(book); }
};

std::uint16_t column_number(std::size_t index) { return static_cast<std::uint16_t>(index); }

void write_cell(lxw_worksheet* page, std::uint32_t row, std::size_t at, const SheetCell& cell,
                lxw_format* money) {
  if (cell.kind == CellKind::kWhole) {
    worksheet_write_number(page, row, column_number(at), static_cast<double>(cell.number), nullptr);
  } else if (cell.kind == CellKind::kFen) {
    worksheet_write_number(page, row, column_number(at),
                           static_cast<double>(cell.number) / kFenPerYuan, money);
  } else {
    // A string cell is never a formula: nothing to neutralise.
    constexpr std::size_t kMostUnits = 32'000;  // of a cell; the format allows 32,767
    worksheet_write_string(page, row, column_number(at), cut(cell_text(cell), kMostUnits).c_str(),
                           nullptr);
  }
}

}  // namespace

std::string plain_text(std::string_view cell) {
  if (cell.size() > 1 && cell.front() == '\t' && all_digits(cell.substr(1))) cell.remove_prefix(1);
  const bool escaped =
      cell.size() > 1 && cell.front() == '\'' && kFormula.find(cell[1]) != std::string_view::npos;
  if (escaped) cell.remove_prefix(1);
  return std::string(cell);
}

std::string sheet_text(const Sheet& sheet) {
  std::vector<bool> right(sheet.heads.size(), false);
  for (const auto& row : sheet.rows) {
    for (std::size_t i = 0; i < row.size() && i < right.size(); ++i) {
      if (is_number(row[i])) right[i] = true;
    }
  }
  Table table(sheet.heads, right);
  constexpr std::size_t kColumns = 40;
  for (const auto& row : sheet.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row) {
      cells.push_back(cell.kind == CellKind::kFen ? money_text(cell.number)
                                                  : cut(one_line(cell_text(cell)), kColumns));
    }
    table.add(std::move(cells));
  }
  std::string out = table.text();
  for (const auto& note : sheet.notes) out += one_line(note) + '\n';
  return out;
}

std::string sheet_csv(const Sheet& sheet) {
  std::string out(kByteOrderMark);
  put_line(out, sheet.heads);
  for (const auto& row : sheet.rows) {
    std::vector<std::string> fields;
    for (const auto& cell : row) fields.push_back(neutral(cell));
    put_line(out, fields);
  }
  for (const auto& note : sheet.notes) put_line(out, {neutral(SheetCell::words(note))});
  return out;
}

Status write_xlsx(const Sheet& sheet, const std::string& path) {
  const auto failed = [&](lxw_error error) {
    return Error{"file.write", path, "不能写入文件 " + path,
                 "cannot write the file " + path + ": " + lxw_strerror(error)};
  };
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  std::unique_ptr<lxw_workbook, CloseBook> book(workbook_new_opt(path.c_str(), &options));
  if (!book) return failed(LXW_ERROR_MEMORY_MALLOC_FAILED);
  lxw_worksheet* page = workbook_add_worksheet(book.get(), nullptr);
  lxw_format* bold = workbook_add_format(book.get());
  format_set_bold(bold);
  lxw_format* money = workbook_add_format(book.get());
  format_set_num_format(money, "#,##0.00");
  constexpr double kWidth = 16;  // characters
  if (!sheet.heads.empty()) {
    worksheet_set_column(page, 0, column_number(sheet.heads.size() - 1), kWidth, nullptr);
  }
  worksheet_freeze_panes(page, 1, 0);
  for (std::size_t i = 0; i < sheet.heads.size(); ++i) {
    worksheet_write_string(page, 0, column_number(i), sheet.heads[i].c_str(), bold);
  }
  std::uint32_t line = 1;
  for (const auto& row : sheet.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) write_cell(page, line, i, row[i], money);
    ++line;
  }
  for (const auto& note : sheet.notes) {
    worksheet_write_string(page, line++, 0, note.c_str(), nullptr);
  }
  if (const auto error = workbook_close(book.release()); error != LXW_NO_ERROR) {
    return failed(error);
  }
  return {};
}

}  // namespace yishi::cli
