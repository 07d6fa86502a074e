#include "tests/sim/people.h"

#include "node/deliberation/react.h"
#include "node/store/issues.h"
#include "tests/sim/tree.h"

namespace yishi::sim {

using deliberation::Act;

turn::Command People::draw(Machine& machine) {
  const Disk::Calm calm(machine.disk());
  const auto directory = machine.snapshot()->directory;
  const auto kind = random_.below(100);
  if (kind < 8) return journal();
  if (kind < 14) return registers(*directory);
  if (kind < 60) {
    if (auto command = act(machine, *directory)) return std::move(*command);
  }
  return log(machine, *directory);
}

turn::Command People::log(Machine& machine, const topology::Directory& directory) {
  turn::LogIssue command;
  auto& body = command.body;
  std::vector<topology::Code> kept;
  const auto units = directory.all_units();
  for (const auto& unit : units) {
    if (directory.keeper_of(unit) == machine.unit()) kept.push_back(unit);
  }
  if (!kept.empty() && random_.chance(0.4)) body.home = random_.pick(kept);
  if (!units.empty() && random_.chance(0.04)) body.home = random_.pick(units);  // not theirs
  body.title = "事项";
  body.text = "请尽快处理";
  static const std::vector<std::string> kCategories{"environment", "environment", "land",
                                                    "difficult"};
  body.category = random_.pick(kCategories);
  // Around a level's limit, to the fen.
  std::int64_t limit = kLimitYuan * 100;
  for (auto level = random_.below(3); level > 0; --level) limit *= 10;
  static const std::vector<std::int64_t> kOff{0, 0, 1, -1};
  body.budget_fen = random_.chance(0.4) ? limit + random_.pick(kOff)
                                        : static_cast<std::int64_t>(random_.spread(0, 9'000'000));
  if (!units.empty() && random_.chance(0.2)) body.reach.push_back(random_.pick(units));
  body.by = "村委会";
  if (random_.chance(0.5)) command.reporter = {"某人", "000"};
  return command;
}

turn::Command People::journal() {
  turn::NoteJournal command;
  const auto lines = random_.chance(0.03) ? random_.between(200, 600) : random_.between(1, 4);
  for (std::uint64_t i = 0; i < lines; ++i) command.lines.push_back("记事" + std::to_string(i));
  return command;
}

// Few names, so that several write the same entry; a share is not theirs to write.
turn::Command People::registers(const topology::Directory& directory) {
  turn::WriteRegisters command;
  const auto units = directory.all_units();
  for (auto left = random_.between(1, 3); left > 0; --left) {
    turn::RegisterChange change;
    change.body.register_id = random_.chance(0.7) ? "rooms" : "bulletins";
    if (!units.empty() && random_.chance(0.4)) change.unit = random_.pick(units);
    const auto name = "甲" + std::to_string(random_.below(3));
    change.withdraw = random_.chance(0.15);
    change.body.key = name;
    if (!change.withdraw) {
      change.body.fields = {{"name", {name}}, {"seats", {std::to_string(random_.below(1000))}}};
    }
    command.changes.push_back(std::move(change));
  }
  return command;
}

std::optional<turn::Command> People::act(Machine& machine, const topology::Directory& directory) {
  store::Issues issues(*machine.database());
  store::IssueFilter filter;
  filter.limit = 40;
  const auto rows = issues.list(filter, directory);
  if (rows.empty()) return std::nullopt;
  std::vector<const deliberation::Issue*> held;
  for (const auto& row : rows) {
    if (directory.keeper_of(row.issue.holder) == machine.unit()) held.push_back(&row.issue);
  }
  const bool own = !held.empty() && random_.chance(0.8);
  const auto& issue = own ? *random_.pick(held) : random_.pick(rows).issue;
  const auto open = deliberation::open_acts(issue, world_of(machine), machine.unit());
  auto act = static_cast<Act>(random_.below(deliberation::acts().size()));
  if (!open.empty() && !random_.chance(0.06)) act = random_.pick(open);
  // Remarks and climbing are always open: let the issue's own life go first.
  for (int again = 0; again < 2 && !open.empty(); ++again) {
    if (deliberation::info(act).transition && act != Act::kEscalate) break;
    act = random_.pick(open);
  }
  return turn::DoAct{issue.id, act, body_for(act, issue, directory, machine.unit())};
}

// As the machine has it by now; kept, because a policy takes long to read.
const deliberation::World& People::world_of(const Machine& machine) {
  auto& known = worlds_[machine.index()];
  const auto directory = machine.snapshot()->directory;
  if (known.directory != directory) {
    known.world = std::make_unique<deliberation::World>(*directory);
    known.directory = directory;
  }
  return *known.world;
}

deliberation::ActBody People::body_for(Act act, const deliberation::Issue& issue,
                                       const topology::Directory& directory,
                                       const topology::Code& here) {
  deliberation::ActBody body;
  body.by = "党组织";
  body.text = "经讨论";
  body.reason = "有理由";
  if (act == Act::kAmend) {
    body.text.clear();
    static const std::vector<std::int64_t> kFen{0, 1'000'000, kLimitYuan * 100,
                                                kLimitYuan * 100 + 1, kLimitYuan * 10'000};
    body.budget_fen = random_.pick(kFen);
    if (random_.chance(0.2)) body.category = "difficult";
  }
  if (act == Act::kHoldSession) {
    body.held_ms = kWallAtStart - 90ULL * 86'400'000;
    body.place = "村部";
    body.form = "meeting";
    body.parties = {{"mass", 6}, {"stakeholder", 2}};
    body.session.votes = {{"", "hand", random_.below(4), 1, 0}, {"", "paper", 3, 0, 0}};
    body.session.problems = {{"排水", "solved"}, {"照明", ""}};
    if (random_.chance(0.4)) body.session.dissents = {{"村民", "mass", "太贵"}};
  }
  at_the_table(act, directory, body);
  if (act == Act::kOutcome) body.became = "decision";
  if (act == Act::kAssign) {
    std::vector<topology::Code> below;
    for (const auto& unit : directory.all_units()) {
      if (directory.inside(unit, issue.holder)) below.push_back(unit);
    }
    if (!below.empty()) body.to = random_.pick(below);
  }
  if (act == Act::kProgress && !issue.assignments.empty()) {
    body.assignment = random_.pick(issue.assignments).number;
    for (const auto& one : issue.assignments) {
      if (!one.done && directory.keeper_of(one.unit) == here) body.assignment = one.number;
    }
    body.done = random_.chance(0.7);
    if (!body.done) body.percent = random_.below(100);
  }
  if (act == Act::kClose) {
    static const std::vector<std::string> kResults{"solved", "half_solved", "explained"};
    body.result = random_.pick(kResults);
    if (random_.chance(0.3)) body.figures = {{"费用", "12000", "3600", "元"}};
  }
  if (act == Act::kEvaluate) {
    body.party = "mass";
    body.score = random_.below(101);
  }
  follow(act, issue, directory, here, body);
  return body;
}

// Numbers that are often there, and sometimes not.
void People::at_the_table(Act act, const topology::Directory& directory,
                          deliberation::ActBody& body) {
  if (act == Act::kScreen) {
    static const std::vector<std::string> kFlags{"planned", "ad_hoc", "beyond_self", "none"};
    body.topic.flags = {random_.pick(kFlags)};
    body.topic.answers = {{"public", random_.chance(0.7), ""}};
  }
  if (act == Act::kConsult) {
    const auto units = directory.all_units();
    if (random_.chance(0.5)) body.to = random_.pick(units);
    if (body.to.empty() || random_.chance(0.3)) body.organs = {"镇政府", "镇党委"};
  }
  if (act == Act::kConvene) {
    body.held_ms = kWallAtStart + 900ULL * 86'400'000;
    body.session.materials = {{"调研报告", ""}};
  }
  if (act == Act::kCorrect) {
    body.number = 1 + random_.below(2);
    body.parties = {{"mass", 9}, {"stakeholder", 2}};
    if (random_.chance(0.3)) body.session.dissents = {{"村民", "", "太贵"}, {"业主", "", "太慢"}};
  }
  if (act == Act::kSubmit) body.organs = {"镇党委"};
  if (act == Act::kOpine || act == Act::kReceive || act == Act::kExplain) {
    body.number = 1 + random_.below(2);
    body.item = act == Act::kExplain ? 1 + random_.below(2) : 0;
  }
}

// After the table.
void People::follow(Act act, const deliberation::Issue& issue, const topology::Directory& directory,
                    const topology::Code& here, deliberation::ActBody& body) {
  auto& said = body.follow;
  const auto units = directory.all_units();
  const auto inside = [&](const topology::Code& unit) {
    std::vector<topology::Code> found;
    for (const auto& one : units) {
      if (directory.inside(one, unit)) found.push_back(one);
    }
    return found.empty() ? here : random_.pick(found);
  };
  const auto later = kWallAtStart + random_.between(1, 400) * 86'400'000ULL;
  const auto order = [&] {
    const auto& all = issue.follow.supervisions;
    return all.empty() ? std::string() : to_hex(random_.pick(all).digest.view()).substr(0, 16);
  };
  if (act == Act::kPublish) said.about = "outcome";
  if (act == Act::kRevisit) said.about = "holds";
  if (act == Act::kExtend || act == Act::kGrant) {
    body.assignment = issue.assignments.empty() ? 1 : random_.pick(issue.assignments).number;
    if (act == Act::kExtend || random_.chance(0.7)) body.due_ms = later;
    body.overrides = "从简";
  }
  if (act == Act::kRefer) body.to = inside(issue.holder);
  if (act == Act::kJoin && !units.empty()) said.units = {random_.pick(units)};
  if (act == Act::kGuide) {
    body.to = inside(issue.holder);
    said.level = "village";
  }
  if (act == Act::kRate) {
    said.asked = 10;
    said.satisfied = random_.below(11);
  }
  if (act == Act::kSupervise || act == Act::kVisit) {
    said.kind = "order";
    body.held_ms = kWallAtStart - 86'400'000;
    if (random_.chance(0.3)) said.ref = order();
    if (act == Act::kSupervise && random_.chance(0.8)) {
      body.to = inside(here);
      if (random_.chance(0.5)) body.due_ms = later;
    }
  }
  if (act == Act::kRectify || act == Act::kAppraise) {
    said.ref = order();
    body.done = random_.chance(0.7);
  }
  if (act == Act::kAccount) body.to = inside(here);
}

}  // namespace yishi::sim
