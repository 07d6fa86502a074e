// /topology: the tree, the log of changes, and what signing needs.
#include <algorithm>

#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/query.h"
#include "node/store/logs.h"
#include "sync/run.h"

namespace yishi::http {
namespace {

using topology::Code;
using topology::Directory;

Error no_unit(const Code& code) {
  return {"http.missing", "unit", "没有单位 " + code.text(), "there is no unit " + code.text()};
}

Json node_json(const topology::Node& node) {
  return {{"key", to_hex(node.key.id().view())},
          {"endpoint", node.endpoint},
          {"admitted", node.admitted},
          {"incarnation", node.incarnation}};
}

Json tree(const Directory& directory, const Code& code, std::uint64_t depth) {
  const auto unit = directory.unit(code);
  YISHI_ASSERT(unit.has_value());
  const auto* level = topology::find_level(unit->level);
  const auto* node = directory.node_of_unit(code);
  const auto children = directory.children_of(code);
  Json out{{"code", code.text()},
           {"name", unit->name},
           {"level", {{"id", unit->level}, {"zh", level == nullptr ? unit->level : level->zh}}},
           {"kind", unit->kind},
           {"suspended", directory.suspended(code)},
           {"retired", directory.retired(code)},
           {"parent", directory.parent_of(code).text()},
           {"keeper", unit_json(directory, directory.keeper_of(code))},
           {"node", node == nullptr ? Json() : node_json(*node)},
           {"units_below", children.size()}};
  if (depth == 0) return out;
  out["children"] = Json::array();
  for (const auto& child : children) out["children"].push_back(tree(directory, child, depth - 1));
  return out;
}

// Who: a ticket, an operator with label and place, or the root by so many signatures.
Json signer_json(const Directory& directory, const topology::Change& change) {
  Json keys = Json::array();
  for (const auto& one : change.signatures) keys.push_back(to_hex(one.key.view()));
  Json out{{"key", keys.front()}, {"keys", std::move(keys)}, {"part", "root"},
           {"label", nullptr},    {"operator_of", nullptr},  {"ticket_of", nullptr}};
  if (const auto* one = directory.operator_of_key(change.signer())) {
    out["part"] = "operator";
    out["label"] = one->label;
    out["operator_of"] = unit_json(directory, one->subtree);
  } else if (const auto* ticket = directory.ticket_of_key(change.signer())) {
    out["part"] = "ticket";
    out["ticket_of"] = unit_json(directory, ticket->unit);
  }
  return out;
}

// What the unit was called and where it belonged, from when on: old records are read by it.
Json history_json(const Directory& directory, const Code& code) {
  Json history = Json::array();
  for (const auto version : directory.chapters_of(code)) {
    const auto unit = directory.unit(code, version);
    const bool retired = directory.retired(code, version);
    history.push_back({{"version", version},
                       {"since", times(directory.time_of(version))},
                       {"name", unit->name},
                       {"parent", unit->parent.text()},
                       {"suspended", directory.suspended(code, version)},
                       {"retired", retired}});
  }
  return history;
}

Json change_json(const Directory& directory, std::uint64_t version,
                 const topology::Change& change) {
  Json operations = Json::array();
  for (const auto& operation : change.operations) {
    operations.push_back({{"name", operation_name(operation)},
                          {"zh", describe(operation, true)},
                          {"en", describe(operation, false)}});
  }
  return {{"version", version},
          {"time", times(change.time_ms)},
          {"signer", signer_json(directory, change)},
          {"operations", std::move(operations)}};
}

// Puts the changes of a row after a version into `out`.
void add_changes(Json& out, const Directory& directory, const store::StoredRow& row,
                 std::uint64_t after) {
  const auto run = sync::Run::open(row.run);
  if (!run) return;  // verify says so
  for (const auto& entry : run->entries()) {
    const auto header = sync::decode_header(entry.header);
    if (!header || header->sequence <= after) continue;
    for (const auto& bytes : entry.records) {
      if (!bytes) continue;
      const auto record = sync::decode_record(*bytes);
      if (!record || record->kind != topology::kChangeKind) continue;
      const auto change = topology::decode_change(record->body);
      if (change) out.push_back(change_json(directory, header->sequence, *change));
    }
  }
}

// The node under which the node of `unit` is or would be.
Code parent_node(const Directory& directory, const Code& unit) {
  const Code above = directory.parent_of(unit);
  return above.empty() ? Code() : directory.keeper_of(above);
}

Json joining_json(Call& call, const Code& code) {
  const auto& directory = call.directory();
  const auto unit = directory.unit(code);
  YISHI_ASSERT(unit.has_value());
  Json out{{"code", code.text()},
           {"name", unit->name},
           {"level", unit->level},
           {"node", directory.node_of_unit(code) != nullptr},
           {"parent", nullptr}};
  const Code parent = parent_node(directory, code);
  const auto* node = parent.empty() ? nullptr : directory.node_of_unit(parent);
  if (node == nullptr) return out;
  const auto& snapshot = call.snapshot();
  const bool own = parent == snapshot.unit && node->endpoint.empty();
  out["parent"] = {{"code", parent.text()},
                   {"name", unit_json(directory, parent)["name"]},
                   {"endpoint", own ? snapshot.endpoint : node->endpoint},
                   {"curve", to_hex(node->curve)}};
  return out;
}

void collect_below(const Directory& directory, const Code& code, const std::string& level,
                   std::vector<Code>& out) {
  for (const auto& child : directory.children_of(code)) {
    const auto unit = directory.unit(child);
    if (directory.retired(child)) continue;
    if (unit && (level.empty() || unit->level == level)) out.push_back(child);
    collect_below(directory, child, level, out);
  }
}

}  // namespace

Result<Reply> get_topology(Call& call) {
  Query query(call.request());
  const auto unit = query.code("unit");
  const auto depth = query.number("depth", 1, kMaxTreeDepth);
  if (const auto status = query.finish(); !status) return status.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto& directory = call.directory();
  const Code code = unit.value_or(directory.root());
  if (!directory.unit(code)) return no_unit(code);
  // How far the log of its node is held here: what came by receipts, and can't be taken back.
  Json held;
  if (const auto* node = directory.node_of_unit(code)) {
    held = store::Logs(call.database()).log(node->key.id()).head.sequence;
  }
  return Reply{{{"version", directory.latest()},
                {"held", std::move(held)},
                {"history", history_json(directory, code)},
                {"tree", tree(directory, code, depth)}}};
}

Result<Reply> get_topology_log(Call& call) {
  Query query(call.request());
  const auto after = query.number("after", 0, sync::kMaxNumber);
  const auto limit = query.number("limit", 200, kMaxLogPage);
  if (const auto status = query.finish(); !status) return status.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto& directory = call.directory();
  Json changes = Json::array();
  std::uint64_t done = after;
  if (!directory.empty()) {
    const store::Logs logs(call.database());
    const auto& log = directory.topology_key().id();
    while (changes.size() < limit) {
      const auto rows = logs.rows_of_log(log, done + 1, kScanBytes);
      if (rows.empty()) break;
      for (const auto& row : rows) {
        if (changes.size() >= limit) break;
        add_changes(changes, directory, row, done);
        done = std::max(done, row.last);
      }
    }
  }
  const bool more = done < directory.latest();
  return Reply{{{"version", directory.latest()},
                {"changes", std::move(changes)},
                {"next", more ? Json(done) : Json()}}};
}

Result<Reply> get_topology_context(Call& call) {
  Query query(call.request());
  auto wanted = query.codes("unit");
  const auto under = query.code("under");
  const std::string level = query.text("level");
  if (const auto status = query.finish(); !status) return status.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto& directory = call.directory();
  if (under && !directory.unit(*under)) return no_unit(*under);
  if (under) collect_below(directory, *under, level, wanted);
  Json units = Json::array();
  for (const auto& code : wanted) {
    if (!directory.unit(code)) return no_unit(code);
    units.push_back(joining_json(call, code));
  }
  return Reply{{{"network", to_hex(directory.network().view())},
                {"name", directory.network_name()},
                {"suite", crypto::suite_name(directory.suite())},
                {"version", directory.latest()},
                {"root", unit_json(directory, directory.root())},
                {"unit", unit_json(directory, call.snapshot().unit)},
                {"units", std::move(units)}}};
}

Result<Reply> get_policy(Call& call) {
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto policy = call.directory().policy_at();
  if (!policy) {
    return Error{"http.missing", "policy", "还没有设定规则文件", "no policy has been set"};
  }
  return Reply{{{"id", policy->id}, {"version", policy->version}, {"text", policy->text}}};
}

}  // namespace yishi::http
