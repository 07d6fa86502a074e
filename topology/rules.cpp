// Which operations on units a signer may have, and whether they fit the tree.
#include "topology/rules.h"

namespace yishi::topology {

namespace {

Error unknown_unit(const Code& code, std::string_view field) {
  return {"unit.unknown", std::string(field), "没有代码为 " + code.text() + " 的单位。",
          "There is no unit with code " + code.text() + "."};
}

Error root_stays(std::string_view field) {
  return {"unit.root", std::string(field), "最高单位只有一个，不能移动、停用或重设。",
          "There is one top unit; it cannot be moved, suspended or set again."};
}

}  // namespace

Result<Verdict> Rules::judge(const Operation& operation) const {
  return std::visit([&](const auto& op) { return judge_one(op); }, operation);
}

Status Rules::only_root() const {
  if (signer_.part == Signer::Part::kRoot) return {};
  return Error{"operator.scope.root", "signer", "这项变更只能由根密钥签名。",
               "Only the root key may sign this change."};
}

Status Rules::entitled(Index unit) const {
  if (signer_.part != Signer::Part::kOperator) return {};  // a ticket was judged as a whole
  const Index subtree = state_.find(state_.operators[signer_.index].subtree);
  if (state_.inside(unit, subtree, Directory::kNewest)) return {};
  const std::string& own = state_.units[subtree].code.text();
  const std::string& asked = state_.units[unit].code.text();
  return Error{
      "operator.scope", "signer", "这个管理员只管 " + own + " 及其下属，不能变更 " + asked + "。",
      "This operator is entitled to " + own + " and what is below it, not to " + asked + "."};
}

Result<Index> Rules::entitled(const Code& code, std::string_view field) const {
  const Index unit = state_.find(code);
  if (unit == kNone) return unknown_unit(code, field);
  if (Status scope = entitled(unit); !scope) return scope.error();
  return unit;
}

Result<Index> Rules::entitled_living(const Code& code, std::string_view field) const {
  const Result<Index> unit = entitled(code, field);
  if (!unit || !state_.units[*unit].chapters.back().retired) return unit;
  return Error{"unit.retired", std::string(field), "单位 " + code.text() + " 已经撤销。",
               "Unit " + code.text() + " has been retired."};
}

Status Rules::suffix_fits(const Unit& unit, Index parent) const {
  const std::string_view kind = kind_of_suffix(unit.code.suffix_letter());
  if (kind != unit.kind) {
    return Error{"unit.kind", "kind",
                 "代码 " + unit.code.text() + " 的类别应为 " + std::string(kind) + "，这里是“" +
                     excerpt(unit.kind) + "”。",
                 "The kind of code " + unit.code.text() + " is " + std::string(kind) +
                     ", found \"" + excerpt(unit.kind) + "\"."};
  }
  if (unit.code.is_division()) return {};
  const Index front = state_.find(unit.code.division());
  if (front != kNone && state_.inside(parent, front, Directory::kNewest)) return {};
  return Error{"unit.code.suffix", "code",
               "代码 " + unit.code.text() + " 前 12 位应是上级 " +
                   state_.units[parent].code.text() + " 或其上级的代码。",
               "The first 12 digits of " + unit.code.text() + " must be the code of its parent " +
                   state_.units[parent].code.text() + " or of a unit above it."};
}

Status Rules::root_fits(const Unit& unit) const {
  if (Status root = only_root(); !root) return root;
  if (state_.root != kNone) return root_stays("parent");
  if (unit.kind == "division" && unit.code.is_division()) return {};
  return Error{"unit.kind", "kind", "最高单位必须是区划（division）。",
               "The top unit must be a division."};
}

// A division stands below its parent's level; a room may stand at it, for there is no
// level below a village.
Status Rules::place_fits(const Unit& unit, Index parent) const {
  const UnitHistory& above = state_.units[parent];
  const int rank = level_rank(unit.level);
  const int above_rank = level_rank(above.level->id);
  const bool division = unit.code.is_division();
  if (division && !above.code.is_division()) {
    return Error{"unit.parent.kind", "parent", "区划单位的上级必须也是区划单位。",
                 "The parent of a division must be a division."};
  }
  if (rank > above_rank || (!division && rank == above_rank)) return {};
  return Error{"unit.level.order", "level",
               "层级 " + unit.level + " 应低于上级 " + above.code.text() + " 的层级 " +
                   above.level->id + "。",
               "Level " + unit.level + " must be below " + above.level->id +
                   ", the level of its parent " + above.code.text() + "."};
}

namespace {

Error too_deep() {
  return {"unit.depth", "parent", "层级太深，从上到下最多 16 层。",
          "The tree would be too deep; at most 16 units from top to bottom."};
}

}  // namespace

Result<Verdict> Rules::judge_one(const UnitAdded& op) const {
  const Unit& unit = op.unit;
  if (state_.find(unit.code) != kNone) {
    return Error{"unit.code.used", "code", "代码 " + unit.code.text() + " 已经用过。",
                 "Code " + unit.code.text() + " has been used."};
  }
  if (state_.units.size() >= kMaxUnits) {
    return Error{"unit.count", "code", "单位太多，一个网络最多 100000 个。",
                 "Too many units; a network has at most 100000."};
  }
  if (Status name = check_name(unit.name, "unit.name", "name"); !name) return name.error();
  if (find_level(unit.level) == nullptr) {
    return Error{"unit.level.unknown", "level",
                 "不认识的层级“" + excerpt(unit.level) +
                     "”，可用 province、city、district、township、village。",
                 "Unknown level \"" + excerpt(unit.level) +
                     "\"; use province, city, district, township or village."};
  }
  if (unit.parent.empty()) {
    if (Status root = root_fits(unit); !root) return root.error();
    return Verdict{};
  }
  const Result<Index> parent = entitled_living(unit.parent, "parent");
  if (!parent) return parent.error();
  if (Status suffix = suffix_fits(unit, *parent); !suffix) return suffix.error();
  if (Status place = place_fits(unit, *parent); !place) return place.error();
  if (state_.depth(*parent) + 1 > kMaxDepth) return too_deep();
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitRenamed& op) const {
  const Result<Index> index = entitled_living(op.code, "code");
  if (!index) return index.error();
  if (Status name = check_name(op.name, "unit.name", "name"); !name) return name.error();
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitMoved& op) const {
  const Result<Index> index = entitled_living(op.code, "code");
  if (!index) return index.error();
  const Result<Index> parent = entitled_living(op.parent, "parent");
  if (!parent) return parent.error();
  if (*index == state_.root) return root_stays("code");
  if (state_.inside(*parent, *index, Directory::kNewest)) {
    return Error{"unit.cycle", "parent", "单位不能划归自己或自己的下属。",
                 "A unit cannot be moved under itself or what is below it."};
  }
  if (state_.parent(*index, Directory::kNewest) == *parent) {
    return Error{"unit.parent.same", "parent", "单位已经隶属于它。", "The unit is there already."};
  }
  Unit unit;
  unit.code = op.code;
  unit.level = state_.units[*index].level->id;
  if (Status place = place_fits(unit, *parent); !place) return place.error();
  if (state_.depth(*parent) + state_.height(*index) > kMaxDepth) return too_deep();
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitSuspended& op) const {
  const Result<Index> index = entitled_living(op.code, "code");
  if (!index) return index.error();
  if (*index == state_.root) return root_stays("code");
  if (state_.units[*index].chapters.back().suspended) {
    return Error{"unit.suspended", "code", "单位 " + op.code.text() + " 已经停用。",
                 "Unit " + op.code.text() + " is suspended already."};
  }
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitResumed& op) const {
  const Result<Index> index = entitled_living(op.code, "code");
  if (!index) return index.error();
  if (!state_.units[*index].chapters.back().suspended) {
    return Error{"unit.resumed", "code", "单位 " + op.code.text() + " 没有停用。",
                 "Unit " + op.code.text() + " is not suspended."};
  }
  return Verdict{};
}

namespace {

Error has_living_children(const Code& code) {
  return {"unit.retired.children", "code",
          "单位 " + code.text() + " 还有下级单位，请先把它们划归别处或撤销。",
          "Unit " + code.text() + " still has units below it: move or retire them first."};
}

Error cannot_succeed(const Code& successor) {
  return {"unit.retired.successor", "successor",
          "承接单位 " + successor.text() + " 不能是被撤销的单位本身或其下级，且必须是区划单位。",
          "The successor " + successor.text() +
              " must be a division, and neither the retired unit nor below it."};
}

}  // namespace

Result<Verdict> Rules::judge_one(const UnitRetired& op) const {
  const Result<Index> index = entitled_living(op.code, "code");
  if (!index) return index.error();
  const Result<Index> successor = entitled_living(op.successor, "successor");
  if (!successor) return successor.error();
  if (*index == state_.root) return root_stays("code");
  for (const Index child : state_.units[*index].children) {
    if (!state_.units[child].chapters.back().retired) return has_living_children(op.code);
  }
  const bool division = state_.units[*successor].code.is_division();
  const bool fits = division || !state_.units[*index].code.is_division();
  if (!fits || state_.inside(*successor, *index, Directory::kNewest)) {
    return cannot_succeed(op.successor);
  }
  if (state_.depth(*successor) + state_.height(*index) > kMaxDepth) return too_deep();
  return Verdict{};
}

}  // namespace yishi::topology
