#include "node/http/measure_question.h"

#include "node/http/frontier_json.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "node/http/register_batch.h"

namespace yishi::http {
namespace {

constexpr std::size_t kDayBytes = 10;  // "2026-11-21"

}  // namespace

bool is_day(const std::string& text) {
  return text.size() == kDayBytes && parse_moment(text).has_value();
}

std::string today() { return rfc3339(now_ms()).substr(0, kDayBytes); }

Error wrong_day(const std::string& parameter) {
  return {"query.day", parameter, "参数 " + parameter + "：应当是 2026-11-21 这样的日期",
          "parameter " + parameter + ": must be a day such as 2026-11-21"};
}

Result<MeasureAsked> read_measure_question(Query& query) {
  constexpr std::uint64_t kMaxYear = 9999;
  MeasureAsked asked;
  asked.unit = query.code("unit");
  asked.period = {query.text("from"), query.text("to")};
  const auto year = query.number("year", 0, kMaxYear);
  if (year != 0 && asked.period.from.empty() && asked.period.to.empty()) {
    asked.period = deliberation::year_period(static_cast<int>(year));
  }
  for (const auto& [name, day] : {std::pair{"from", asked.period.from}, {"to", asked.period.to}}) {
    if (!day.empty() && !is_day(day)) return wrong_day(name);
  }
  return asked;
}

Result<MeasureReady> open_measure_question(Call& call, const MeasureAsked& asked) {
  const auto policy = open_policy(call);
  if (!policy) return policy.error();
  const auto unit = asked.unit.value_or(call.snapshot().unit);
  if (!call.directory().unit(unit)) {
    return Error{"http.missing", "unit", "没有单位 " + unit.text(),
                 "there is no unit " + unit.text()};
  }
  return MeasureReady{{call.world(), unit, asked.period, now_ms()}, *policy};
}

Json frontier_of(Call& call, const topology::Code& unit) {
  return frontier_json(call.directory(), store::frontier(call.database(), call.directory(), unit,
                                                         now_ms(), kSilentAfterMs));
}

}  // namespace yishi::http
