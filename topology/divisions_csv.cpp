#include "topology/divisions_csv.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "topology/csv_reader.h"
#include "topology/csv_tree.h"

namespace yishi::topology {

namespace {

constexpr std::array<std::string_view, kCsvColumns> kHeader{"code", "name", "level", "parent"};
constexpr std::string_view kFormulaStarts = "=+-@";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// ="320803001001" and '320803001001 are how spreadsheets are made to keep text.
std::string_view plain_code(std::string_view text) {
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"')) {
    return trim(text.substr(2, text.size() - 3));
  }
  if (text.starts_with('\'')) return trim(text.substr(1));
  return text;
}

std::string_view plain_name(std::string_view text) {
  const bool guarded = text.size() >= 2 && text.front() == '\'' &&
                       kFormulaStarts.find(text[1]) != std::string_view::npos;
  return guarded ? text.substr(1) : text;
}

std::string join_fields(const CsvRecord& record) {
  std::string joined;
  for (std::size_t i = 0; i < std::min(record.columns, kCsvColumns); ++i) {
    joined += (i == 0 ? "" : ",") + record.fields[i];
  }
  return record.columns > kCsvColumns ? joined + ",…" : joined;
}

// Reads the lines one by one; csv_tree.cpp then looks at how they hang together.
class Importer {
 public:
  CsvImport run(View bytes);

 private:
  bool read_header(CsvReader& reader);
  void read_row(const CsvRecord& record);
  void read_fields(const CsvRecord& record);
  bool is_header(const CsvRecord& record) const;
  Code read_code(std::size_t line, std::string_view text, std::string_view column);

  CsvFaults faults_;
  std::vector<CsvRow> rows_;
  std::unordered_map<Code, std::size_t> line_of_;
  bool all_codes_read_ = true;
};

CsvImport Importer::run(View bytes) {
  if (bytes.size() > kMaxCsvBytes) {
    faults_.add(
        1, "csv.size", "",
        {"文件有 " + std::to_string(bytes.size()) + " 字节，最多 16 MiB。",
         "the file has " + std::to_string(bytes.size()) + " bytes, at most 16 MiB are allowed."});
    return std::move(faults_).refuse();
  }
  Result<std::string> text = csv_to_utf8(bytes);
  if (!text) return CsvFaults::refuse_encoding(text.error());
  CsvReader reader(*text);
  if (!read_header(reader)) return std::move(faults_).refuse();
  while (std::optional<CsvRecord> record = reader.next()) {
    if (rows_.size() >= kMaxUnits || faults_.total() >= kMaxUnits) {
      faults_.add(record->line, "csv.size", "",
                  {"行数太多，最多 100000 个单位。", "too many lines, at most 100000 units."});
      return std::move(faults_).refuse();
    }
    read_row(*record);
  }
  std::vector<Unit> units = arrange_rows(rows_, all_codes_read_, faults_);
  if (!faults_.empty()) return std::move(faults_).refuse();
  CsvImport import;
  import.divisions.units = std::move(units);
  return import;
}

bool Importer::is_header(const CsvRecord& record) const {
  return record.columns == kCsvColumns && !record.bad_quotes &&
         std::equal(kHeader.begin(), kHeader.end(), record.fields.begin(),
                    [](std::string_view a, std::string_view b) { return a == trim(b); });
}

bool Importer::read_header(CsvReader& reader) {
  const std::optional<CsvRecord> record = reader.next();
  if (record && is_header(*record)) return true;
  const std::string found = record ? excerpt(join_fields(*record)) : "";
  faults_.add(record ? record->line : 1, "csv.header", "",
              {"首行应为 code,name,level,parent，这里是“" + found + "”。",
               "the first line must be code,name,level,parent; found \"" + found + "\"."});
  return false;
}

void Importer::read_row(const CsvRecord& record) {
  const bool readable = !record.bad_quotes && record.columns == kCsvColumns;
  if (record.bad_quotes) {
    const std::string_view column = kHeader[std::min(record.columns, kCsvColumns) - 1];
    faults_.add(
        record.line, "csv.quotes", column,
        {"引号不成对，或引号外还有文字。", "quotes do not match, or text stands outside of them."});
  } else if (record.columns != kCsvColumns) {
    const std::string count = std::to_string(record.columns);
    faults_.add(
        record.line, "csv.columns", "",
        {"应有 4 列，这里有 " + count + " 列：“" + excerpt(join_fields(record)) + "”。",
         "4 columns are needed, found " + count + ": \"" + excerpt(join_fields(record)) + "\"."});
  } else if (is_header(record)) {
    faults_.add(record.line, "csv.header", "",
                {"首行重复出现。", "the header stands here a second time."});
  } else {
    read_fields(record);
  }
  all_codes_read_ = all_codes_read_ && readable;
}

Code Importer::read_code(std::size_t line, std::string_view text, std::string_view column) {
  const Result<Code> code = Code::parse(text);
  if (code.ok() && code->is_division()) return *code;
  faults_.add(line, "code.digits", column,
              {"应为 12 位半角数字，不能全为 0，这里是“" + excerpt(text) + "”。",
               "12 digits 0-9 are needed, not all of them 0; found \"" + excerpt(text) + "\"."});
  return {};
}

void Importer::read_fields(const CsvRecord& record) {
  const std::size_t line = record.line;
  CsvRow row;
  row.line = line;
  row.unit.code = read_code(line, plain_code(trim(record.fields[0])), kHeader[0]);
  row.unit.name = plain_name(trim(record.fields[1]));
  if (Status name = check_name(row.unit.name, "csv.name", kHeader[1]); !name) {
    faults_.add(line, "csv.name", kHeader[1], {name.error().zh, name.error().en});
  }
  row.unit.level = trim(record.fields[2]);
  if (find_level(row.unit.level) == nullptr) {
    faults_.add(line, "csv.level.unknown", kHeader[2],
                {"应为 province、city、district、township、village 之一，这里是“" +
                     excerpt(row.unit.level) + "”。",
                 "one of province, city, district, township, village is needed; found \"" +
                     excerpt(row.unit.level) + "\"."});
  }
  const std::string_view parent = plain_code(trim(record.fields[3]));
  if (!parent.empty()) {
    row.unit.parent = read_code(line, parent, kHeader[3]);
    row.parent_unreadable = row.unit.parent.empty();
  }
  if (row.unit.code.empty()) {
    all_codes_read_ = false;
    return;
  }
  const auto [first, fresh] = line_of_.emplace(row.unit.code, line);
  if (!fresh) {
    faults_.add(line, "csv.code.duplicate", kHeader[0],
                {"代码 " + row.unit.code.text() + " 在第 " + std::to_string(first->second) +
                     " 行已经出现。",
                 "code " + row.unit.code.text() + " stands on line " +
                     std::to_string(first->second) + " already."});
    return;
  }
  rows_.push_back(std::move(row));
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') out += c;
  }
  return out + '"';
}

std::string csv_code(const Code& code) {
  return code.empty() ? "" : csv_field("=\"" + code.text() + "\"");
}

std::string csv_name(std::string_view name) {
  const bool formula = !name.empty() && kFormulaStarts.find(name.front()) != std::string_view::npos;
  const std::string guarded = (formula ? "'" : "") + std::string(name);
  return guarded.find_first_of(",\"") == std::string::npos ? guarded : csv_field(guarded);
}

}  // namespace

CsvImport import_divisions(View bytes) { return Importer().run(bytes); }

std::string export_divisions(const std::vector<Unit>& units) {
  std::string out =
      "\xEF\xBB\xBF"
      "code,name,level,parent\r\n";
  for (const Unit& unit : units) {
    if (!unit.code.is_division()) continue;
    out += csv_code(unit.code) + ',' + csv_name(unit.name) + ',' + unit.level + ',' +
           csv_code(unit.parent) + "\r\n";
  }
  return out;
}

}  // namespace yishi::topology
