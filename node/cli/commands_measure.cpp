// measure report, open, gaps, minimums, stars, bulletin.
#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

std::string count_text(const Json& value) {
  return value.is_number_integer() ? std::to_string(value.get<std::int64_t>()) : "—";
}

// "66.66% (2/3)": never a quotient alone.
std::string measured_rate(const Json& rate) {
  constexpr std::int64_t kHundredths = 100;
  const std::string counts =
      " (" + count_text(at(rate, "count")) + "/" + count_text(at(rate, "among")) + ")";
  if (!at(rate, "basis_points").is_number()) return "—" + counts;
  const auto points = rate.value("basis_points", std::int64_t{0});
  const auto rest = std::to_string(points % kHundredths);
  return std::to_string(points / kHundredths) + "." + (rest.size() < 2 ? "0" : "") + rest + "%" +
         counts;
}

std::string points_text(const Json& value) {
  constexpr std::uint64_t kHundredths = 100;
  const auto points = value.is_number() ? value.get<std::uint64_t>() : 0;
  const auto rest = std::to_string(points % kHundredths);
  return std::to_string(points / kHundredths) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

std::string frontier_line(const Invocation& invocation, const Json& body) {
  return one_line(at(body, "frontier").value(invocation.chinese ? "zh" : "en", std::string())) +
         '\n';
}

Target with_period(const Invocation& invocation, std::string path) {
  Target target(std::move(path));
  for (const char* key : {"unit", "year", "from", "to"}) target.with(key, invocation.args.get(key));
  return target;
}

std::string split_text(const Invocation& invocation, const Json& count) {
  std::string out;
  for (const auto& part : at(count, "by")) {
    out += (out.empty() ? "" : "，") + invocation.label(part) + " " + count_text(at(part, "value"));
  }
  return out;
}

Outcome measure_report(const Invocation& invocation) {
  const auto called = api_get(invocation, with_period(invocation, "/api/v1/measures").text());
  if (called.failed) return *called.failed;
  const Json total = at(called.body, "total");
  Table table({"ID", invocation.pick("指标", "Measure"), invocation.pick("数", "Count"),
               invocation.pick("其中", "Of which")},
              {false, false, true, false});
  for (const auto& measure : at(called.body, "measures")) {
    const std::string id = measure.value("id", std::string());
    const Json count = at(at(total, "counts"), id.c_str());
    table.add({id, invocation.label(measure), count_text(at(count, "value")),
               split_text(invocation, count)});
  }
  std::vector<std::string> heads{invocation.pick("单位", "Unit")};
  for (const auto& rate : at(called.body, "rates")) heads.push_back(invocation.label(rate));
  Table rates(heads);
  const auto add = [&](const Json& line, const std::string& name) {
    std::vector<std::string> cells{name};
    for (const auto& rate : at(called.body, "rates")) {
      const std::string id = rate.value("id", std::string());
      cells.push_back(measured_rate(at(at(line, "rates"), id.c_str())));
    }
    rates.add(std::move(cells));
  };
  for (const auto& line : at(called.body, "lines")) add(line, invocation.unit(at(line, "unit")));
  add(total, invocation.pick("合计", "Total"));
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = table.text() + '\n' + rates.text() + frontier_line(invocation, called.body);
  return outcome;
}

std::string counted_line(const Invocation& invocation, const Json& one) {
  std::string out = "  " + invocation.unit(at(one, "unit"));
  const Json entry = at(one, "entry");
  if (entry.is_object()) out += "  " + one_line(entry.value("key", std::string()));
  if (at(one, "issue").is_string()) {
    out += "  " + at(one, "issue").get<std::string>();
    if (at(one, "title").is_string()) out += "  " + one_line(at(one, "title").get<std::string>());
  }
  if (one.value("amount", std::int64_t{1}) != 1) out += "  " + count_text(at(one, "amount"));
  return out + '\n';
}

Outcome open_measure(const Invocation& invocation) {
  Target target = with_period(invocation, "/api/v1/measures/" + invocation.args.get("measure"));
  target.with("skip", invocation.args.get("skip")).with("limit", invocation.args.get("limit"));
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = invocation.label(at(called.body, "measure")) + '\n';
  for (const auto& one : at(called.body, "counted")) outcome.text += counted_line(invocation, one);
  const Json next = at(called.body, "next");
  if (next.is_number()) {
    outcome.text +=
        invocation.pick("还有更多：--skip ", "There is more: --skip ") + count_text(next) + '\n';
  }
  return outcome;
}

Outcome show_gaps(const Invocation& invocation) {
  Target target("/api/v1/gaps");
  target.with("unit", invocation.args.get("unit")).with("gap", invocation.args.get("gap"));
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  for (const auto& gap : at(called.body, "gaps")) {
    outcome.text += invocation.label(gap) + invocation.pick("：", ": ") +
                    count_text(at(gap, "count")) + "/" + count_text(at(gap, "among")) + '\n';
    for (const auto& one : at(gap, "missing")) outcome.text += counted_line(invocation, one);
  }
  outcome.text += frontier_line(invocation, called.body);
  return outcome;
}

Outcome show_minimums(const Invocation& invocation) {
  Target target("/api/v1/minimums");
  target.with("unit", invocation.args.get("unit")).with("day", invocation.args.get("day"));
  target.with("all", invocation.args.has("all") ? "1" : "");
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Table table({invocation.pick("单位", "Unit"), invocation.pick("要求", "Minimum"),
               invocation.pick("已有", "Done"), invocation.pick("此时应有", "Due"),
               invocation.pick("全年", "Year"), invocation.pick("还差", "Lacking")},
              {false, false, true, true, true, true});
  for (const auto& line : at(called.body, "lines")) {
    table.add({invocation.unit(at(line, "unit")), invocation.label(at(line, "minimum")),
               count_text(at(line, "count")), count_text(at(line, "due")),
               count_text(at(line, "at_least")), count_text(at(line, "lacking"))});
  }
  Outcome outcome;
  outcome.json = called.body;
  outcome.text =
      table.empty() ? invocation.pick("没有短缺。\n", "Nothing falls short.\n") : table.text();
  outcome.text += frontier_line(invocation, called.body);
  return outcome;
}

Outcome show_stars(const Invocation& invocation) {
  const auto called = api_get(invocation, with_period(invocation, "/api/v1/stars").text());
  if (called.failed) return *called.failed;
  std::vector<std::string> heads{invocation.pick("单位", "Unit"), invocation.pick("档次", "Grade"),
                                 invocation.pick("得分", "Points")};
  for (const auto& one : at(called.body, "components")) {
    heads.push_back(invocation.label(one) + " /" + count_text(at(one, "weight")));
  }
  Table table(heads);
  for (const auto& line : at(called.body, "lines")) {
    std::vector<std::string> cells{invocation.unit(at(line, "unit")),
                                   invocation.label(at(line, "grade")),
                                   points_text(at(line, "points_100"))};
    for (const auto& part : at(line, "parts")) {
      cells.push_back(points_text(at(part, "points_100")) + " (" + count_text(at(part, "count")) +
                      "/" + count_text(at(part, "among")) + ")");
    }
    table.add(std::move(cells));
  }
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = table.text() + frontier_line(invocation, called.body);
  return outcome;
}

std::string bulletin_text(const Invocation& invocation, const Json& fields) {
  std::string out;
  for (const auto& [field, values] : fields.items()) {
    out += field + invocation.pick("：", ": ");
    bool first = true;
    for (const auto& value : values) {
      if (!first) out += "；";
      first = false;
      out += printable(value.get<std::string>());
    }
    out += '\n';
  }
  return out;
}

Outcome compose_bulletin(const Invocation& invocation) {
  Target target = with_period(invocation, "/api/v1/stars/bulletin");
  const auto called = api_get(invocation, target.with("day", invocation.args.get("day")).text());
  if (called.failed) return *called.failed;
  Json fields = at(called.body, "fields");
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = bulletin_text(invocation, fields);
  if (!invocation.args.has("put")) {
    outcome.text += invocation.pick("（未发出；--put 发出）\n", "(not sent; --put sends it)\n");
    return outcome;
  }
  Json entry = {{"fields", std::move(fields)}};
  if (invocation.args.has("by")) entry["by"] = invocation.args.get("by");
  const auto sent =
      api_post(invocation, "/api/v1/registers/" + text_of_key(called.body, "register"),
               {{"entries", Json::array({std::move(entry)})}});
  if (sent.failed) return *sent.failed;
  outcome.json["put"] = at(sent.body, "put");
  outcome.text += invocation.pick("已发出，将到达所有下级。\n", "Sent to all below.\n");
  return outcome;
}

}  // namespace

std::vector<Command> measure_commands() {
  const Option unit{"unit", "CODE", "这个单位及以下（默认本单位）",
                    "this unit and below (default: this node's)"};
  const std::vector<Option> period{unit,
                                   {"year", "2026", "这一年", "in this year"},
                                   {"from", "2026-01-01", "从这一天起", "from this day on"},
                                   {"to", "2026-06-30", "到这一天止", "up to this day"}};
  std::vector<Option> opening = period;
  opening.insert(opening.begin(),
                 {"measure", "MEASURE", "指标的标识", "the measure's id", false, true, true});
  opening.push_back({"skip", "N", "跳过前几条", "leave out the first so many"});
  opening.push_back({"limit", "N", "最多几条（默认 100）", "at most so many (default 100)"});
  std::vector<Option> composing = period;
  composing.push_back({"day", "2026-12-31", "通报的日期（默认今天）", "its date (default: today)"});
  composing.push_back({"put", "", "写入登记簿并发出", "put it into its register"});
  composing.push_back({"by", "WHO", "登记人或机关", "who writes it"});
  return {
      {"measure report", "各项指标和比率：覆盖、分布、活动、事项（按规则所定）",
       "counts and rates as the policy measures them: coverage, distribution, activities, issues",
       period, "yishi measure report --year 2026", measure_report},
      {"measure open", "打开一个数字：它数了哪些条目、事项或单位",
       "open a number: the entries, issues or units it counts", opening,
       "yishi measure open rooms --unit 320803000000", open_measure},
      {"measure gaps",
       "缺口：哪里没有协商室、没有委员联系、没有联络员……",
       "gaps: units without a room, rooms without a member, posts not filled",
       {unit, {"gap", "GAP", "只看这一项", "only this one"}},
       "yishi measure gaps --unit 320803000000",
       show_gaps},
      {"measure minimums",
       "截至某日，哪些单位达不到全年最低次数",
       "which units fall short of the year's minimum as of a day",
       {unit,
        {"day", "2026-06-30", "截至哪一天（默认今天）", "as of this day (default today)"},
        {"all", "", "也列出没有短缺的", "list those that do not fall short too"}},
       "yishi measure minimums --day 2026-06-30",
       show_minimums},
      {"measure stars", "星级评定：每个单位的得分和各分项",
       "star rating: each unit's points and their parts", period, "yishi measure stars --year 2026",
       show_stars},
      {"measure bulletin", "由星级生成通报：表扬谁、督促谁；--put 发出",
       "compose a bulletin of the star rating: whom to praise, whom to urge; --put sends it",
       composing, "yishi measure bulletin --year 2026 --put --by 办公室", compose_bulletin},
  };
}

}  // namespace yishi::cli
