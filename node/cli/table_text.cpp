#include "node/cli/table_text.h"

#include "node/cli/issue_text.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

class TableText {
 public:
  explicit TableText(const Invocation& invocation) : said_(invocation) {}

  std::string issue(const Json& issue) {
    topic(issue);
    for (const auto& one : list(issue, "consultations")) consultation(one);
    for (const auto& one : list(issue, "research")) research(one);
    for (const auto& one : list(issue, "sessions")) session(one);
    for (const auto& one : list(issue, "submissions")) submission(one);
    overrides(issue);
    return std::move(out_);
  }

  std::string timeline(const Json& fact) {
    const auto indented = [&](const std::string& text) {
      if (!text.empty()) out_ += lines_indented(printable(text), kIndent);
    };
    const auto said = [&](const char* zh, const char* en, const std::string& value) {
      if (!value.empty()) indented(pick(zh, en) + value);
    };
    said("签批：", "signed off by: ", text_of_key(fact, "signed"));
    said("听取提出人：", "the proposer was heard: ", text_of_key(fact, "heard"));
    said("放行的条件：", "passed: ", joined(list(fact, "passed")));
    said("组织：", "organs: ", joined(list(fact, "organs")));
    said("态度：", "view: ", label(at(fact, "view")));
    said("标识：", "flags: ", labels(list(fact, "flags")));
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kIndent = 6;

  std::string pick(const std::string& zh, const std::string& en) const {
    return said_.pick(zh, en);
  }
  static Json list(const Json& object, const char* key) { return object.value(key, Json::array()); }
  std::string label(const Json& value) const {
    return value.is_object() ? said_.label(value) : std::string();
  }
  std::string time(const Json& value) const {
    return value.is_string() ? said_.time(value) : std::string();
  }
  std::string comma() const { return pick("、", ", "); }
  void add(std::string& to, const std::string& more) const {
    if (!more.empty()) to += (to.empty() ? "" : comma()) + more;
  }
  std::string labels(const Json& all) const {
    std::string text;
    for (const auto& one : all) add(text, label(one));
    return text;
  }
  std::string joined(const Json& texts) const {
    std::string text;
    for (const auto& one : texts) add(text, one.get<std::string>());
    return text;
  }
  void line(const char* zh, const char* en, const std::string& value) {
    out_ += line_of(said_, zh, en, value);
  }
  void part(const char* zh, const char* en, const std::string& value) {
    if (!value.empty()) out_ += lines_indented(printable(pick(zh, en) + value), 4);
  }
  static std::string count(const Json& object, const char* key) {
    return std::to_string(object.value(key, std::uint64_t{0}));
  }

  void topic(const Json& issue) {
    const Json policy = at(issue, "policy");
    if (policy.is_object()) line("规则", "Policy", label(policy));
    line("标识", "Flags", labels(list(issue, "flags")));
    std::string plans;
    for (const auto& one : list(issue, "plans")) {
      add(plans, label(at(one, "plan")) + " " + text_of_key(one, "ref"));
    }
    line("列入计划", "Plans", plans);
    line("渠道", "Channel", label(at(issue, "via")));
    std::string checks;
    for (const auto& one : list(issue, "checks")) {
      const std::string yes = one.value("yes", false) ? pick("是", "yes") : pick("否", "no");
      const std::string text = text_of_key(one, "text");
      add(checks, label(at(one, "item")) + " " + (text.empty() ? yes : text));
    }
    line("筛选", "Screening", checks);
    const Json convened = at(issue, "convened");
    if (convened.is_object()) line("通知协商", "Convened for", time(at(convened, "held")));
  }

  void consultation(const Json& one) {
    std::string text = count(one, "number") + ". " + asked(one) + " " + text_of_key(one, "text");
    const Json opinion = at(one, "opinion");
    if (opinion.is_object()) {
      text += " → " + label(at(opinion, "view")) + " " + text_of_key(opinion, "text");
    } else {
      text += pick("（尚未答复）", " (no answer yet)");
    }
    line("征求意见", "Opinion asked", text);
  }

  // The organ, else the unit.
  std::string asked(const Json& one) const {
    const std::string organ = text_of_key(one, "organ");
    return organ.empty() ? said_.unit(at(one, "unit")) : organ;
  }

  void research(const Json& one) {
    std::string group;
    for (const auto& person : list(one, "group")) add(group, who(person));
    line("专题调研组", "Research group", group);
  }

  std::string who(const Json& person) const {
    const std::string role = label(at(person, "role"));
    const std::string level = label(at(person, "level"));
    std::string text = text_of_key(person, "name");
    if (!role.empty()) text = role + " " + text;
    if (!level.empty()) text += pick("（" + level + "）", " (" + level + ")");
    return text;
  }

  std::string people(const Json& all) const {
    std::string text;
    for (const auto& person : all) add(text, who(person));
    return text;
  }

  void session(const Json& one) {
    const Json record = one.value("record", Json::object());
    std::string head = count(one, "number") + ". " + time(at(one, "held"));
    for (const std::string& more : {text_of_key(record, "place"), label(at(one, "form")),
                                    label(at(one, "type")), label(at(one, "venue"))}) {
      if (!more.empty()) head += " " + more;
    }
    if (!list(one, "corrections").empty()) {
      head += pick("（已更正 ", " (corrected ") + std::to_string(list(one, "corrections").size()) +
              pick(" 次）", " times)");
    }
    line("协商", "Session", head);
    attendance(one, record);
    said(record);
    votes(one);
    dissents(one, record);
    lists(record);
    problems(one, record);
  }

  void attendance(const Json& one, const Json& record) {
    std::string parties;
    for (const auto& party : list(one, "parties")) {
      add(parties, label(at(party, "category")) + " " + count(party, "count"));
    }
    part("参加：", "present: ", parties);
    for (const auto& share : list(one, "shares")) {
      const Json without = list(share, "without");
      std::string text =
          labels(list(share, "parties")) + " " + count(share, "have") + "/" + count(share, "whole");
      if (!without.empty()) {
        text += pick("（不计" + labels(without) + "）", " (without " + labels(without) + ")");
      }
      text += pick("，要求 ≥ ", ", asked for ≥ ") + text_of_key(share, "share");
      part("比例：", "share: ", text);
    }
    part("召集人：", "conveners: ", people(list(record, "conveners")));
    if (record.contains("host")) part("主持：", "host: ", who(record["host"]));
    if (record.contains("delegated_by")) {
      part("委托人：", "delegated by: ", who(record["delegated_by"]));
    }
    part("工作人员：", "staff: ", people(list(record, "staff")));
    part("签到：", "signed in: ", people(list(record, "signed_in")));
  }

  void said(const Json& record) {
    part("主题：", "subject: ", text_of_key(record, "subject"));
    part("措施：", "measures: ", text_of_key(record, "measures"));
    part("链接：", "link: ", text_of_key(record, "link"));
    for (const auto& opinion : list(record, "opinions")) {
      part("意见：", "opinion: ", text_of_key(opinion, "who") + " " + text_of_key(opinion, "text"));
    }
  }

  void votes(const Json& one) {
    for (const auto& sum : list(one, "tally")) {
      std::string text = text_of_key(sum, "motion");
      if (!text.empty()) text += " ";
      text += pick("赞成 ", "for ") + count(sum, "yes") + pick("，反对 ", ", against ") +
              count(sum, "no") + pick("，弃权 ", ", abstaining ") + count(sum, "abstain");
      std::string channels;
      for (const auto& vote : list(one, "votes")) {
        if (text_of_key(vote, "motion") != text_of_key(sum, "motion")) continue;
        add(channels, label(at(vote, "channel")) + " " + count(vote, "yes") + "/" +
                          count(vote, "no") + "/" + count(vote, "abstain"));
      }
      part("表决：", "vote: ", text + pick("（", " (") + channels + pick("）", ")"));
    }
  }

  void dissents(const Json& one, const Json& record) {
    for (const auto& dissent : list(record, "dissents")) {
      std::string text = count(one, "number") + "." + count(dissent, "number") + " " +
                         text_of_key(dissent, "who") + " " + text_of_key(dissent, "text");
      std::string told;
      for (const auto& explained : list(one, "explained")) {
        if (explained.value("dissent", 0) == dissent.value("number", -1)) {
          told = text_of_key(explained, "text");
        }
      }
      text += told.empty() ? pick("（尚未说明）", " (not explained yet)")
                           : pick(" → 说明：", " → explained: ") + told;
      part("不同意见 ", "dissent ", text);
    }
  }

  void lists(const Json& record) {
    for (const auto& text : list(record, "suggestions")) {
      part("建议清单：", "suggestion: ", text.get<std::string>());
    }
    for (const auto& one : list(record, "responsibilities")) {
      const Json unit = at(one, "unit");
      std::string text = text_of_key(one, "text") + " " +
                         (unit.is_object() ? said_.unit(unit) : text_of_key(one, "who"));
      const std::string due = time(at(one, "due"));
      if (!due.empty()) text += pick("，期限 ", ", due ") + due;
      part("责任清单：", "responsibility: ", text);
    }
    for (const auto& text : list(record, "feedback")) {
      part("反馈清单：", "feedback: ", text.get<std::string>());
    }
  }

  void problems(const Json& one, const Json& record) {
    const auto all = one.value("problems", std::uint64_t{0});
    if (all == 0) return;
    std::string text;
    for (const auto& problem : list(record, "problems")) {
      const std::string result = label(at(problem, "result"));
      add(text, text_of_key(problem, "text") + (result.empty() ? "" : " " + result));
    }
    part("问题：", "problems: ",
         std::to_string(all) + pick(" 个，解决 ", ", solved ") + count(one, "solved") +
             pick(" 个：", ": ") + text);
  }

  void submission(const Json& one) {
    std::string text =
        count(one, "number") + ". " + text_of_key(one, "organ") + " " + time(at(one, "time"));
    const Json receipt = at(one, "receipt");
    text += receipt.is_object() ? pick(" → 已回执 ", " → receipt ") + time(at(receipt, "time"))
                                : pick("（尚无回执）", " (no receipt yet)");
    line("报送", "Submitted to", text);
  }

  void overrides(const Json& issue) {
    const Json passed = list(issue, "overrides");
    if (passed.empty()) return;
    line("原则上的要求放行", "Requirements passed",
         std::to_string(passed.size()) + pick(" 次", ""));
    for (const auto& one : passed) {
      const std::string by = text_of_key(one, "by");
      const std::string name = by.empty() ? said_.unit(at(one, "unit")) : by;
      part("", "",
           joined(list(one, "guards")) + pick("：", ": ") + name + pick("，", ", ") +
               text_of_key(one, "why"));
    }
  }

  const Invocation& said_;
  std::string out_;
};

}  // namespace

std::string table_text(const Invocation& invocation, const Json& issue) {
  return TableText(invocation).issue(issue);
}

std::string table_timeline(const Invocation& invocation, const Json& fact) {
  return TableText(invocation).timeline(fact);
}

}  // namespace yishi::cli
