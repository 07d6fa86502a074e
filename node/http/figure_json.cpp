#include "node/http/figure_json.h"

#include <array>
#include <set>

#include "node/http/issue_json.h"

namespace yishi::http {
namespace {

using deliberation::Label;
using deliberation::Policy;

struct Word {
  std::string_view word;  // before the colon
  std::string_view zh, en;
  std::string_view unit;
  bool event;  // stands under the month of the event
};
constexpr std::array<Word, 24> kWords{{
    {"issues", "登记事项", "issues logged", "件", false},
    {"category", "类别", "category", "件", false},
    {"stage", "阶段", "stage", "件", false},
    {"source", "来源", "source", "件", false},
    {"budget_fen", "所需资金", "money needed", "分", false},
    {"approved", "已审定为议题", "approved as topics", "件", false},
    {"deliberated", "已协商", "deliberated", "件", false},
    {"result", "办结结果", "result", "件", false},
    {"became", "成果转化为", "became", "件", false},
    {"climbed", "上报过", "climbed", "件", false},
    {"climb", "上报原因", "climbed for", "次", false},
    {"returned", "退回", "sent back", "次", false},
    {"override", "说明理由后通过", "passed with a reason", "次", false},
    {"evaluated", "评议", "evaluations", "次", false},
    {"score", "评分合计", "sum of scores", "分", false},
    {"asked", "满意度调查人数", "people asked whether they are satisfied", "人次", false},
    {"satisfied", "表示满意的人数", "people who are satisfied", "人次", false},
    {"approval", "审定议题（按审定月）", "topics approved (month of approval)", "件", true},
    {"closing", "办结（按办结月）", "closed (month of closing)", "件", true},
    {"in_time", "按期完成的交办", "assigned work done in time", "项", true},
    {"late", "逾期完成的交办", "assigned work done late", "项", true},
    {"unlimited", "完成的交办（未定期限）", "assigned work done (no limit set)", "项", true},
    {"problem", "协商解决的问题", "problems at sessions", "个", true},
    {"session", "协商活动", "sessions", "场", true},
}};
constexpr Word kPeople{"people", "参加协商人次", "attendances", "人次", true};

const Word& word_of(std::string_view name) {
  static constexpr Word kUnknown{"", "", "", "", false};
  if (name == kPeople.word) return kPeople;
  for (const Word& word : kWords) {
    if (word.word == name) return word;
  }
  return kUnknown;
}

const Label* label_of(std::string_view word, std::string_view id, const Policy* policy) {
  if (policy == nullptr) return nullptr;
  if (word == "stage") {
    const auto* stage = policy->stage(id);
    return stage == nullptr ? nullptr : &stage->label;
  }
  if (word == "category") return deliberation::find_label(policy->categories, id);
  if (word == "source") return deliberation::find_label(policy->sources, id);
  if (word == "result" || word == "closing" || word == "problem")
    return deliberation::find_label(policy->results, id);
  if (word == "became") return deliberation::find_label(policy->outcomes, id);
  if (word == "session") return deliberation::find_label(policy->forms, id);
  return nullptr;
}

Json detail_json(std::string_view word, std::string_view id, const Policy* policy) {
  if (id.empty()) return {{"id", ""}, {"zh", "未填"}, {"en", "not given"}};
  if (word == "climb") return reason_json(id);
  return label_json(id, label_of(word, id, policy));
}

Json rate(std::string id, std::string zh, std::string en, const store::ReportLine& line,
          const std::string& part, const std::vector<std::string>& of) {
  std::int64_t whole = 0;
  for (const auto& figure : of) whole += line.of(figure);
  if (whole == 0) return {};
  return {{"id", std::move(id)},
          {"zh", std::move(zh)},
          {"en", std::move(en)},
          {"part", {{"figure", part}, {"count", line.of(part)}}},
          {"of", {{"figures", of}, {"count", whole}}}};
}

}  // namespace

Json figure_json(const std::string& figure, const Policy* policy) {
  const std::size_t colon = figure.find(':');
  const Word& word = word_of(figure.substr(0, colon));
  std::string zh(word.zh);
  std::string en(word.en);
  if (colon != std::string::npos) {
    const Json detail = detail_json(word.word, figure.substr(colon + 1), policy);
    zh += "：" + detail.value("zh", figure);
    en += ": " + detail.value("en", figure);
  }
  return {{"figure", figure},
          {"zh", zh.empty() ? figure : zh},
          {"en", en.empty() ? figure : en},
          {"month", word.event ? "event" : "logged"},
          {"unit", word.unit}};
}

Json rates_json(const store::ReportLine& line, const Policy* policy) {
  Json rates = Json::array();
  const auto add = [&](Json one) {
    if (!one.is_null()) rates.push_back(std::move(one));
  };
  add(rate("approved", "议题审定率", "approved as topics", line, "approved", {"issues"}));
  add(rate("deliberated", "协商率", "deliberated", line, "deliberated", {"issues"}));
  for (const auto& [figure, amount] : line.figures) {
    if (!figure.starts_with("result:")) continue;
    const Json words = figure_json(figure, policy);
    add(rate(figure, words.value("zh", ""), words.value("en", ""), line, figure, {"issues"}));
  }
  add(rate("climbed", "上报率", "climbed", line, "climbed", {"issues"}));
  add(rate("in_time", "按期完成率", "done in time", line, "in_time", {"in_time", "late"}));
  add(rate("satisfied", "群众满意率", "people satisfied", line, "satisfied", {"asked"}));
  return rates;
}

Json amounts_json(const std::map<std::string, std::int64_t>& figures) {
  Json out = Json::object();
  for (const auto& [figure, amount] : figures) out[figure] = amount;
  return out;
}

}  // namespace yishi::http
