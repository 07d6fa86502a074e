#include "tests/fuzz/naive_csv.h"

#include <algorithm>
#include <string>

namespace yishi::fuzz {
namespace {

using topology::Code;
using topology::Unit;
using Row = std::vector<std::string>;

const Row kHeader{"code", "name", "level", "parent"};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.erase(0, 1);
  return text;
}

enum class Read { kRow, kOpenQuote, kBad };

// The closing quote of a field that begins with one, or npos.
std::size_t closing_quote(const std::string& text) {
  std::size_t at = 1;
  while ((at = text.find('"', at)) != std::string::npos) {
    if (text.substr(at, 2) != "\"\"") return at;
    at += 2;
  }
  return at;
}

Read split(std::string line, Row& row) {
  row.clear();
  while (true) {
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.erase(0, 1);
    std::string rest;
    if (line.starts_with('"')) {
      const std::size_t end = closing_quote(line);
      if (end == std::string::npos) return Read::kOpenQuote;
      std::string field = line.substr(1, end - 1);
      for (std::size_t at = 0; (at = field.find("\"\"", at)) != std::string::npos; ++at) {
        field.erase(at, 1);
      }
      row.push_back(field);
      rest = trimmed(line.substr(end + 1));
      if (!rest.empty() && rest.front() != ',') return Read::kBad;
    } else {
      const std::size_t comma = std::min(line.find(','), line.size());
      row.push_back(trimmed(line.substr(0, comma)));
      if (row.back().find('"') != std::string::npos && row.back().front() != '=') return Read::kBad;
      rest = line.substr(comma);
    }
    if (rest.empty()) return Read::kRow;
    line = rest.substr(1);
  }
}

std::string without_return(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::optional<std::vector<Row>> rows_of(std::string_view text) {
  std::vector<Row> rows;
  std::string pending;  // lines of a field that is still open
  bool open = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    pending += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string line = without_return(pending);
    if (!open && trimmed(line).empty()) {
      pending.clear();
      continue;
    }
    Row row;
    const Read read = split(line, row);
    if (read == Read::kBad) return std::nullopt;
    open = read == Read::kOpenQuote;
    if (open) {
      pending += '\n';
    } else {
      rows.push_back(row);
      pending.clear();
    }
  }
  if (open) return std::nullopt;
  return rows;
}

std::string plain_code(std::string text) {
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"')) {
    return trimmed(text.substr(2, text.size() - 3));
  }
  return text.starts_with('\'') ? trimmed(text.substr(1)) : text;
}

std::string plain_name(const std::string& text) {
  const bool guarded = text.size() > 1 && text[0] == '\'' &&
                       std::string_view("=+-@").find(text[1]) != std::string_view::npos;
  return guarded ? text.substr(1) : text;
}

bool is_header(Row row) {
  for (auto& field : row) field = trimmed(field);
  return row == kHeader;
}

std::optional<Code> division(const std::string& text) {
  const auto code = Code::parse(text);
  if (!code || !code->is_division()) return std::nullopt;
  return *code;
}

std::optional<Unit> unit_of(const Row& row) {
  if (row.size() != kHeader.size() || is_header(row)) return std::nullopt;
  Unit unit;
  const auto code = division(plain_code(trimmed(row[0])));
  unit.name = plain_name(trimmed(row[1]));
  unit.level = trimmed(row[2]);
  const std::string parent = plain_code(trimmed(row[3]));
  const auto above = parent.empty() ? std::optional(Code()) : division(parent);
  const bool named = topology::check_name(unit.name, "csv.name", "name").ok();
  if (!code || !above || !named || topology::find_level(unit.level) == nullptr) {
    return std::nullopt;
  }
  unit.code = *code;
  unit.parent = *above;
  return unit;
}

bool fits(const Unit& unit, const std::vector<Unit>& all) {
  const auto same = [&](const Unit& other) { return other.code == unit.code; };
  if (std::count_if(all.begin(), all.end(), same) != 1) return false;
  if (unit.code.significant_digits() < topology::find_level(unit.level)->digits) return false;
  if (unit.parent.empty()) return true;
  const auto parent = std::find_if(all.begin(), all.end(),
                                   [&](const Unit& other) { return other.code == unit.parent; });
  return parent != all.end() && unit.code.extends(parent->code) &&
         topology::level_rank(unit.level) > topology::level_rank(parent->level);
}

}  // namespace

std::optional<std::vector<Unit>> naive_import(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto rows = rows_of(text);
  if (!rows || rows->empty() || !is_header(rows->front())) return std::nullopt;
  std::vector<Unit> units;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const auto unit = unit_of((*rows)[i]);
    if (!unit) return std::nullopt;
    units.push_back(*unit);
  }
  const auto is_root = [](const Unit& unit) { return unit.parent.empty(); };
  if (std::count_if(units.begin(), units.end(), is_root) != 1) return std::nullopt;
  for (const Unit& unit : units) {
    if (!fits(unit, units)) return std::nullopt;
  }
  return units;
}

}  // namespace yishi::fuzz
