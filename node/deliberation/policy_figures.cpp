// [[figures]]: the figures that a place quotes.
#include "node/deliberation/policy_sections.h"
#include "node/deliberation/tally.h"
#include "topology/unit.h"

namespace yishi::deliberation {

void read_quoted_figures(PolicyTable& root, const PolicySections& to) {
  root.each("figures", [&](PolicyTable& table) {
    QuotedFigure figure;
    figure.label = read_label(table, to);
    figure.unit = table.text("unit", false);
    figure.counts = table.texts("counts");
    figure.level = table.text("level", false);
    figure.since = table.text("since", false);
    const auto fault = [&](std::string rule, const std::string& zh, const std::string& en) {
      to.faults.add(table.line(), std::move(rule), "figures." + figure.label.id + " " + zh,
                    "figures." + figure.label.id + " " + en);
    };
    if (figure.counts.empty()) {
      fault("policy.list.empty", "没有写明统计什么（counts）",
            "does not say what it counts (counts)");
    }
    for (const auto& name : figure.counts) {
      if (is_figure(name)) continue;
      fault("policy.figure.unknown", "统计不认识的数“" + name + "”",
            "counts an unknown figure: \"" + name + "\"");
    }
    if (!figure.level.empty() && topology::find_level(figure.level) == nullptr) {
      fault("policy.level.unknown", "提到不存在的级别“" + figure.level + "”",
            "names a level that does not exist: \"" + figure.level + "\"");
    }
    if (!figure.since.empty() && !parse_month(figure.since)) {
      fault("policy.figure.since", "的 since 应为 2019-01 这样的月份",
            "has a since that is no month such as 2019-01");
    }
    to.policy.figures.push_back(std::move(figure));
  });
}

}  // namespace yishi::deliberation
