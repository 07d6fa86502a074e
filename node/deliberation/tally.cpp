#include "node/deliberation/tally.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>

namespace yishi::deliberation {

namespace {

constexpr std::int32_t kMonths = 12;
constexpr std::int64_t kMsOfDay = 86'400'000;
constexpr std::int64_t kChinaMs = 8LL * 3'600'000;  // China Standard Time is UTC+8 all year

constexpr std::array<std::string_view, 26> kWords{
    "issue",       "issues",    "category", "stage",     "source",   "budget_fen", "approved",
    "deliberated", "result",    "became",   "climbed",   "climb",    "returned",   "override",
    "evaluated",   "score",     "asked",    "satisfied", "approval", "closing",    "in_time",
    "late",        "unlimited", "problem",  "session",   "people"};
static_assert(kWords.size() == static_cast<std::size_t>(Counted::kPeople) + 1);

// Figures of foreign origin: what is beyond all sense may come out wrong, but never stops us.
std::int64_t amount_of(std::uint64_t number) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
  return static_cast<std::int64_t>(std::min(number, kMost));
}

void count_work(const Issue& issue, std::vector<Count>& counts) {
  for (const Assignment& one : issue.assignments) {
    if (!one.done) continue;
    const bool limited = one.due_ms != 0;
    const Counted what = !limited                        ? Counted::kUnlimited
                         : one.progress_ms <= one.due_ms ? Counted::kInTime
                                                         : Counted::kLate;
    counts.push_back({what, month_number(one.progress_ms), {}, {}, 1});
  }
}

void count_life(const Issue& issue, std::int32_t month, std::vector<Count>& counts) {
  const auto add = [&](Counted what, std::string_view name, std::uint64_t times) {
    if (times > 0) counts.push_back({what, month, name, {}, amount_of(times)});
  };
  add(Counted::kApproved, {}, issue.approved_n > 0 ? 1 : 0);
  add(Counted::kDeliberated, {}, issue.table.sessions.empty() ? 0 : 1);
  add(Counted::kResult, issue.result, issue.result.empty() ? 0 : 1);
  add(Counted::kBecame, issue.became, issue.became.empty() ? 0 : 1);
  add(Counted::kClimbed, {}, issue.escalations.empty() ? 0 : 1);
  std::map<std::string_view, std::uint64_t> climbs;
  for (const auto& reason : issue.escalations) climbs[reason] += 1;
  for (const auto& [reason, times] : climbs) add(Counted::kClimb, reason, times);
  add(Counted::kReturned, {}, issue.returns);
  std::map<std::string_view, std::uint64_t> overrides;
  for (const Passed& passed : issue.table.passed) {
    for (const auto& guard : passed.guards) overrides[guard] += 1;
  }
  for (const auto& [guard, times] : overrides) add(Counted::kOverride, guard, times);
  add(Counted::kEvaluated, {}, issue.evaluations);
  add(Counted::kScore, {}, issue.score_sum);
  add(Counted::kAsked, {}, issue.follow.asked);
  add(Counted::kSatisfied, {}, issue.follow.satisfied);
}

}  // namespace

std::vector<Count> tally(const Issue& issue) {
  std::vector<Count> counts;
  if (issue.n == 0) return counts;
  counts.reserve(kWords.size());
  const std::int32_t month = month_number(issue.logged_ms);
  counts.push_back({Counted::kIssue, month, issue.category, issue.stage, 1});
  counts.push_back({Counted::kIssues, month, {}, {}, 1});
  counts.push_back({Counted::kCategory, month, issue.category, {}, 1});
  counts.push_back({Counted::kStage, month, issue.stage, {}, 1});
  counts.push_back({Counted::kSource, month, issue.source, {}, 1});
  const auto budget = std::clamp<std::int64_t>(issue.budget_fen, 0, kMaxBudgetFen);
  if (budget > 0) counts.push_back({Counted::kBudget, month, {}, {}, budget});
  count_life(issue, month, counts);
  if (issue.approved_ms > 0) {
    counts.push_back({Counted::kApproval, month_number(issue.approved_ms), {}, {}, 1});
  }
  if (issue.closed_ms > 0 && !issue.result.empty()) {
    counts.push_back({Counted::kClosing, month_number(issue.closed_ms), issue.result, {}, 1});
  }
  count_work(issue, counts);
  for (const SessionMark& session : issue.table.sessions) {
    const auto held = month_number(held_session(session).held_ms);
    for (const auto& result : session.results) {
      counts.push_back({Counted::kProblem, held, result, {}, 1});
    }
  }
  return counts;
}

HeldSession held_session(const SessionMark& session) {
  HeldSession one;
  one.unit = session.unit;
  one.stated = session.held_ms != 0;
  one.held_ms = one.stated ? session.held_ms : session.recorded_ms;
  one.place = session.place;
  one.form = session.form;
  for (const Party& party : session.parties) one.people += party.count;
  return one;
}

std::string_view figure_word(Counted what) { return kWords[static_cast<std::size_t>(what)]; }

std::string figure_name(const Count& count) {
  std::string name(figure_word(count.what));
  switch (count.what) {
    case Counted::kIssue:
      return name.append(":").append(count.a).append(":").append(count.b);
    case Counted::kCategory:
    case Counted::kStage:
    case Counted::kSource:
    case Counted::kResult:
    case Counted::kBecame:
    case Counted::kClimb:
    case Counted::kOverride:
    case Counted::kClosing:
    case Counted::kProblem:
    case Counted::kSessions:
      return name.append(":").append(count.a);
    default:
      return name;
  }
}

bool is_figure(std::string_view name) {
  const auto word = name.substr(0, name.find(':'));
  return word != figure_word(Counted::kIssue) &&
         std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool by_logging(Counted what) { return what < Counted::kApproval; }

std::int32_t month_number(std::uint64_t time_ms) {
  const auto most = static_cast<std::int64_t>(kMaxTimeMs);
  const auto ms = std::min(static_cast<std::int64_t>(time_ms & INT64_MAX), most) + kChinaMs;
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(ms / kMsOfDay))};
  return static_cast<int>(day.year()) * kMonths + static_cast<int>(unsigned(day.month())) - 1;
}

std::string month_text(std::int32_t month) {
  if (month <= 0) return {};
  const std::string year = std::to_string(month / kMonths);
  const std::string part = std::to_string(month % kMonths + 1);
  constexpr std::size_t kYearDigits = 4;
  const std::string filler(year.size() < kYearDigits ? kYearDigits - year.size() : 0, '0');
  return filler + year + (part.size() == 1 ? "-0" : "-") + part;
}

std::optional<std::int32_t> parse_month(std::string_view text) {
  constexpr std::size_t kLength = 7;  // "2026-11"
  constexpr std::size_t kDash = 4;
  if (text.size() != kLength || text[kDash] != '-') return std::nullopt;
  std::int32_t year = 0;
  std::int32_t part = 0;
  const char* end = text.data() + kLength;
  const auto first = std::from_chars(text.data(), text.data() + kDash, year);
  const auto second = std::from_chars(text.data() + kDash + 1, end, part);
  const bool whole = first.ec == std::errc{} && first.ptr == text.data() + kDash &&
                     second.ec == std::errc{} && second.ptr == end;
  if (!whole || year < 1 || part < 1 || part > kMonths) return std::nullopt;
  return year * kMonths + part - 1;
}

}  // namespace yishi::deliberation
