// /report: counts, and never without how complete they are.
#include "node/store/reports.h"

#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "node/http/query.h"

namespace yishi::http {
namespace {

constexpr std::size_t kNamesInSentence = 5;  // units; the rest are counted

Json line_json(const topology::Directory& directory, const store::ReportLine& line) {
  Json stages = Json::object();
  for (const auto& [stage, count] : line.by_stage) stages[stage] = count;
  return {{"unit", unit_json(directory, line.unit)},
          {"name", line.name},
          {"issues", line.issues},
          {"by_stage", std::move(stages)},
          {"budget_fen", line.budget_fen},
          {"budget_yuan", yuan_text(line.budget_fen)},
          {"escalated", line.escalated}};
}

std::string names(const topology::Directory& directory, const std::vector<topology::Code>& codes,
                  bool chinese) {
  std::string out;
  for (std::size_t i = 0; i < codes.size() && i < kNamesInSentence; ++i) {
    const auto unit = directory.unit(codes[i]);
    if (i > 0) out += chinese ? "、" : ", ";
    out += unit ? unit->name : codes[i].text();
  }
  if (codes.size() > kNamesInSentence) {
    const std::string count = std::to_string(codes.size());
    out += chinese ? " 等 " + count + " 个" : " and others, " + count + " in all";
  }
  return out;
}

std::string sentence(const topology::Directory& directory, const store::Frontier& frontier,
                     bool chinese) {
  const auto n = [](std::uint64_t count) { return std::to_string(count); };
  const auto list = [&](const std::vector<topology::Code>& codes, std::string_view zh,
                        std::string_view en) {
    if (codes.empty()) return std::string();
    return (chinese ? "；" : "; ") + std::string(chinese ? zh : en) +
           names(directory, codes, chinese);
  };
  std::string out;
  if (frontier.nodes == 0) {
    out = chinese ? "下级没有节点" : "no nodes below";
  } else {
    out = chinese ? "下级 " + n(frontier.nodes) + " 个节点中 " + n(frontier.in) + " 个已到齐"
                  : n(frontier.in) + " of " + n(frontier.nodes) + " nodes below are in";
    if (frontier.up_to_ms != 0) {
      const std::string when = rfc3339(frontier.up_to_ms);
      const std::string moment = when.substr(0, 10) + ' ' + when.substr(11, 5);
      out += chinese ? "，截至 " + moment : ", up to " + moment;
    }
  }
  out += list(frontier.behind, "记录在途：", "still on their way: ");
  out += list(frontier.missing, "从未联系：", "never heard of: ");
  out += list(frontier.silent, "失去联系：", "silent: ");
  if (frontier.units_without_node > 0) {
    const std::string count = n(frontier.units_without_node);
    out +=
        chinese ? "；" + count + " 个单位没有自己的节点" : "; " + count + " units without a node";
  }
  return out + (chinese ? "。" : ".");
}

Json frontier_json(const topology::Directory& directory, const store::Frontier& frontier) {
  return {{"units", frontier.units},
          {"nodes", frontier.nodes},
          {"in", frontier.in},
          {"up_to", times(frontier.up_to_ms)},
          {"behind", units_json(directory, frontier.behind)},
          {"missing", units_json(directory, frontier.missing)},
          {"silent", units_json(directory, frontier.silent)},
          {"units_without_node", frontier.units_without_node},
          {"zh", sentence(directory, frontier, true)},
          {"en", sentence(directory, frontier, false)}};
}

Json stages_json(const deliberation::Policy* policy) {
  Json out = Json::array();
  if (policy == nullptr) return out;
  for (const auto& stage : policy->stages) out.push_back(label_json(stage.label.id, &stage.label));
  return out;
}

Json report_json(const store::Report& report, const deliberation::World& world) {
  const auto& directory = world.directory();
  const auto policy = world.policy_at(directory.latest());
  Json lines = Json::array();
  for (const auto& line : report.lines) lines.push_back(line_json(directory, line));
  Json categories = Json::array();
  for (const auto& [id, count] : report.by_category) {
    categories.push_back(
        {{"category", label_json(id, policy ? policy->category(id) : nullptr)}, {"issues", count}});
  }
  Json reasons = Json::array();
  for (const auto& [code, count] : report.escalation_reasons) {
    reasons.push_back({{"reason", reason_json(code)}, {"climbs", count}});
  }
  return {{"unit", unit_json(directory, report.unit)},
          {"month", report.month.empty() ? Json() : Json(report.month)},
          {"stages", stages_json(policy.get())},
          {"lines", std::move(lines)},
          {"total", line_json(directory, report.total)},
          {"by_category", std::move(categories)},
          {"escalation_reasons", std::move(reasons)},
          {"frontier", frontier_json(directory, report.frontier)},
          {"made", times(now_ms())}};
}

bool is_month(const std::string& text) {
  return text.empty() || (text.size() == 7 && parse_moment(text + "-01").has_value());
}

}  // namespace

Result<Reply> get_report(Call& call) {
  constexpr std::uint64_t kMaxSilentSeconds = std::uint64_t{366} * 24 * 3600;
  Query query(call.request());
  const auto wanted = query.code("unit");
  const std::string month = query.text("month");
  const auto silent = query.number("silent_after", kSilentAfterMs / 1000, kMaxSilentSeconds);
  if (const auto status = query.finish(); !status) return status.error();
  if (!is_month(month)) {
    return Error{"query.month", "month", "参数 month：应当是 2026-11 这样的月份",
                 "parameter month: must be a month such as 2026-11"};
  }
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto unit = wanted.value_or(call.snapshot().unit);
  if (!call.directory().unit(unit)) {
    return Error{"http.missing", "unit", "没有单位 " + unit.text(),
                 "there is no unit " + unit.text()};
  }
  const auto found =
      store::report(call.database(), call.directory(), unit, month, now_ms(), silent * 1000);
  return Reply{report_json(found, call.world())};
}

}  // namespace yishi::http
