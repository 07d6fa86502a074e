// What an operation is called, for machines and for people.
#include <array>

#include "topology/change.h"

namespace yishi::topology {

namespace {

constexpr std::size_t kShownIdBytes = 6;  // of a key id: enough to tell two apart on a screen

std::string short_id(const crypto::Digest& id) { return to_hex(id.view().first(kShownIdBytes)); }

std::string join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

std::string unit_and_name(const Unit& unit) {
  return join({excerpt(unit.name), " (", unit.code.text(), ")"});
}

// "2/3": two of three.
std::string of(std::uint64_t threshold, std::size_t keys) {
  return std::to_string(threshold) + "/" + std::to_string(keys);
}

struct Zh {
  std::string operator()(const NetworkCreated& op) const {
    return join({"建立网络“", excerpt(op.name), "”，密码套件 ", crypto::suite_name(op.suite),
                 "，根密钥 ", of(op.threshold, op.root_keys.size())});
  }
  std::string operator()(const RootChanged& op) const {
    return join({"更换根密钥，今后须 ", of(op.threshold, op.keys.size()), " 签名"});
  }
  std::string operator()(const UnitRetired& op) const {
    return join({"撤销单位 ", op.code.text(), "，由 ", op.successor.text(), " 承接"});
  }
  std::string operator()(const UnitAdded& op) const {
    if (op.unit.parent.empty()) return join({"新增最高单位 ", unit_and_name(op.unit)});
    return join({"新增单位 ", unit_and_name(op.unit), "，隶属 ", op.unit.parent.text()});
  }
  std::string operator()(const UnitRenamed& op) const {
    return join({"单位 ", op.code.text(), " 更名为“", excerpt(op.name), "”"});
  }
  std::string operator()(const UnitMoved& op) const {
    return join({"单位 ", op.code.text(), " 及其下属划归 ", op.parent.text()});
  }
  std::string operator()(const UnitSuspended& op) const {
    return join({"停用单位 ", op.code.text()});
  }
  std::string operator()(const UnitResumed& op) const {
    return join({"恢复单位 ", op.code.text()});
  }
  std::string operator()(const OperatorAdmitted& op) const {
    return join({"授权管理员“", excerpt(op.label), "”管理 ", op.subtree.text(), " 及其下属"});
  }
  std::string operator()(const OperatorEnded& op) const {
    return join({"撤销管理员密钥 ", short_id(op.key_id)});
  }
  std::string operator()(const TicketIssued& op) const {
    return join({"为单位 ", op.unit.text(), " 签发入网凭证"});
  }
  std::string operator()(const NodeAdmitted& op) const {
    const std::string at = op.endpoint.empty() ? "" : "，地址 " + excerpt(op.endpoint);
    return join({"单位 ", op.unit.text(), " 的节点入网", at});
  }
  std::string operator()(const NodeEnded& op) const {
    return join({"节点密钥 ", short_id(op.key_id), " 停用，其第 ", std::to_string(op.last_sequence),
                 " 条之后的记录无效"});
  }
  std::string operator()(const PolicySet& op) const {
    return join({"启用议事规则“", excerpt(op.id), "”，", std::to_string(op.text.size()), " 字节"});
  }
};

struct En {
  std::string operator()(const NetworkCreated& op) const {
    return join({"network \"", excerpt(op.name), "\" created, suite ", crypto::suite_name(op.suite),
                 ", root ", of(op.threshold, op.root_keys.size())});
  }
  std::string operator()(const RootChanged& op) const {
    return join({"root keys changed; from now on ", of(op.threshold, op.keys.size()), " sign"});
  }
  std::string operator()(const UnitRetired& op) const {
    return join({"unit ", op.code.text(), " retired; ", op.successor.text(), " succeeds it"});
  }
  std::string operator()(const UnitAdded& op) const {
    if (op.unit.parent.empty()) return join({"top unit ", unit_and_name(op.unit), " added"});
    return join({"unit ", unit_and_name(op.unit), " added under ", op.unit.parent.text()});
  }
  std::string operator()(const UnitRenamed& op) const {
    return join({"unit ", op.code.text(), " renamed to \"", excerpt(op.name), "\""});
  }
  std::string operator()(const UnitMoved& op) const {
    return join({"unit ", op.code.text(), " moved under ", op.parent.text(), " with all below it"});
  }
  std::string operator()(const UnitSuspended& op) const {
    return join({"unit ", op.code.text(), " suspended"});
  }
  std::string operator()(const UnitResumed& op) const {
    return join({"unit ", op.code.text(), " resumed"});
  }
  std::string operator()(const OperatorAdmitted& op) const {
    return join({"operator \"", excerpt(op.label), "\" admitted for ", op.subtree.text(),
                 " and all below it"});
  }
  std::string operator()(const OperatorEnded& op) const {
    return join({"operator key ", short_id(op.key_id), " ended"});
  }
  std::string operator()(const TicketIssued& op) const {
    return join({"ticket issued for unit ", op.unit.text()});
  }
  std::string operator()(const NodeAdmitted& op) const {
    const std::string at = op.endpoint.empty() ? "" : " at " + excerpt(op.endpoint);
    return join({"node of unit ", op.unit.text(), " admitted", at});
  }
  std::string operator()(const NodeEnded& op) const {
    return join({"node key ", short_id(op.key_id), " ended; entries after ",
                 std::to_string(op.last_sequence), " have no standing"});
  }
  std::string operator()(const PolicySet& op) const {
    return join(
        {"policy \"", excerpt(op.id), "\" set, ", std::to_string(op.text.size()), " bytes"});
  }
};

// In the order of Operation's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Operation>> kNames{
    "network.created", "unit.added",        "unit.renamed",   "unit.moved",    "unit.suspended",
    "unit.resumed",    "operator.admitted", "operator.ended", "ticket.issued", "node.admitted",
    "node.ended",      "policy.set",        "root.changed",   "unit.retired"};

}  // namespace

std::string_view operation_name(const Operation& operation) { return kNames[operation.index()]; }

std::string describe(const Operation& operation, bool chinese) {
  return chinese ? std::visit(Zh{}, operation) : std::visit(En{}, operation);
}

}  // namespace yishi::topology
