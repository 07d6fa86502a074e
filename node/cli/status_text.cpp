#include "node/cli/status_text.h"

#include <array>

#include "node/cli/issue_text.h"
#include "node/cli/joining_text.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

std::uint64_t number(const Json& object, const char* key) {
  const Json value = at(object, key);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

struct StateRow {
  const char *state, *zh, *en;
};
constexpr std::array<StateRow, 6> kStates{{
    {"open", "已连通", "open"},
    {"greeting", "正在连接", "greeting"},
    {"down", "未连通", "down"},
    {"refused", "被拒绝", "refused"},
    {"unreachable", "联系不上", "unreachable"},
    {"joining", "正在加入", "joining"},
}};

std::string state_words(const Invocation& invocation, const std::string& state) {
  for (const auto& row : kStates) {
    if (row.state == state) return invocation.pick(row.zh, row.en);
  }
  return one_line(state);
}

// 已存本机（n 条待报，最早 …）, 上级已收: as it is.
std::string waiting_words(const Invocation& invocation, const Json& waiting) {
  if (text_of_key(waiting, "state") != "stored") return invocation.label(waiting);
  const std::string count = std::to_string(number(waiting, "records"));
  const std::string oldest = invocation.time(at(waiting, "oldest"));
  return invocation.pick(
      "已存本机（" + count + " 条待报，最早 " + oldest + "）",
      "stored here (" + count + " records waiting, the oldest of " + oldest + ")");
}

std::string offset_words(const Invocation& invocation, const Json& view) {
  constexpr std::int64_t kWorthSaying = 60'000;  // ms
  const Json offset = at(view, "clock_offset_ms");
  if (!offset.is_number_integer()) return {};
  const auto ms = offset.get<std::int64_t>();
  if (ms > -kWorthSaying && ms < kWorthSaying) return {};
  const std::string seconds = std::to_string(ms / 1000);
  return invocation.pick("，时钟相差 " + seconds + " 秒",
                         ", its clock is off by " + seconds + " s");
}

std::string parent_words(const Invocation& invocation, const Json& parent) {
  const std::string endpoint = one_line(text_of_key(parent, "endpoint"));
  std::string out = invocation.unit(at(parent, "unit")) + "  " +
                    state_words(invocation, text_of_key(parent, "state"));
  if (!endpoint.empty()) out += "  " + endpoint;
  out += invocation.pick("，上次联系 ", ", last heard ") + invocation.time(at(parent, "heard"));
  return out + offset_words(invocation, parent);
}

std::string neighbours(const Invocation& invocation, const Json& children) {
  if (children.empty()) return {};
  Table table({invocation.pick("下级节点", "Child"), invocation.pick("状态", "State"),
               invocation.pick("上次联系", "Heard"), invocation.pick("上次回执", "Confirmed"),
               invocation.pick("版本", "Software")});
  for (const auto& child : children) {
    table.add({invocation.unit(at(child, "unit")),
               state_words(invocation, text_of_key(child, "state")),
               invocation.time(at(child, "heard")), invocation.time(at(child, "confirmed")),
               text_of_key(child, "software")});
  }
  return '\n' + table.text();
}

// What an operator must look at; empty when there is nothing.
std::string troubles(const Invocation& invocation, const Json& status) {
  std::string out;
  const auto say = [&](const std::string& zh, const std::string& en) {
    out += "! " + one_line(invocation.pick(zh, en)) + '\n';
  };
  if (status.value("disk_full", false)) {
    say("磁盘已满：暂不接受新的登记", "the disk is full: nothing new is taken in");
  }
  const auto joining = text_of_key(status, "joining");
  if (!joining.empty()) {
    say("正在加入：" + joining_text(joining, true), "joining: " + joining_text(joining, false));
  }
  if (!status.value("admitted", true) && joining.empty()) {
    say("本节点的密钥不在组织架构中", "this node's key is not in the topology");
  }
  const auto quarantined = [&](const Json& log) {
    const auto unit = invocation.unit(at(log, "unit"));
    const auto rule = text_of_key(log, "rule");
    say("已隔离 " + unit + " 的日志：" + rule, "the log of " + unit + " is quarantined: " + rule);
  };
  const auto forked = [&](const Json& fork) {
    const auto unit = invocation.unit(at(fork, "unit"));
    const auto sequence = std::to_string(number(fork, "sequence"));
    say(unit + " 的日志在第 " + sequence + " 项分叉，已留证",
        "the log of " + unit + " forked at " + sequence + "; the proof is kept");
  };
  const auto passed_over = [&](const Json& lack) {
    if (at(lack, "log").is_null()) {
      const auto row = std::to_string(number(lack, "position"));
      return say("需处理：上级读不出本机的第 " + row + " 行",
                 "needs care: the level above cannot read this store's row " + row);
    }
    const auto unit = invocation.unit(at(lack, "unit"));
    const auto held = std::to_string(number(lack, "held"));
    say("需处理：上级只收下 " + unit + " 的日志到第 " + held + " 项，其后的没有接受",
        "needs care: of the log of " + unit + " the level above holds " + held +
            " entries and refused what follows");
  };
  for (const auto& lack : status.value("passed_over", Json::array())) passed_over(lack);
  if (at(status, "read_only") == "restored") {
    say("本节点由备份恢复，只读：请用新票恢复（yishi restore --ticket）",
        "this node was restored from a backup and only reads: restore with a new ticket (yishi "
        "restore --ticket)");
  }
  if (status.value("own_log_unsure", false)) {
    say("本节点的日志可能丢了末尾，不能续写：请用新的入网票重新加入",
        "the end of this node's log may be lost, so nothing can be written: join anew with a new "
        "ticket");
  }
  const auto damaged = [&](const Json& row) {
    if (!at(row, "mended").is_null()) return;
    say("磁盘损坏，正在向上下级索取：" + text_of_key(row, "zh"),
        "damaged on this disk, being asked for: " + text_of_key(row, "en"));
  };
  for (const auto& row : status.value("damaged", Json::array())) damaged(row);
  for (const auto& log : status.value("quarantined", Json::array())) quarantined(log);
  for (const auto& fork : status.value("forks", Json::array())) forked(fork);
  if (const auto wants = status.value("wants", Json::array()); !wants.empty()) {
    const auto count = std::to_string(wants.size());
    say("有 " + count + " 项缺失记录正在索取", count + " gaps are being asked for");
  }
  return out;
}

}  // namespace

std::string status_text(const Invocation& invocation, const Json& status) {
  const Json unit = at(status, "unit");
  const Json level = status.value("level", Json::object());
  std::string out = invocation.unit(unit);
  if (unit.is_object()) out += "  " + text_of_key(unit, "code");
  if (level.is_object()) out += "  " + text_of_key(level, invocation.chinese ? "zh" : "id");
  out += '\n';
  const auto line = [&](const char* zh, const char* en, const std::string& value) {
    out += line_of(invocation, zh, en, value);
  };
  const Json network = status.value("network", Json::object());
  const Json counts = status.value("counts", Json::object());
  line("网络", "Network", text_of_key(network, "name") + "  " + text_of_key(network, "suite"));
  line("软件", "Software", text_of_key(status, "software"));
  line("组织架构版本", "Topology version", std::to_string(number(status, "topology")));
  line("本级地址", "Endpoint", text_of_key(status, "endpoint"));
  line("存储", "Stored", waiting_words(invocation, status.value("waiting", Json::object())));
  if (at(status, "parent").is_object()) {
    line("上级", "Parent", parent_words(invocation, at(status, "parent")));
    line("上级最近回执", "Last confirmed", invocation.time(at(status, "last_confirmed")));
  }
  const auto count = [&](const char* key) { return std::to_string(number(counts, key)); };
  line("数量", "Counts",
       invocation.pick(
           count("issues") + " 件事项，" + count("records") + " 条记录，" + count("logs") +
               " 份日志，" + count("units") + " 个单位，" + count("nodes") + " 个节点",
           count("issues") + " issues, " + count("records") + " records, " + count("logs") +
               " logs, " + count("units") + " units, " + count("nodes") + " nodes"));
  out += troubles(invocation, status);
  return out + neighbours(invocation, status.value("children", Json::array()));
}

std::string refusals_text(const Invocation& invocation, const Json& answer) {
  Table table({invocation.pick("时间", "Time"), invocation.pick("对方", "Peer"),
               invocation.pick("规则", "Rule"), invocation.pick("原因", "Reason")});
  constexpr std::size_t kPeerShown = 24;  // columns
  for (const auto& refusal : answer.value("refusals", Json::array())) {
    const Json unit = at(refusal, "unit");
    table.add(
        {invocation.time(at(refusal, "time")),
         unit.is_object() ? invocation.unit(unit) : cut(text_of_key(refusal, "peer"), kPeerShown),
         text_of_key(refusal, "rule"), text_of_key(refusal, invocation.chinese ? "zh" : "en")});
  }
  if (table.empty()) return invocation.pick("没有被拒收的内容。\n", "Nothing was refused.\n");
  return table.text();
}

std::string verify_text(const Invocation& invocation, const Json& answer) {
  const auto count = [&](const char* key) { return std::to_string(number(answer, key)); };
  const bool ok = answer.value("ok", false);
  return invocation.pick(std::string(ok ? "全部一致" : "发现问题") + "：" + count("rows") +
                             " 行，" + count("entries") + " 项，" + count("records") + " 条记录，" +
                             count("signatures") + " 个签名，" + count("issues") + " 件事项\n",
                         std::string(ok ? "All agrees" : "Faults found") + ": " + count("rows") +
                             " rows, " + count("entries") + " entries, " + count("records") +
                             " records, " + count("signatures") + " signatures, " +
                             count("issues") + " issues\n");
}

}  // namespace yishi::cli
