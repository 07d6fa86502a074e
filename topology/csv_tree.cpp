#include "topology/csv_tree.h"

#include <algorithm>
#include <unordered_map>

namespace yishi::topology {

namespace {

constexpr std::size_t kNoRow = SIZE_MAX;

class Tree {
 public:
  Tree(const std::vector<CsvRow>& rows, bool all_codes_read, CsvFaults& faults)
      : rows_(rows), all_codes_read_(all_codes_read), faults_(faults) {}

  std::vector<Unit> arrange() {
    faults_.begin_pass();
    find_parents();
    find_root();
    find_cycles();
    for (std::size_t row = 0; row < rows_.size(); ++row) check(row);
    return faults_.empty() ? in_order() : std::vector<Unit>{};
  }

 private:
  void find_parents();
  void find_root();
  void find_cycles();
  void mark_cycle(std::size_t row);
  void check(std::size_t row);
  void check_root(std::size_t row);
  void check_level(std::size_t row);
  void check_digits(std::size_t row);
  std::vector<Unit> in_order() const;

  const std::vector<CsvRow>& rows_;
  bool all_codes_read_;
  CsvFaults& faults_;
  std::vector<std::size_t> parent_;  // row of the parent, or kNoRow
  std::size_t root_ = kNoRow;
  std::vector<bool> on_cycle_;
  std::vector<bool> cycle_head_;  // the first line of each cycle: it is reported there
};

void Tree::find_parents() {
  std::unordered_map<Code, std::size_t> row_of;
  row_of.reserve(rows_.size());
  for (std::size_t row = 0; row < rows_.size(); ++row) row_of.emplace(rows_[row].unit.code, row);
  parent_.assign(rows_.size(), kNoRow);
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const auto found = row_of.find(rows_[row].unit.parent);
    if (found != row_of.end()) parent_[row] = found->second;
  }
}

void Tree::find_root() {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [](const CsvRow& row) {
    return row.unit.parent.empty() && !row.parent_unreadable;
  });
  if (found != rows_.end()) {
    root_ = static_cast<std::size_t>(found - rows_.begin());
  } else if (all_codes_read_) {
    faults_.add(1, "csv.root", "parent",
                {"没有最高单位：应有且只有一行的 parent 为空。",
                 "there is no top unit: exactly one line must have an empty parent."});
  }
}

// Walks upwards from each row; a walk that meets itself has found a cycle.
void Tree::find_cycles() {
  constexpr std::size_t kUnseen = SIZE_MAX;
  std::vector<std::size_t> walk_of(rows_.size(), kUnseen);
  on_cycle_.assign(rows_.size(), false);
  cycle_head_.assign(rows_.size(), false);
  for (std::size_t start = 0; start < rows_.size(); ++start) {
    std::size_t row = start;
    while (row != kNoRow && walk_of[row] == kUnseen) {
      walk_of[row] = start;
      row = parent_[row];
    }
    if (row != kNoRow && walk_of[row] == start) mark_cycle(row);
  }
}

void Tree::mark_cycle(std::size_t row) {
  std::size_t first = row;
  for (std::size_t at = row; !on_cycle_[at]; at = parent_[at]) {
    on_cycle_[at] = true;
    first = std::min(first, at);
  }
  cycle_head_[first] = true;
}

void Tree::check(std::size_t row) {
  const CsvRow& here = rows_[row];
  if (cycle_head_[row]) {
    faults_.add(
        here.line, "csv.cycle", "parent",
        {"上下级成了环：" + here.unit.code.text() + " 沿 parent 向上又回到自己。",
         "a cycle: following the parents of " + here.unit.code.text() + " leads back to it."});
  }
  check_root(row);
  check_level(row);
  check_digits(row);
}

void Tree::check_root(std::size_t row) {
  const CsvRow& here = rows_[row];
  if (here.parent_unreadable) return;
  if (here.unit.parent.empty() && row != root_) {
    const std::string first = std::to_string(rows_[root_].line);
    faults_.add(here.line, "csv.root", "parent",
                {"parent 为空，但第 " + first + " 行已是最高单位，只能有一个。",
                 "the parent is empty, but line " + first +
                     " is the top unit already; there can be only one."});
  } else if (!here.unit.parent.empty() && parent_[row] == kNoRow && all_codes_read_) {
    faults_.add(here.line, "csv.parent.unknown", "parent",
                {"文件中没有代码为 " + here.unit.parent.text() + " 的单位。",
                 "the file has no unit with code " + here.unit.parent.text() + "."});
  }
}

void Tree::check_level(std::size_t row) {
  if (parent_[row] == kNoRow || on_cycle_[row]) return;
  const Unit& unit = rows_[row].unit;
  const Unit& above = rows_[parent_[row]].unit;
  const int rank = level_rank(unit.level);
  const int above_rank = level_rank(above.level);
  if (rank < 0 || above_rank < 0 || rank > above_rank) return;
  faults_.add(
      rows_[row].line, "csv.level.order", "level",
      {"层级 " + unit.level + " 应低于上级 " + above.code.text() + " 的层级 " + above.level + "。",
       "level " + unit.level + " must be below " + above.level + ", the level of its parent " +
           above.code.text() + "."});
}

void Tree::check_digits(std::size_t row) {
  const Unit& unit = rows_[row].unit;
  const Level* level = find_level(unit.level);
  const std::size_t line = rows_[row].line;
  if (level != nullptr && unit.code.significant_digits() < level->digits) {
    const std::string needed = std::to_string(level->digits);
    const std::string found = std::to_string(unit.code.significant_digits());
    faults_.add(line, "csv.code.digits", "code",
                {"层级 " + level->id + " 的代码至少有 " + needed + " 位有效数字，" +
                     unit.code.text() + " 只有 " + found + " 位。",
                 "a code of level " + level->id + " has at least " + needed +
                     " significant digits, " + unit.code.text() + " has " + found + "."});
    return;
  }
  if (parent_[row] == kNoRow || on_cycle_[row]) return;
  const Unit& above = rows_[parent_[row]].unit;
  if (unit.code.extends(above.code)) return;
  const std::string front = above.code.text().substr(0, above.code.significant_digits());
  faults_.add(
      line, "csv.code.digits", "code",
      {"代码 " + unit.code.text() + " 应以上级代码的前几位 " + front + " 开头。",
       "code " + unit.code.text() + " must begin with " + front + ", the digits of its parent."});
}

std::vector<Unit> Tree::in_order() const {
  std::vector<std::vector<std::size_t>> children(rows_.size());
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (parent_[row] != kNoRow) children[parent_[row]].push_back(row);
  }
  std::vector<Unit> units;
  units.reserve(rows_.size());
  std::vector<std::size_t> queue{root_};
  queue.reserve(rows_.size());
  for (std::size_t at = 0; at < queue.size(); ++at) {
    units.push_back(rows_[queue[at]].unit);
    queue.insert(queue.end(), children[queue[at]].begin(), children[queue[at]].end());
  }
  YISHI_ASSERT(units.size() == rows_.size());  // no cycle, one root: all are reached
  return units;
}

}  // namespace

void CsvFaults::add(std::size_t line, std::string_view rule, std::string_view column,
                    const Sentences& sentences) {
  ++total_;
  if (kept_in_pass_ >= kMaxReported) return;
  ++kept_in_pass_;
  const std::string name(column);
  const std::string number = std::to_string(line);
  faults_.push_back(
      {line,
       {std::string(rule), name,
        "第 " + number + " 行" + (name.empty() ? "" : " " + name + " 列") + "：" + sentences.zh,
        "Line " + number + (name.empty() ? "" : ", column " + name) + ": " + sentences.en}});
}

CsvImport CsvFaults::refuse() && {
  CsvImport import;
  import.faults = std::move(faults_);
  std::stable_sort(import.faults.begin(), import.faults.end(),
                   [](const CsvFault& a, const CsvFault& b) { return a.line < b.line; });
  if (import.faults.size() > kMaxReported) {
    import.faults.erase(import.faults.begin() + kMaxReported, import.faults.end());
  }
  import.unreported = total_ - import.faults.size();
  return import;
}

CsvImport CsvFaults::refuse_encoding(const Error& error) {
  CsvImport import;
  import.faults.push_back({static_cast<std::size_t>(std::stoull(error.field)), error});
  import.faults.front().error.field.clear();
  return import;
}

std::vector<Unit> arrange_rows(const std::vector<CsvRow>& rows, bool all_codes_read,
                               CsvFaults& faults) {
  return Tree(rows, all_codes_read, faults).arrange();
}

Error CsvImport::summary() const {
  YISHI_ASSERT(!ok());
  const CsvFault& first = faults.front();
  const std::string& column = first.error.field;
  Error error{first.error.rule,
              "line " + std::to_string(first.line) + (column.empty() ? "" : ", " + column), "", ""};
  for (const CsvFault& fault : faults) {
    error.zh += (error.zh.empty() ? "" : "\n") + fault.error.zh;
    error.en += (error.en.empty() ? "" : "\n") + fault.error.en;
  }
  if (unreported > 0) {
    error.zh += "\n另有 " + std::to_string(unreported) + " 处错误未列出。";
    error.en += "\n" + std::to_string(unreported) + " more faults are not listed.";
  }
  return error;
}

}  // namespace yishi::topology
