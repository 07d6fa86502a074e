#include "topology/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace yishi::topology {

namespace {

using ByCode = std::map<Code, PresentUnit>;

ByCode by_code(const std::vector<PresentUnit>& present) {
  ByCode map;
  for (const PresentUnit& one : present) map.emplace(one.unit.code, one);
  return map;
}

class Maker {
 public:
  Maker(const std::vector<PresentUnit>& present, const Divisions& wanted)
      : present_(by_code(present)), wanted_(wanted) {
    for (const Unit& unit : wanted.units) in_file_.insert(unit.code);
  }

  Plan make() {
    additions();
    for (const Unit& unit : wanted_.units) differences(unit);
    departures();
    return std::move(plan_);
  }

 private:
  using Place = std::tuple<Code, std::string, std::string>;  // parent, level, name

  void additions() {
    for (const Unit& unit : wanted_.units) {  // parents stand before children
      if (present_.contains(unit.code)) continue;
      plan_.operations.emplace_back(UnitAdded{unit});
      newcomers_.emplace(Place{unit.parent, unit.level, unit.name}, unit.code);
    }
  }

  void differences(const Unit& unit) {
    const auto found = present_.find(unit.code);
    if (found == present_.end() || found->second.retired) return;
    if (found->second.unit.parent != unit.parent && !unit.parent.empty()) {
      plan_.operations.emplace_back(UnitMoved{unit.code, unit.parent});
    }
    if (found->second.unit.name != unit.name) {
      plan_.operations.emplace_back(UnitRenamed{unit.code, unit.name});
    }
  }

  // Successors first from the top, so that a village finds where its township went; retired
  // from the bottom, so that nobody is left below.
  void departures() {
    std::vector<Unit> leaving;
    for (const auto& [code, one] : present_) {
      const bool division = code.is_division() && !one.retired && !one.unit.parent.empty();
      if (division && !in_file_.contains(code)) leaving.push_back(one.unit);
    }
    std::stable_sort(leaving.begin(), leaving.end(), [](const Unit& a, const Unit& b) {
      return level_rank(a.level) < level_rank(b.level);
    });
    std::vector<Operation> retired;
    std::set<Code> staying;
    for (const Unit& unit : leaving) {
      const Code successor = successor_of(unit);
      if (successor.empty()) {
        plan_.undecided.push_back(unit);
      } else {
        went_to_.emplace(unit.code, successor);
        retired.emplace_back(UnitRetired{unit.code, successor});
      }
    }
    // A township below which something undecided stays cannot be retired yet.
    for (const Unit& unit : plan_.undecided) {
      for (Code above = unit.parent; !above.empty();) {
        staying.insert(above);
        const auto found = present_.find(above);
        above = found == present_.end() ? Code() : found->second.unit.parent;
      }
    }
    for (auto it = retired.rbegin(); it != retired.rend(); ++it) {
      const auto& one = std::get<UnitRetired>(*it);
      if (staying.contains(one.code)) {
        plan_.undecided.push_back(present_.at(one.code).unit);
      } else {
        plan_.operations.push_back(*it);
      }
    }
  }

  Code successor_of(const Unit& unit) const {
    const auto moved = went_to_.find(unit.parent);
    for (const Code& parent : {unit.parent, moved == went_to_.end() ? Code() : moved->second}) {
      const auto found = newcomers_.find({parent, unit.level, unit.name});
      if (found != newcomers_.end()) return found->second;
    }
    return {};
  }

  ByCode present_;
  const Divisions& wanted_;
  std::set<Code> in_file_;
  std::map<Place, Code> newcomers_;
  std::map<Code, Code> went_to_;
  Plan plan_;
};

struct Line {
  std::string operator()(const UnitAdded& op) const {
    return "add " + op.unit.code.text() + ' ' + op.unit.level + ' ' + op.unit.parent.text() + ' ' +
           op.unit.name;
  }
  std::string operator()(const UnitRenamed& op) const {
    return "rename " + op.code.text() + ' ' + op.name;
  }
  std::string operator()(const UnitMoved& op) const {
    return "move " + op.code.text() + ' ' + op.parent.text();
  }
  std::string operator()(const UnitRetired& op) const {
    return "retire " + op.code.text() + ' ' + op.successor.text();
  }
  template <class Other>
  std::string operator()(const Other& /*op*/) const {
    YISHI_ASSERT(false);  // a plan has no others
    return {};
  }
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view next_word(std::string_view& rest) {
  rest = trimmed(rest);
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest = trimmed(rest.substr(word.size()));
  return word;
}

Result<Operation> parse_line(std::string_view line) {
  const std::string_view verb = next_word(line);
  const auto code = Code::parse(next_word(line));
  if (!code) return code.error();
  if (verb == "rename") return Operation(UnitRenamed{*code, std::string(line)});
  Unit unit;
  unit.code = *code;
  if (verb == "add") unit.level = next_word(line);
  const auto other = Code::parse(next_word(line));
  if (!other) return other.error();
  if (verb == "add") {
    unit.parent = *other;
    unit.name = line;
    unit.kind = kind_of_suffix(unit.code.suffix_letter());
    return Operation(UnitAdded{std::move(unit)});
  }
  if (verb == "move" && line.empty()) return Operation(UnitMoved{*code, *other});
  if (verb == "retire" && line.empty()) return Operation(UnitRetired{*code, *other});
  return Error{"plan.line", "plan", "应为 add、rename、move 或 retire 开头的一行",
               "a line begins with add, rename, move or retire"};
}

struct AlreadyTrue {
  const ByCode& present;
  const PresentUnit* find(const Code& code) const {
    const auto found = present.find(code);
    return found == present.end() ? nullptr : &found->second;
  }
  bool operator()(const UnitAdded& op) const { return find(op.unit.code) != nullptr; }
  bool operator()(const UnitRenamed& op) const {
    const PresentUnit* unit = find(op.code);
    return unit != nullptr && unit->unit.name == op.name;
  }
  bool operator()(const UnitMoved& op) const {
    const PresentUnit* unit = find(op.code);
    return unit != nullptr && unit->unit.parent == op.parent;
  }
  bool operator()(const UnitRetired& op) const {
    const PresentUnit* unit = find(op.code);
    return unit != nullptr && unit->retired;
  }
  template <class Other>
  bool operator()(const Other& /*op*/) const {
    return false;
  }
};

}  // namespace

std::string Plan::to_text() const {
  std::string text =
      "# 区划调整方案：核对、修改后用 yishi topology apply 执行\n"
      "# a plan of changes: check it, correct it, then run yishi topology apply\n";
  for (const Operation& operation : operations) text += std::visit(Line{}, operation) + '\n';
  if (undecided.empty()) return text;
  text +=
      "# 以下单位新文件中没有：请去掉行首的 #，把“？”换成承接单位的代码\n"
      "# these are not in the new file: remove the # and put the successor's code for the ?\n";
  for (const Unit& unit : undecided) {
    text += "# retire " + unit.code.text() + " ?    " + unit.name + '\n';
  }
  return text;
}

Plan make_plan(const std::vector<PresentUnit>& present, const Divisions& wanted) {
  return Maker(present, wanted).make();
}

Result<std::vector<Operation>> parse_plan(std::string_view text) {
  std::vector<Operation> operations;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (++number > kMaxPlanLines) {
      return Error{"plan.size", "plan", "方案最多 400000 行", "a plan has at most 400000 lines"};
    }
    if (line.empty() || line.front() == '#') continue;
    auto operation = parse_line(line);
    if (!operation) {
      const std::string at = std::to_string(number);
      const Error& why = operation.error();
      return Error{"plan.line", "plan", "第 " + at + " 行“" + excerpt(line) + "”：" + why.zh,
                   "line " + at + " \"" + excerpt(line) + "\": " + why.en};
    }
    operations.push_back(std::move(operation).value());
  }
  return operations;
}

std::vector<Operation> still_to_do(const std::vector<Operation>& plan,
                                   const std::vector<PresentUnit>& present) {
  const ByCode map = by_code(present);
  std::vector<Operation> left;
  for (const Operation& operation : plan) {
    if (!std::visit(AlreadyTrue{map}, operation)) left.push_back(operation);
  }
  return left;
}

}  // namespace yishi::topology
