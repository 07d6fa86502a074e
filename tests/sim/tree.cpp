#include "tests/sim/tree.h"

#include <algorithm>

namespace yishi::sim {

namespace {

constexpr std::size_t kCodeDigits = 12;

topology::Code code_of(const topology::Unit& parent, std::string_view level, std::uint64_t number) {
  const auto kept = topology::find_level(parent.level)->digits;
  const auto digits = topology::find_level(level)->digits;
  auto last = std::to_string(number);
  std::string text = parent.code.text().substr(0, kept);
  text += std::string(digits - kept - last.size(), '0') + last;
  text += std::string(kCodeDigits - digits, '0');
  auto code = topology::Code::parse(text);
  YISHI_ASSERT(code.ok());
  return *code;
}

std::size_t draw_size(Random& random) {
  const auto kind = random.below(1000);
  if (kind < 640) return random.between(3, 5);
  if (kind < 900) return random.between(6, 9);
  if (kind < 990) return random.between(10, 18);
  return random.between(19, 60);
}

}  // namespace

Tree Tree::draw(Random& random) {
  const auto& known = topology::known_levels();
  const auto size = draw_size(random);
  const auto depth = std::min<std::size_t>(random.between(2, known.size()), size);
  const auto top = random.below(known.size() - depth + 1);
  Tree tree;
  for (std::size_t i = 0; i < depth; ++i) tree.levels.push_back(known[top + i].id);
  const std::string root = std::string("328888888888").substr(0, known[top].digits);
  topology::Unit unit;
  unit.code = *topology::Code::parse(root + std::string(kCodeDigits - root.size(), '0'));
  unit.name = "顶级单位";
  unit.level = tree.levels.front();
  tree.places.push_back({unit, true});
  // A spine to the lowest level first, then wherever there is a level below.
  while (tree.places.size() < size) {
    const bool spine = tree.places.size() < depth;
    const auto& parent = spine ? tree.places.back().unit : random.pick(tree.places).unit;
    if (auto next = tree.grow(random, topology::Unit(parent))) {
      tree.places.push_back({*next, spine || random.chance(0.85)});
    }
  }
  return tree;
}

std::optional<topology::Unit> Tree::grow(Random&, const topology::Unit& parent) {
  const auto level = std::find(levels.begin(), levels.end(), parent.level);
  if (level == levels.end() || level + 1 == levels.end()) return std::nullopt;
  topology::Unit unit;
  unit.level = *(level + 1);
  unit.code = code_of(parent, unit.level, ++grown_);
  unit.name = "单位" + std::to_string(grown_);
  unit.parent = parent.code;
  return unit;
}

namespace {

void label(std::string& out, std::string_view table, std::string_view id, std::string_view more) {
  out += "[[" + std::string(table) + "]]\nid=\"" + std::string(id) + "\"\nzh=\"" + std::string(id) +
         "\"\nen=\"" + std::string(id) + "\"\n" + std::string(more);
}

}  // namespace

std::string policy_text(const std::vector<std::string>& levels, std::uint64_t version) {
  std::string out = "id=\"sim\"\nzh=\"规则" + std::to_string(version) + "\"\nen=\"rules\"\n";
  for (const auto* id : {"environment", "land", "difficult"}) label(out, "categories", id, "");
  for (const auto* id : {"assigned", "raised"}) label(out, "sources", id, "");
  for (const auto* id : {"meeting", "field"}) label(out, "forms", id, "");
  for (const auto* id : {"mass", "stakeholder", "leader"}) label(out, "parties", id, "");
  for (const auto* id : {"planned", "ad_hoc", "beyond_self"}) label(out, "flags", id, "");
  for (const auto* id : {"hand", "paper"}) label(out, "channels", id, "");
  label(out, "checklist", "public", "yes=true\n");
  for (const auto* id : {"decision", "project", "governance", "consensus"}) {
    label(out, "outcomes", id, "");
  }
  for (const auto* id : {"logged", "proposed", "approved", "researched", "held", "outcome",
                         "accepted", "returned", "decided", "carrying_out", "fed_back"}) {
    label(out, "stages", id, "");
  }
  label(out, "stages", "escalated", "waiting=true\n");
  label(out, "stages", "closed", "end=true\n");
  label(out, "results", "solved", "");
  label(out, "results", "half_solved", "reason=true\n");
  label(out, "results", "explained",
        "reason=true\nfrom=[\"logged\",\"returned\",\"accepted\",\"approved\",\"held\"]\n");
  out += R"([acts.log]
to="logged"
[acts.amend]
from=["logged","returned"]
[acts.screen]
from=["logged","returned","accepted"]
[acts.consult]
from=["logged","proposed","accepted","approved","held","outcome"]
[acts.propose]
from=["logged","returned","accepted"]
to="proposed"
[acts.approve]
from=["proposed"]
to="approved"
[acts.return]
from=["proposed","escalated","accepted","returned"]
to="returned"
[acts.research]
from=["approved"]
to="researched"
[acts.convene]
from=["approved","researched","held"]
[acts.session]
from=["approved","researched","held"]
to="held"
[acts.correct]
from=["held","outcome","decided","carrying_out"]
[acts.submit]
from=["outcome","decided","carrying_out","fed_back"]
[acts.outcome]
from=["held"]
to="outcome"
[acts.escalate]
from=["logged","proposed","approved","researched","held","outcome","escalated","accepted","returned","decided"]
to="escalated"
[acts.accept]
from=["escalated"]
to="accepted"
[acts.decide]
from=["accepted","outcome"]
to="decided"
[acts.assign]
from=["accepted","outcome","decided","carrying_out"]
to="carrying_out"
[acts.feedback]
from=["decided","carrying_out"]
to="fed_back"
[acts.close]
from=["outcome","carrying_out","fed_back"]
to="closed"
[[acts.close.guards]]
name="assignments_done"
zh="交办完成"
en="assignments done"
[acts.reopen]
from=["closed"]
to="logged"
[acts.comment]
[[registers]]
id="rooms"
zh="议事室"
en="rooms"
by=["own","above"]
key=["name"]
fields=[{id="name",zh="名称",en="name",required=true},{id="seats",zh="座位",en="seats",type="number"}]
[[registers]]
id="bulletins"
zh="通报"
en="bulletins"
below=true
key=["name"]
fields=[{id="name",zh="名称",en="name",required=true},{id="seats",zh="期数",en="number",type="number"}]
)";
  auto limit = kLimitYuan * static_cast<std::int64_t>(1 + version % 2);
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    out += "[authority." + *level + "]\n";
    if (level + 1 == levels.rend()) break;  // the top decides everything
    out += "budget_max_yuan=" + std::to_string(limit) + "\n";
    if (level == levels.rbegin()) out += "excluded=[\"difficult\"]\n";
    limit *= 10;
  }
  for (const auto& level : levels) {
    out += "[organs." + level + "]\nzh=\"" + level + "党组织\"\nen=\"organ\"\n";
  }
  const auto& lowest = levels.back();
  const auto& above = levels[levels.size() - 2];
  out += "[[upper_approvals]]\nlevel=\"" + lowest + "\"\nby=\"" + above +
         "\"\ncategories=[\"land\"]\nbudget_over_yuan=20000\nzh=\"上级审批\"\nen=\"upper\"\n";
  out += "[filing]\n" + lowest + "=\"" + above + "\"\n";
  out += "[accept_days]\n";
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) out += levels[i] + "=3\n";
  out += "[calendar]\nholidays=[2026-12-25]\nworkdays=[]\n";
  return out;
}

}  // namespace yishi::sim
