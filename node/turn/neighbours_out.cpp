// The half of Neighbours that speaks: what is missing, what is offered, what is sent.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "crypto/planted.h"
#include "node/turn/neighbours.h"
#include "node/turn/repair.h"

namespace yishi::turn {

// What is missing: asked for until it is here.

void Neighbours::miss(const Neighbour& from, const Taken& taken) {
  const bool topology = ledger_.is_topology_log(taken.want->log);
  const auto asked = topology && parent_ ? parent_->unit : from.unit;
  add_want({*taken.want, asked.text(), taken.last});
  if (topology && taken.head.log != taken.want->log && from.role == sync::Role::kParent) {
    const auto head = ledger_.logs().log(taken.head.log).head.sequence;
    add_want({sync::Want{taken.head.log, head + 1, {}}, from.unit.text(), taken.head.sequence});
  }
}

void Neighbours::add_want(const store::WantRow& want) {
  (void)ledger_.logs().add_want(want);
  wants_.reset();
}

bool Neighbours::satisfied(const store::WantRow& row) {
  if (row.want.issue.empty()) return ledger_.logs().log(row.want.log).head.sequence >= row.upto;
  const auto facts = ledger_.issues().facts(row.want.issue);
  return std::none_of(facts.begin(), facts.end(), [](const store::StoredFact& fact) {
    return fact.effect == deliberation::Effect::kWaits;
  });
}

void Neighbours::ask_for_missing(const Now& now) {
  if (!wants_) wants_ = ledger_.logs().wants();
  for (const auto& row : std::vector<store::WantRow>(*wants_)) ask(row, now);
  ask_for_damaged(now);
}

void Neighbours::ask_for_damaged(const Now& now) {
  for (const auto& question : mender_.questions(now)) {
    each([&](Neighbour& neighbour) {
      const bool parent = neighbour.role == sync::Role::kChild;
      if (parent != question.to_parent || neighbour.link.state() != sync::LinkState::kOpen) return;
      if (!parent && !question.child.empty() && question.child != neighbour.unit) return;
      neighbour.link.send(now.steady_ms, question.want);
    });
  }
}

void Neighbours::ask(const store::WantRow& row, const Now& now) {
  Neighbour* neighbour = find(row.neighbour);
  if (!neighbour) neighbour = parent_.get();
  if (!neighbour || neighbour->link.state() != sync::LinkState::kOpen) return;
  const auto key = to_hex(row.want.log.view()) + row.want.issue;
  const auto [asked, first] = neighbour->asked.try_emplace(key, now.steady_ms);
  if (!first && now.steady_ms < asked->second + kWantAgainMs) return;
  if (!first && planted(Defect::kWantAskedOnce) && !satisfied(row)) return;
  if (satisfied(row)) {
    if (!hooks_.begin()) return;
    (void)ledger_.logs().remove_want(row.want);
    if (row.want.issue.empty()) filled(row.want.log);
    neighbour->asked.erase(asked);
    wants_.reset();
    return;
  }
  asked->second = now.steady_ms;
  auto want = row.want;
  if (want.issue.empty()) want.from = ledger_.logs().log(want.log).head.sequence + 1;
  neighbour->link.send(now.steady_ms, std::move(want));
}

void Neighbours::answer(Neighbour& to, const sync::Want& want, const Now& now) {
  const auto child = to.role == sync::Role::kParent ? to.unit : topology::Code{};
  auto rows = want.issue.empty() ? outlet_.log_rows(want, child) : outlet_.issue_rows(want, child);
  sync::Supply supply;
  std::size_t bytes = 0;
  const auto send = [&] {
    if (!supply.rows.empty()) to.link.send(now.steady_ms, std::exchange(supply, {}));
    bytes = 0;
  };
  for (auto& row : rows) {
    if (bytes + row.run.size() > sync::kBatchBytes ||
        supply.rows.size() == sync::kMaxRowsPerMessage) {
      send();
    }
    bytes += row.run.size();
    supply.rows.push_back(std::move(row));
  }
  send();
}

// Frames out.

void Neighbours::offer(const Now& now) {
  each([&](Neighbour& neighbour) {
    if (&neighbour == guide_.get()) return;  // it is asked the way, and given nothing
    update_self(neighbour, now);
    while (const auto pull = neighbour.link.pull()) {
      auto offer = neighbour.role == sync::Role::kChild ? outlet_.upward(*pull)
                                                        : outlet_.downward(*pull, neighbour.unit);
      if (offer.rows.empty() && offer.upto == pull->after) break;
      neighbour.link.push(now.steady_ms, std::move(offer.rows), offer.upto);
    }
  });
}

void Neighbours::send_status(const Now& now) {
  if (!parent_open()) return;
  const auto* node = ledger_.directory().node_of_unit(ledger_.here());
  if (!node) return;
  sync::StatusReport report;
  report.clock_ms = now.wall_ms;
  const auto own = ledger_.logs().log(node->key.id()).head.sequence;
  const auto waiting = ledger_.logs().waiting(receipted());
  report.rows.push_back({ledger_.here().text(), now.wall_ms, own, waiting.records, software_});
  for (auto& row : ledger_.logs().contacts()) {
    if (report.rows.size() == sync::kMaxFrontierRows) {
      parent_->link.send(now.steady_ms, std::exchange(report, {now.wall_ms, {}}));
    }
    report.rows.push_back(std::move(row));
  }
  parent_->link.send(now.steady_ms, std::move(report));
}

void Neighbours::tick(const Now& now) {
  if (own_log_unsure_ && hooks_.begin()) {
    own_log_unsure_ = false;
    (void)ledger_.logs().set_value(kOwnLogUnsure, "1");
  }
  find_way(now);
  std::erase_if(children_, [](const auto& item) {
    return item.second->guest && item.second->link.state() == sync::LinkState::kDown;
  });
  each([&](Neighbour& neighbour) {
    const auto due = neighbour.link.next_tick_ms();
    if (due && *due <= now.steady_ms) {
      update_self(neighbour, now);
      neighbour.link.tick(now.steady_ms);
    }
  });
}

void Neighbours::save_progress() {
  each([&](Neighbour& neighbour) {
    if (neighbour.taken) neighbour.stored.inbound = *neighbour.taken;
    if (neighbour.taken || neighbour.lacks_changed || neighbour.progress_unsaved) {
      (void)ledger_.logs().save_link(neighbour.unit, neighbour.stored);
      neighbour.progress_unsaved = false;
    }
  });
}

void Neighbours::committed(const Now& now) {
  lives_.committed();
  each([&](Neighbour& neighbour) {
    if (neighbour.taken || neighbour.lacks_changed) {
      auto& heads = neighbour.heads;
      if (heads.size() > sync::kMaxHeadsPerAck) {
        heads.erase(heads.begin(),
                    heads.end() - static_cast<std::ptrdiff_t>(sync::kMaxHeadsPerAck));
      }
      update_self(neighbour, now);
      neighbour.link.committed(now.steady_ms, neighbour.stored.inbound, std::move(heads));
    }
    neighbour.taken.reset();
    neighbour.lacks_changed = false;
    neighbour.heads.clear();
  });
}

void Neighbours::rolled_back() {
  lives_.rolled_back();
  wants_.reset();
  mender_.rolled_back();
  each([&](Neighbour& neighbour) {
    neighbour.link.not_committed();
    neighbour.stored.inbound = neighbour.link.inbound();
    neighbour.stored.lacking = ledger_.logs().link(neighbour.unit).lacking;
    neighbour.taken.reset();
    neighbour.lacks_changed = false;
    neighbour.heads.clear();
  });
}

bool Neighbours::transmit(const Neighbour& neighbour, View frame) {
  if (neighbour.role == sync::Role::kParent) {
    return transport_.send_to_child(neighbour.curve, frame);
  }
  return &neighbour == uplink() && transport_.send_to_parent(frame);
}

Bytes Neighbours::seal(const Neighbour& to, sync::Outgoing outgoing) const {
  return sync::seal(key_,
                    {ledger_.database().identity().network, key_.public_key().id(), to.unit.text(),
                     outgoing.session, outgoing.counter, std::move(outgoing.message)});
}

void Neighbours::flush() {
  each([&](Neighbour& neighbour) {
    for (auto& outgoing : neighbour.link.take()) {
      neighbour.unsent.push_back(seal(neighbour, std::move(outgoing)));
    }
    while (!neighbour.unsent.empty() && transmit(neighbour, neighbour.unsent.front())) {
      neighbour.unsent.pop_front();
    }
    // What a line that is down did not take, the link says again in its next session.
    if (neighbour.link.state() != sync::LinkState::kOpen) neighbour.unsent.clear();
    for (const auto& fault : neighbour.link.take_faults()) {
      spdlog::warn("link to {}: {}", neighbour.unit.text(), fault);
      // The parent holds more of our stream than we do: our store lost its end. A child's word
      // on that does not count: it could stop us with a lie.
      own_log_unsure_ |= fault == "stream.rollback" && neighbour.role == sync::Role::kChild;
    }
  });
}

void Neighbours::send_join(const Bytes& change) {
  if (parent_) (void)transmit(*parent_, seal(*parent_, {{}, 0, sync::Join{change}}));
}

// What the turn and the people ask.

Neighbours::Neighbour* Neighbours::find(std::string_view unit) {
  Neighbour* found = nullptr;
  each([&](Neighbour& neighbour) {
    if (neighbour.unit.text() == unit) found = &neighbour;
  });
  return found;
}

std::optional<std::uint64_t> Neighbours::next_tick_ms() const {
  std::optional<std::uint64_t> next;
  const auto consider = [&](const Neighbour& neighbour) {
    const auto due = neighbour.link.next_tick_ms();
    if (due && (!next || *due < *next)) next = due;
  };
  if (parent_) consider(*parent_);
  if (guide_) consider(*guide_);
  for (const auto& [unit, neighbour] : children_) consider(*neighbour);
  return next;
}

bool Neighbours::unsent() const {
  if (parent_ && !parent_->unsent.empty()) return true;
  return std::any_of(children_.begin(), children_.end(),
                     [](const auto& item) { return !item.second->unsent.empty(); });
}

bool Neighbours::progress_unsaved() const {
  if (parent_ && parent_->progress_unsaved) return true;
  return std::any_of(children_.begin(), children_.end(),
                     [](const auto& item) { return item.second->progress_unsaved; });
}

const sync::Receipted& Neighbours::receipted() const {
  static const sync::Receipted kNothing;
  return parent_ ? parent_->stored.receipted : kNothing;
}

NeighbourView Neighbours::view(const Neighbour& neighbour) const {
  NeighbourView view;
  view.unit = neighbour.unit;
  switch (neighbour.link.state()) {
    case sync::LinkState::kOpen:
      view.state = "open";
      break;
    case sync::LinkState::kGreeting:
      view.state = "greeting";
      break;
    case sync::LinkState::kDown:
      view.state = neighbour.line.empty() ? "down" : neighbour.line;
      break;
  }
  view.heard_ms = neighbour.heard_wall_ms;
  view.confirmed_ms = neighbour.stored.receipted_ms;
  view.clock_offset_ms = neighbour.clock_offset_ms;
  if (neighbour.link.peer()) view.software = neighbour.link.peer()->software;
  if (const auto* node = ledger_.directory().node_of_unit(neighbour.unit)) {
    view.endpoint = node->endpoint;
  }
  return view;
}

std::optional<NeighbourView> Neighbours::parent_view() const {
  if (!parent_) return std::nullopt;
  return view(*parent_);
}

std::vector<NeighbourView> Neighbours::child_views() const {
  std::vector<NeighbourView> views;
  views.reserve(children_.size());
  for (const auto& [unit, neighbour] : children_) {
    if (ledger_.directory().parent_node(unit) == ledger_.here()) views.push_back(view(*neighbour));
  }
  return views;
}

}  // namespace yishi::turn
