#include "node/deliberation/measure.h"

#include <algorithm>
#include <charconv>

#include "node/deliberation/calendar.h"

namespace yishi::deliberation {

namespace {

constexpr std::uint64_t kHundredths = 100;

std::int64_t number_in(const FieldValues& fields, const std::string& id) {
  std::int64_t sum = 0;
  const auto values = fields.find(id);
  if (values == fields.end()) return 0;
  for (const auto& value : values->second) {
    std::int64_t one = 0;
    std::from_chars(value.data(), value.data() + value.size(), one);
    sum += one;
  }
  return sum;
}

bool holds_one(const Condition& condition, const FieldValues& fields) {
  const auto found = fields.find(condition.field);
  const bool given = found != fields.end() && !found->second.empty();
  if (condition.sense == Condition::Sense::kGiven) return given;
  if (condition.sense == Condition::Sense::kAbsent) return !given;
  const bool is =
      given &&
      std::any_of(found->second.begin(), found->second.end(), [&](const std::string& value) {
        return std::find(condition.values.begin(), condition.values.end(), value) !=
               condition.values.end();
      });
  return is == (condition.sense == Condition::Sense::kIs);
}

bool is_late(const Assignment& one, std::uint64_t now_ms) {
  if (one.due_ms == 0) return false;
  return one.done ? one.progress_ms > one.due_ms : now_ms > one.due_ms;
}

std::uint64_t day_of_year(std::chrono::year_month_day day) {
  const std::chrono::sys_days first(
      std::chrono::year_month_day{day.year(), std::chrono::January, std::chrono::day(1)});
  return static_cast<std::uint64_t>((std::chrono::sys_days(day) - first).count()) + 1;
}

}  // namespace

Period year_period(int year) {
  const std::string text = std::to_string(year);
  return {text + "-01-01", text + "-12-31"};
}

bool holds(const std::vector<Condition>& conditions, const FieldValues& fields) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Condition& one) { return holds_one(one, fields); });
}

const std::vector<std::string_view>& issue_field_names() {
  static const std::vector<std::string_view> kNames = {
      "category",   "source",      "stage",    "result",      "became", "plan",     "flag",
      "researched", "escalated",   "filed",    "ended",       "solved", "dated",    "late",
      "score",      "evaluations", "sessions", "assignments", "passed", "dissents", "budget_yuan",
      "logged",     "closed",      "asked",    "satisfied"};
  return kNames;
}

const std::vector<std::string_view>& session_field_names() {
  static const std::vector<std::string_view> kNames = {"category", "form",     "type",   "venue",
                                                       "remote",   "people",   "solved", "problems",
                                                       "votes",    "dissents", "held"};
  return kNames;
}

namespace {

class FieldWriter {
 public:
  void text(const char* name, const std::string& value) {
    if (!value.empty()) fields_[name].push_back(value);
  }
  void flag(const char* name, bool value) {
    if (value) fields_[name] = {"yes"};
  }
  template <class Number>
  void number(const char* name, Number value) {
    fields_[name] = {std::to_string(value)};
  }
  void day(const char* name, std::uint64_t time_ms) {
    if (time_ms != 0) fields_[name] = {day_text(china_day(time_ms))};
  }
  FieldValues take() { return std::move(fields_); }

 private:
  FieldValues fields_;
};

bool is_solved(const Policy* policy, const std::string& result) {
  if (policy == nullptr) return false;
  const auto closing = policy->closings.find(result);
  return closing != policy->closings.end() && closing->second.solved;
}

}  // namespace

FieldValues issue_fields(const Issue& issue, const Policy* policy, std::uint64_t now_ms) {
  FieldWriter out;
  out.text("category", issue.category);
  out.text("source", issue.source);
  out.text("stage", issue.stage);
  out.text("result", issue.result);
  out.text("became", issue.became);
  for (const auto& plan : issue.table.topic.plans) out.text("plan", plan.plan);
  for (const auto& flag : issue.table.topic.flags) out.text("flag", flag);
  const Stage* stage = policy == nullptr ? nullptr : policy->stage(issue.stage);
  out.flag("ended", stage != nullptr ? stage->end : issue.closed_ms > 0);
  out.flag("solved", is_solved(policy, issue.result));
  out.flag("researched", issue.researched);
  out.flag("escalated", !issue.escalations.empty());
  out.flag("filed", !issue.filed.empty());
  const auto& tasks = issue.assignments;
  const auto dated = [](const Assignment& one) { return one.due_ms != 0; };
  const auto late = [&](const Assignment& one) { return is_late(one, now_ms); };
  out.flag("dated", std::any_of(tasks.begin(), tasks.end(), dated));
  out.flag("late", std::any_of(tasks.begin(), tasks.end(), late));
  out.number("score", issue.score_sum);
  out.number("evaluations", issue.evaluations);
  out.number("asked", issue.follow.asked);
  out.number("satisfied", issue.follow.satisfied);
  out.number("sessions", issue.table.sessions.size());
  out.number("passed", issue.table.passed.size());
  out.number("assignments", tasks.size());
  out.number("budget_yuan", issue.budget_fen / kFenPerYuan);
  std::uint64_t dissents = 0;
  for (const auto& session : issue.table.sessions) dissents += session.dissents;
  out.number("dissents", dissents);
  out.day("logged", issue.logged_ms);
  out.day("closed", issue.closed_ms);
  return out.take();
}

FieldValues session_fields(const Issue& issue, const SessionMark& session, const Policy* policy) {
  FieldWriter out;
  out.text("category", issue.category);
  out.text("form", session.form);
  out.text("type", session.type);
  out.text("venue", session.venue);
  out.flag("remote", session.remote);
  std::uint64_t people = 0;
  for (const auto& party : session.parties) people += party.count;
  out.number("people", people);
  const auto solved = [&](const std::string& result) { return is_solved(policy, result); };
  out.number("solved", std::count_if(session.results.begin(), session.results.end(), solved));
  out.number("problems", session.results.size());
  out.number("votes", session.votes.size());
  out.number("dissents", session.dissents);
  out.day("held", session.held_ms);
  return out.take();
}

std::optional<std::int64_t> amount(const Measure& measure, const FieldValues& fields,
                                   const Period& period) {
  if (!measure.date.empty()) {
    const auto day = fields.find(measure.date);
    if (day == fields.end() || !period.has(day->second.front())) return std::nullopt;
  }
  if (!holds(measure.where, fields)) return std::nullopt;
  return measure.sum.empty() ? 1 : number_in(fields, measure.sum);
}

std::uint64_t star_points(std::uint64_t weight, std::int64_t count, std::int64_t among) {
  if (count <= 0 || among <= 0) return 0;
  const auto part = static_cast<std::uint64_t>(std::min(count, among));
  return weight * kHundredths * part / static_cast<std::uint64_t>(among);
}

const StarGrade* grade_of(const Stars& stars, std::uint64_t points) {
  for (const auto& grade : stars.grades) {
    if (points >= grade.from * kHundredths) return &grade;
  }
  return nullptr;
}

std::uint64_t due_by(std::uint64_t at_least, std::string_view day) {
  const auto number = [&](std::size_t at, std::size_t size) {
    unsigned value = 0;
    std::from_chars(day.data() + at, day.data() + at + size, value);
    return value;
  };
  YISHI_ASSERT(day.size() == 10);
  const std::chrono::year year(static_cast<int>(number(0, 4)));
  const std::chrono::year_month_day date{year, std::chrono::month(number(5, 2)),
                                         std::chrono::day(number(8, 2))};
  const std::chrono::year_month_day last{year, std::chrono::December, std::chrono::day(31)};
  return at_least * day_of_year(date) / day_of_year(last);
}

}  // namespace yishi::deliberation
