// /report/figures: the figures that the policy names, each as the sum of counts that can be opened.
#include <set>

#include "node/http/call.h"
#include "node/http/figure_json.h"
#include "node/http/frontier_json.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "node/http/query.h"

namespace yishi::http {
namespace {

using deliberation::QuotedFigure;

// "closing" counts every "closing:…".
bool counts_towards(const QuotedFigure& figure, const std::string& name) {
  const auto one = [&](const std::string& wanted) {
    return name == wanted || (wanted.find(':') == std::string::npos && name.starts_with(wanted) &&
                              name.size() > wanted.size() && name[wanted.size()] == ':');
  };
  return std::any_of(figure.counts.begin(), figure.counts.end(), one);
}

struct Quoted {
  std::int64_t count = 0;
  std::set<std::string> open;  // the figures it is the sum of, as far as they are not 0
};

Quoted quote(Call& call, const QuotedFigure& figure, const topology::Code& unit) {
  store::Span span;
  if (const auto since = deliberation::parse_month(figure.since)) {
    span = {*since, store::kEachMonth.to};
  }
  Quoted quoted;
  const auto take = [&](const store::FigureSum& sum) {
    for (const auto& name : store::spread(*sum.figure)) {
      if (!counts_towards(figure, name)) continue;
      quoted.count += sum.amount;
      quoted.open.insert(name);
    }
  };
  const store::Figures figures(call.database());
  const auto& directory = call.directory();
  if (figure.level.empty() && unit == directory.root()) {
    figures.each_whole(span, take);
    return quoted;
  }
  auto units = store::units_below(directory, unit);
  if (units.empty()) units = directory.all_units();
  std::erase_if(units, [&](const topology::Code& code) {
    const auto known = directory.unit(code);
    return !figure.level.empty() && (!known || known->level != figure.level);
  });
  if (!units.empty()) figures.each(span, units, take);
  return quoted;
}

}  // namespace

Result<Reply> get_report_figures(Call& call) {
  Query query(call.request());
  const auto wanted = query.code("unit");
  if (const auto status = query.finish(); !status) return status.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto unit = wanted.value_or(call.snapshot().unit);
  if (!call.directory().unit(unit)) {
    return Error{"http.missing", "unit", "没有单位 " + unit.text(),
                 "there is no unit " + unit.text()};
  }
  const auto policy = call.world().policy_at(call.directory().latest());
  Json out = Json::array();
  for (const auto& figure : policy ? policy->figures : std::vector<QuotedFigure>()) {
    const Quoted quoted = quote(call, figure, unit);
    Json one = label_json(figure.label.id, &figure.label);
    one["unit"] = figure.unit;
    one["count"] = quoted.count;
    one["counts"] = figure.counts;
    one["since"] = figure.since;
    one["level"] = figure.level;
    one["open"] = quoted.open;
    out.push_back(std::move(one));
  }
  const auto complete =
      store::frontier(call.database(), call.directory(), unit, now_ms(), kSilentAfterMs);
  return Reply{{{"unit", unit_json(call.directory(), unit)},
                {"figures", std::move(out)},
                {"frontier", frontier_json(call.directory(), complete)},
                {"made", times(now_ms())}}};
}

}  // namespace yishi::http
