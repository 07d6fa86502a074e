// /status, /refusals, /healthz: how the node is, never better than it is.
#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "node/http/query.h"
#include "node/http/status_json.h"
#include "node/store/logs.h"
#include "node/turn/repair.h"

namespace yishi::http {
namespace {

Json neighbour_json(const topology::Directory& directory, const turn::NeighbourView& view) {
  return {{"unit", unit_json(directory, view.unit)},
          {"state", view.state},
          {"heard", times(view.heard_ms)},
          {"confirmed", times(view.confirmed_ms)},
          {"clock_offset_ms", view.clock_offset_ms},
          {"software", view.software},
          {"endpoint", view.endpoint}};
}

struct LogTotals {
  std::uint64_t logs = 0, records = 0;
  Json quarantined = Json::array();
};

LogTotals totals(const store::Logs& logs, const topology::Directory& directory) {
  LogTotals out;
  for (const auto& [id, state] : logs.all_logs()) {
    ++out.logs;
    out.records += state.records;
    if (state.quarantine.empty()) continue;
    const auto* node = directory.node_of_key(id);
    out.quarantined.push_back(
        {{"log", to_hex(id.view())},
         {"unit", node == nullptr ? Json() : unit_json(directory, node->unit)},
         {"rule", state.quarantine},
         {"sequence", state.quarantine_at}});
  }
  return out;
}

Json contacts_json(const store::Logs& logs, const topology::Directory& directory) {
  Json out = Json::array();
  for (const auto& row : logs.contacts()) {
    const auto code = topology::Code::parse(row.unit);
    out.push_back({{"unit", code ? unit_json(directory, *code) : Json(row.unit)},
                   {"contact", times(row.contact_ms)},
                   {"head", row.head},
                   {"waiting", row.waiting},
                   {"software", row.software}});
  }
  return out;
}

Json wants_json(const store::Logs& logs) {
  Json out = Json::array();
  for (const auto& row : logs.wants()) {
    out.push_back({{"log", row.want.log.is_zero() ? Json() : Json(to_hex(row.want.log.view()))},
                   {"from", row.want.from},
                   {"issue", row.want.issue},
                   {"neighbour", row.neighbour}});
  }
  return out;
}

// What the parent passed over in our stream, and so does not hold.
Json passed_over_json(const topology::Directory& directory, const sync::Receipted& receipted) {
  Json out = Json::array();
  for (const auto& lack : receipted.lacks) {
    const bool unread = lack.log.is_zero();
    const auto* node = unread ? nullptr : directory.node_of_key(lack.log);
    out.push_back({{"log", unread ? Json() : Json(to_hex(lack.log.view()))},
                   {"unit", node == nullptr ? Json() : unit_json(directory, node->unit)},
                   {unread ? "position" : "held", lack.sequence}});
  }
  return out;
}

// What went bad on this disk, newest first, mended or not.
Json damages_json(const store::Logs& logs, const topology::Directory& directory) {
  Json out = Json::array();
  for (const auto& damage : logs.damages(false, kMaxDamagesShown)) {
    const auto* node = directory.node_of_key(damage.row.log);
    out.push_back({{"position", damage.row.position},
                   {"log", to_hex(damage.row.log.view())},
                   {"unit", node == nullptr ? Json() : unit_json(directory, node->unit)},
                   {"first", damage.row.first},
                   {"last", damage.row.last},
                   {"rule", damage.rule},
                   {"zh", damage.zh},
                   {"en", damage.en},
                   {"found", times(damage.found_ms)},
                   {"mended", times(damage.mended_ms)}});
  }
  return out;
}

Json forks_json(const store::Logs& logs, const topology::Directory& directory) {
  Json out = Json::array();
  for (const auto& fork : logs.forks()) {
    const auto* node = directory.node_of_key(fork.log);
    out.push_back({{"log", to_hex(fork.log.view())},
                   {"unit", node == nullptr ? Json() : unit_json(directory, node->unit)},
                   {"sequence", fork.sequence}});
  }
  return out;
}

void put_unit(Json& out, const turn::Snapshot& snapshot) {
  const auto& directory = *snapshot.directory;
  const auto unit = directory.unit(snapshot.unit);
  const auto* level = unit ? topology::find_level(unit->level) : nullptr;
  out["unit"] = unit_json(directory, snapshot.unit);
  out["level"] =
      unit ? Json{{"id", unit->level}, {"zh", level == nullptr ? "" : level->zh}} : Json();
  out["network"] = {{"id", to_hex(directory.network().view())},
                    {"name", directory.network_name()},
                    {"suite", crypto::suite_name(directory.suite())}};
  const auto policy = directory.policy_at();
  out["topology"] = directory.latest();
  out["policy"] = policy ? Json{{"id", policy->id}, {"version", policy->version}} : Json();
  out["software"] = snapshot.software;
  out["endpoint"] = snapshot.endpoint;
  out["admitted"] = snapshot.admitted;
  out["joining"] = snapshot.joining;
  out["disk_full"] = snapshot.disk_full;
  out["started"] = times(snapshot.started_ms);
  out["now"] = times(now_ms());
}

}  // namespace

Json waiting_json(const store::Logs& logs, const turn::Snapshot& snapshot) {
  if (!snapshot.parent && snapshot.joining.empty()) {
    return {{"state", "top"},
            {"records", 0},
            {"oldest_ms", 0},
            {"oldest", nullptr},
            {"zh", "已存本机（本级为最高一级）"},
            {"en", "stored here (the top level)"}};
  }
  const auto waiting = logs.waiting(snapshot.receipted);
  Json out{{"state", waiting.records == 0 ? "received" : "stored"},
           {"records", waiting.records},
           {"oldest_ms", waiting.oldest_ms},
           {"oldest", times(waiting.oldest_ms)}};
  const std::string count = std::to_string(waiting.records);
  out["zh"] = waiting.records == 0 ? "上级已收" : "已存本机 " + count + " 条待报";
  out["en"] = waiting.records == 0 ? "received by the level above"
                                   : "stored here, " + count + " records waiting to be sent";
  return out;
}

Result<Reply> get_status(Call& call) {
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto& snapshot = call.snapshot();
  const auto& directory = call.directory();
  const store::Logs logs(call.database());
  const auto found = totals(logs, directory);
  Json out;
  put_unit(out, snapshot);
  out["parent"] = snapshot.parent ? neighbour_json(directory, *snapshot.parent) : Json();
  out["children"] = Json::array();
  for (const auto& child : snapshot.children) {
    out["children"].push_back(neighbour_json(directory, child));
  }
  out["waiting"] = waiting_json(logs, snapshot);
  out["last_confirmed"] = snapshot.parent ? times(snapshot.parent->confirmed_ms) : Json();
  out["counts"] = {{"issues", store::Issues(call.database()).count()},
                   {"logs", found.logs},
                   {"records", found.records},
                   {"rows", logs.last_position()},
                   {"units", directory.unit_count()},
                   {"nodes", directory.nodes().size()}};
  out["passed_over"] = passed_over_json(directory, snapshot.receipted);
  out["damaged"] = damages_json(logs, directory);
  out["scrubbed"] = times(snapshot.scrubbed_ms);
  out["own_log_unsure"] = logs.value(turn::kOwnLogUnsure).value_or("") == "1";
  out["read_only"] =
      logs.value(turn::kOwnLogRestored).value_or("") == "1" ? Json("restored") : Json();
  out["backup"] = backup_json(call.shared().directory);
  out["signatures_checked"] = snapshot.signatures_checked;
  out["quarantined"] = found.quarantined;
  out["forks"] = forks_json(logs, directory);
  out["wants"] = wants_json(logs);
  out["contacts"] = contacts_json(logs, directory);
  return Reply{std::move(out)};
}

Result<Reply> get_refusals(Call& call) {
  Query query(call.request());
  const auto limit = query.number("limit", 100, kMaxRefusalPage);
  if (const auto status = query.finish(); !status) return status.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  Json refusals = Json::array();
  for (const auto& refusal : store::Logs(call.database()).refusals(limit)) {
    const auto code = topology::Code::parse(refusal.peer);
    refusals.push_back({{"time", times(refusal.time_ms)},
                        {"peer", refusal.peer},
                        {"unit", code ? unit_json(call.directory(), *code) : Json()},
                        {"rule", refusal.rule},
                        {"field", refusal.field},
                        {"zh", refusal.zh},
                        {"en", refusal.en}});
  }
  return Reply{{{"refusals", std::move(refusals)}}};
}

// Alive: it answers and its store opens. A full disk is said, and is not death.
Result<Reply> get_health(Call& call) {
  if (const auto opened = call.open(); !opened) return opened.error();
  return Reply{{{"ok", true}, {"disk_full", call.snapshot().disk_full}}};
}

}  // namespace yishi::http
