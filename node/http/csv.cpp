#include "node/http/csv.h"

#include <iconv.h>

#include <memory>

#include "crypto/bytes.h"

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

std::string line_field(std::size_t line) { return "line " + std::to_string(line); }

Result<std::string> from_gb18030(std::string_view bytes) {
  const Error unreadable{"csv.encoding", "file", "文件既不是 UTF-8 也不是 GB18030 编码",
                         "the file is neither UTF-8 nor GB18030"};
  const auto close = [](void* handle) { ::iconv_close(handle); };
  const std::unique_ptr<void, decltype(close)> converter(::iconv_open("UTF-8", "GB18030"), close);
  if (converter.get() == reinterpret_cast<iconv_t>(-1)) return unreadable;
  constexpr std::size_t kGrowth = 3;  // bytes of UTF-8 a byte of GB18030 can become, at most
  std::string out(bytes.size() * kGrowth, '\0');
  std::string in(bytes);
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size();
  std::size_t room = out.size();
  if (::iconv(converter.get(), &from, &left, &to, &room) == static_cast<std::size_t>(-1)) {
    return unreadable;
  }
  out.resize(out.size() - room);
  return out;
}

// One record after another; quotes, both kinds of line ends.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }
  std::size_t line() const { return line_; }

  Result<std::vector<std::string>> row() {
    std::vector<std::string> cells;
    const std::size_t first = line_;
    for (;;) {
      std::string cell;
      if (!done() && text_[at_] == '"') {
        if (!quoted(cell)) {
          return Error{"csv.quote", line_field(first), "引号没有配对",
                       "a quotation mark is not closed"};
        }
      } else {
        while (!done() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r') {
          cell += text_[at_++];
        }
      }
      if (cell.size() > 1 && cell.front() == '\'' && looks_like_formula(cell.substr(1))) {
        cell.erase(0, 1);
      }
      cells.push_back(std::move(cell));
      if (done() || text_[at_] != ',') break;
      ++at_;
    }
    if (!done() && text_[at_] == '\r') ++at_;
    if (!done() && text_[at_] == '\n') ++at_;
    ++line_;
    return cells;
  }

 private:
  bool quoted(std::string& cell) {
    for (++at_; !done(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        cell += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        cell += text_[at_++];
      } else {
        ++at_;
        return done() || text_[at_] == ',' || text_[at_] == '\r' || text_[at_] == '\n';
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
};

bool is_blank(const std::vector<std::string>& cells) {
  for (const auto& cell : cells) {
    if (cell.find_first_not_of(" \t") != std::string::npos) return false;
  }
  return true;
}

}  // namespace

std::string csv_of(const CsvTable& table) {
  std::string out(kByteOrderMark);
  write_row(out, table.heads);
  for (const auto& row : table.rows) write_row(out, row);
  return out;
}

Result<ReadCsv> read_csv(std::string_view bytes) {
  std::string converted;
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  if (!is_utf8(bytes)) {
    auto text = from_gb18030(bytes);
    if (!text) return text.error();
    converted = std::move(*text);
    bytes = converted;
  }
  ReadCsv read;
  CsvReader reader(bytes);
  while (!reader.done()) {
    const std::size_t line = reader.line();
    auto cells = reader.row();
    if (!cells) return cells.error();
    if (is_blank(*cells)) continue;
    if (read.table.heads.empty()) {
      read.table.heads = std::move(*cells);
      continue;
    }
    if (cells->size() > read.table.heads.size()) {
      return Error{"csv.columns", line_field(line), "这一行的列数比表头多",
                   "this line has more cells than the heads"};
    }
    cells->resize(read.table.heads.size());
    if (read.table.rows.size() >= kMaxCsvRows || cells->size() > kMaxCsvColumns) {
      return Error{"csv.count", line_field(line), "行或列太多", "too many lines or columns"};
    }
    read.table.rows.push_back(std::move(*cells));
    read.lines.push_back(line);
  }
  if (!read.table.heads.empty()) return read;
  return Error{"csv.empty", "file", "文件是空的", "the file is empty"};
}

}  // namespace yishi::http
