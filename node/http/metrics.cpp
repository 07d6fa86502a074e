// /metrics: the node for Prometheus, in its text format (version 0.0.4).
#include <filesystem>

#include "node/http/call.h"
#include "node/http/metrics_text.h"
#include "node/store/issues.h"
#include "node/store/logs.h"
#include "node/turn/backup.h"

namespace yishi::http {
namespace {

constexpr double kSecondMs = 1000;

double seconds(std::uint64_t ms) { return static_cast<double>(ms) / kSecondMs; }
double number(bool truth) { return truth ? 1 : 0; }
double number(std::uint64_t count) { return static_cast<double>(count); }

void put_node(MetricsText& out, const turn::Snapshot& snapshot) {
  const auto& directory = *snapshot.directory;
  const auto policy = directory.policy_at();
  out.gauge("yishi_node_info", "What this node is; always 1.");
  out.sample({{"unit", snapshot.unit.text()},
              {"network", directory.network_name()},
              {"software", snapshot.software},
              {"policy", policy ? policy->id : std::string()}},
             1);
  out.gauge("yishi_start_time_seconds", "When the process began, Unix time.",
            seconds(snapshot.started_ms));
  out.gauge("yishi_admitted", "1 when the network has admitted this node.",
            number(snapshot.admitted));
  out.gauge("yishi_disk_full", "1 while intake is refused for want of room.",
            number(snapshot.disk_full));
  out.gauge("yishi_topology_version", "Version of the topology this node knows.",
            number(directory.latest()));
  out.counter("yishi_signatures_checked_total", "Signatures verified since the start.",
              number(snapshot.signatures_checked));
  out.gauge("yishi_scrubbed_timestamp_seconds",
            "End of the last look at the whole store, Unix time; 0: none yet.",
            seconds(snapshot.scrubbed_ms));
}

void put_store(MetricsText& out, Call& call) {
  const store::Logs logs(call.database());
  std::uint64_t count = 0;
  std::uint64_t records = 0;
  std::uint64_t quarantined = 0;
  for (const auto& [id, state] : logs.all_logs()) {
    ++count;
    records += state.records;
    if (!state.quarantine.empty()) ++quarantined;
  }
  out.gauge("yishi_issues", "Issues in the store.", number(store::Issues(call.database()).count()));
  out.gauge("yishi_logs", "Logs of which entries are held.", number(count));
  out.gauge("yishi_records", "Records held.", number(records));
  out.gauge("yishi_rows", "Rows of the store, the position of its stream.",
            number(logs.last_position()));
  out.gauge("yishi_quarantined_logs", "Logs of which nothing more is taken.", number(quarantined));
  out.gauge("yishi_forks", "Proofs of forks that are kept.", number(logs.forks().size()));
  out.gauge("yishi_wants", "Gaps that are asked for.", number(logs.wants().size()));
  out.gauge("yishi_damaged_rows", "Rows that went bad on this disk and are not mended.",
            number(logs.open_damages()));
  const auto waiting = logs.waiting(call.snapshot().receipted);
  const bool top = !call.snapshot().parent && call.snapshot().joining.empty();
  out.gauge("yishi_waiting_records", "Records that the parent has not receipted.",
            top ? 0 : number(waiting.records));
  out.gauge("yishi_waiting_oldest_timestamp_seconds",
            "Time of the oldest record that waits, Unix time; 0: none waits.",
            top ? 0 : seconds(waiting.oldest_ms));
  const auto backup = turn::last_backup(call.shared().directory);
  out.gauge("yishi_backup_timestamp_seconds",
            "Time of the last good backup, Unix time; 0: there was none.",
            backup ? seconds(backup->time_ms) : 0);
  std::error_code failed;
  const auto space = std::filesystem::space(call.shared().directory, failed);
  if (!failed) {
    out.gauge("yishi_disk_free_bytes", "Room left where the store lies.",
              static_cast<double>(space.available));
  }
}

void put_parent(MetricsText& out, const turn::Snapshot& snapshot) {
  if (!snapshot.parent) return;
  const auto& parent = *snapshot.parent;
  out.gauge("yishi_parent_up", "1 while the line to the parent is open.",
            number(parent.state == "open"));
  out.gauge("yishi_parent_heard_timestamp_seconds", "Last word of the parent, Unix time; 0: none.",
            seconds(parent.heard_ms));
  out.gauge("yishi_parent_confirmed_timestamp_seconds",
            "Last receipt of the parent, Unix time; 0: none.", seconds(parent.confirmed_ms));
  out.gauge("yishi_parent_clock_offset_seconds", "The parent's clock minus this node's.",
            static_cast<double>(parent.clock_offset_ms) / kSecondMs);
}

void put_children(MetricsText& out, const turn::Snapshot& snapshot) {
  const auto each = [&](const char* name, const char* help, auto value) {
    out.gauge(name, help);
    for (const auto& child : snapshot.children) {
      out.sample({{"unit", child.unit.text()}}, value(child));
    }
  };
  each("yishi_child_up", "1 while the line to the child is open.",
       [](const turn::NeighbourView& child) { return number(child.state == "open"); });
  each("yishi_child_heard_timestamp_seconds", "Last word of the child, Unix time; 0: never.",
       [](const turn::NeighbourView& child) { return seconds(child.heard_ms); });
  each("yishi_child_clock_offset_seconds", "The child's clock minus this node's.",
       [](const turn::NeighbourView& child) {
         return static_cast<double>(child.clock_offset_ms) / kSecondMs;
       });
}

void put_contacts(MetricsText& out, Call& call) {
  const auto contacts = store::Logs(call.database()).contacts();
  out.gauge("yishi_below_contact_timestamp_seconds",
            "Last contact with a node below, however far, Unix time.");
  for (const auto& contact : contacts) {
    out.sample({{"unit", contact.unit}}, seconds(contact.contact_ms));
  }
  out.gauge("yishi_below_waiting_records", "Records that a node below has not passed on.");
  for (const auto& contact : contacts) {
    out.sample({{"unit", contact.unit}}, number(contact.waiting));
  }
}

}  // namespace

Result<Reply> get_metrics(Call& call) {
  if (const auto opened = call.open(); !opened) return opened.error();
  MetricsText out;
  put_node(out, call.snapshot());
  put_store(out, call);
  put_parent(out, call.snapshot());
  put_children(out, call.snapshot());
  put_contacts(out, call);
  Reply reply;
  reply.type = "text/plain; version=0.0.4; charset=utf-8";
  reply.text = out.take();
  return reply;
}

}  // namespace yishi::http
