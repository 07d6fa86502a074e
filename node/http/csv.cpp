#include "node/http/csv.h"

#include <span>

#include "topology/csv_lines.h"

namespace yishi::http {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kFormulaSigns = "=+-@\t\r";

bool looks_like_formula(std::string_view cell) {
  return !cell.empty() && kFormulaSigns.find(cell.front()) != std::string_view::npos;
}

void write_cell(std::string& out, std::string_view cell) {
  std::string text = looks_like_formula(cell) ? "'" : "";
  text += cell;
  if (text.find_first_of("\",\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char one : text) {
    if (one == '"') out += '"';
    out += one;
  }
  out += '"';
}

void write_row(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    write_cell(out, cells[i]);
  }
  out += "\r\n";
}

// The apostrophe that keeps a spreadsheet from taking a cell for a formula.
std::string unguarded(std::string cell) {
  if (cell.size() > 1 && cell.front() == '\'' && looks_like_formula(cell.substr(1))) {
    cell.erase(0, 1);
  }
  return cell;
}

Error line_fault(std::string rule, std::size_t line, std::string zh, std::string en) {
  return {std::move(rule), "line " + std::to_string(line), std::move(zh), std::move(en)};
}

}  // namespace

std::string csv_of(const CsvTable& table) {
  std::string out(kByteOrderMark);
  write_row(out, table.heads);
  for (const auto& row : table.rows) write_row(out, row);
  return out;
}

Result<ReadCsv> read_csv(std::string_view bytes) {
  auto lines = topology::read_csv_lines(bytes);
  if (!lines) return lines.error();
  ReadCsv read;
  read.table.heads = std::move(lines->front().fields);
  const std::size_t columns = read.table.heads.size();
  for (auto& head : read.table.heads) head = unguarded(std::move(head));
  for (auto& line : std::span(*lines).subspan(1)) {
    if (line.fields.size() > columns) {
      return line_fault("csv.columns", line.line, "这一行的列数比表头多",
                        "this line has more cells than the heads");
    }
    if (read.table.rows.size() >= kMaxCsvRows || columns > kMaxCsvColumns) {
      return line_fault("csv.count", line.line, "行或列太多", "too many lines or columns");
    }
    line.fields.resize(columns);
    for (auto& cell : line.fields) cell = unguarded(std::move(cell));
    read.table.rows.push_back(std::move(line.fields));
    read.lines.push_back(line.line);
  }
  return read;
}

}  // namespace yishi::http
