#include "node/turn/turn.h"

#include <algorithm>

#include "crypto/planted.h"
#include "node/turn/repair.h"

namespace yishi::turn {

Turn::Turn(store::Database& database, sync::Transport& transport, Mailbox& mailbox, Board& board,
           Clock& clock, crypto::Random& random, const Keys& keys,
           std::optional<Admission::Joining> joining, TurnOptions options)
    : database_(database),
      transport_(transport),
      mailbox_(mailbox),
      board_(board),
      clock_(clock),
      options_(std::move(options)),
      ledger_(database),
      clerk_(ledger_, keys, random),
      neighbours_(ledger_, transport, keys.node, random, options_.software,
                  {[this] { return begin(); },
                   [this](const Bytes& change) { admission_.passed_on(change, clock_.now()); }}),
      admission_(ledger_, clerk_, neighbours_, transport, keys.node, std::move(joining)),
      scrubber_(ledger_, options_.scrub_interval_ms) {}

Status Turn::start() {
  if (auto status = ledger_.load(); !status.ok()) return status;
  if (auto status = admission_.own_directory(); !status.ok()) return status;
  const auto now = clock_.now();
  started_ms_ = now.wall_ms;
  if (auto status = scrubber_.start(now); !status.ok()) return status;
  neighbours_.load();
  if (auto status = begin_life(now); !status.ok()) return status;
  if (const auto& joining = admission_.joining(); joining && ledger_.directory().empty()) {
    neighbours_.expect_parent(joining->ticket.parent, sync::peer_key(joining->ticket.parent_curve));
  }
  neighbours_.topology_changed();
  followed_ = ledger_.shared_directory();
  if (auto status = connect(); !status.ok()) return status;
  publish(now);
  return {};
}

// Written down before anyone greets. A full disk puts it off to the first turn that can write:
// until then nothing new can go out, and the links greet again when it has begun.
Status Turn::begin_life(const Now& now) {
  if (begin()) {
    if (!ledger_.knows_kinds()) ledger_.judge_unknown();  // of an older program
    if (auto status = database_.commit(); !status.ok()) ledger_.fail(status.error());
  }
  if (!ledger_.fault()) {
    neighbours_.committed(now);
    return {};
  }
  const Error fault = *ledger_.fault();
  if (database_.in_transaction()) database_.rollback();
  ledger_.rolled_back();
  neighbours_.rolled_back();
  return fault.rule == "store.full" && !database_.poisoned() ? Status() : Status(fault);
}

bool Turn::admits(const sync::PeerKey& key) const {
  const auto& directory = ledger_.directory();
  if (directory.empty()) return false;
  if (const auto* node = directory.node_of_curve(key)) {
    return neighbours_.hears(*node) && !directory.suspended(node->unit);
  }
  const auto* ticket = directory.ticket_of_curve(key);
  // A used ticket still opens the door: who holds it is told how it ended.
  return ticket && directory.parent_node(ticket->unit) == ledger_.here();
}

// The line to the parent: with the ticket's keys while knocking, with our own ever after.
Status Turn::connect() {
  const auto& directory = ledger_.directory();
  const auto& joining = admission_.joining();
  knocked_ = admission_.knocking();
  if (knocked_) {
    const auto curve = sync::curve_from_secret(sync::peer_key(joining->ticket.curve_secret()));
    return transport_.connect(sync::Transport::Upstream{
        options_.parent_endpoint.empty() ? joining->ticket.parent_endpoint
                                         : options_.parent_endpoint,
        sync::peer_key(joining->ticket.parent_curve), curve.public_key, curve.secret_key});
  }
  std::string endpoint = joining ? joining->ticket.parent_endpoint : std::string{};
  std::optional<sync::PeerKey> server;
  bool leads_to_parent = true;
  if (joining) server = sync::peer_key(joining->ticket.parent_curve);
  if (!directory.empty()) {
    const auto* node = neighbours_.upstream();
    if (!node) return transport_.connect(std::nullopt);
    endpoint = node->endpoint;
    server = sync::peer_key(node->curve);
    leads_to_parent = node->unit == directory.parent_node(ledger_.here());
  }
  if (leads_to_parent && !options_.parent_endpoint.empty()) endpoint = options_.parent_endpoint;
  if (endpoint.empty() || !server) return transport_.connect(std::nullopt);
  return transport_.connect(
      sync::Transport::Upstream{endpoint, *server, options_.curve_public, options_.curve_secret});
}

bool Turn::begin() {
  if (ledger_.fault()) return false;
  if (database_.in_transaction()) return true;
  if (auto status = database_.begin(); !status.ok()) {
    ledger_.fail(status.error());
  } else {
    neighbours_.transaction_began();
  }
  return !ledger_.fault();
}

std::uint64_t Turn::wait_ms(std::uint64_t max_wait_ms, const Now& now) const {
  std::uint64_t wait = max_wait_ms;
  const auto steady_ms = planted(Defect::kTimersByWallClock) ? now.wall_ms : now.steady_ms;
  const auto until = [&](std::uint64_t due) {
    wait = std::min(wait, due > steady_ms ? due - steady_ms : 0);
  };
  if (const auto due = neighbours_.next_tick_ms()) until(*due);
  until(status_due_ms_);
  if (neighbours_.progress_unsaved()) until(save_due_ms_);
  if (!greetings_.empty()) return 0;
  if (neighbours_.unsent()) wait = std::min<std::uint64_t>(wait, 20);
  if (admission_.knocking()) wait = std::min<std::uint64_t>(wait, 200);
  if (scrubber_.due(now.wall_ms)) wait = std::min(wait, kScrubPauseMs);
  // By the wall clock, which may jump: whoever waits asks again before long.
  if (const auto due = clerk_.next_timer_ms(); due != 0) {
    wait = std::min(wait, due >= now.wall_ms ? due - now.wall_ms + 1 : 0);
  }
  return wait;
}

Status Turn::run_once(std::uint64_t max_wait_ms) {
  transport_.poll(wait_ms(max_wait_ms, clock_.now()), kMaxTurnBytes);
  auto now = clock_.now();
  if (planted(Defect::kTimersByWallClock)) now.steady_ms = now.wall_ms;
  gather(now);
  obey(mailbox_.take(), now);
  if (ledger_.has_changed() || clerk_.timers_due(now)) (void)begin();
  if (!planted(Defect::kReactsToCommandsOnly)) clerk_.react(now);
  follow_topology();
  tick(now);
  if (auto status = finish(now); !status.ok()) return status;
  neighbours_.offer(now);
  neighbours_.flush();
  publish(now);
  database_.tend();  // nobody waits for it
  return scrub(now);
}

// In turns that had nothing else to do, so that nobody waits for it.
Status Turn::scrub(const Now& now) {
  if (!idle_) return {};
  if (ledger_.logs().value(store::kProjectionsDue).value_or("") == "1" &&
      ledger_.logs().open_damages() == 0) {
    return Error{"store.mended", "", "受损的行已全部修复，须重新推导事项和统计",
                 "all damaged rows are mended: issues and figures are to be derived again"};
  }
  return scrubber_.step(now);
}

void Turn::gather(const Now& now) {
  for (const auto event : transport_.take_events()) {
    admission_.line(event, now);
    if (!admission_.knocking()) neighbours_.line(event, now);
  }
  greeted_ = 0;
  auto deliveries = std::exchange(greetings_, {});
  for (auto& delivery : transport_.take_deliveries()) deliveries.push_back(std::move(delivery));
  for (auto& delivery : deliveries) {
    take(std::move(delivery), now);
    if (ledger_.fault()) return;
    follow_topology();
  }
}

void Turn::take(sync::Delivery delivery, const Now& now) {
  auto frame = sync::open_frame(delivery.frame);
  if (!frame) {
    neighbours_.refuse(neighbours_.unit_of(delivery), frame.error(), now);
  } else if (std::holds_alternative<sync::Hello>(frame->envelope.message) && put_off(delivery)) {
    return;
  } else if (!admission_.receive(delivery, *frame, now)) {
    neighbours_.receive(delivery, std::move(*frame), now);
  }
}

// Who is welcomed sends what it has. When thousands come back at once, only so many are let in
// a turn as a turn can take in, or what they send would pile up in memory.
bool Turn::put_off(sync::Delivery& delivery) {
  if (delivery.from_parent || ++greeted_ <= kGreetingsPerTurn) return false;
  const auto before = std::find_if(greetings_.begin(), greetings_.end(),
                                   [&](const auto& other) { return other.from == delivery.from; });
  if (before == greetings_.end()) {
    greetings_.push_back(std::move(delivery));
  } else {
    *before = std::move(delivery);
  }
  return true;
}

void Turn::obey(std::vector<PendingCommand> commands, const Now& now) {
  for (auto& pending : commands) {
    Answer answer =
        begin() ? clerk_.execute(pending.command, pending.once, now) : Answer(*ledger_.fault());
    owed_.push_back({std::move(pending.answer), std::move(answer)});
  }
}

void Turn::follow_topology() {
  if (ledger_.shared_directory() == followed_ || ledger_.fault()) return;
  followed_ = ledger_.shared_directory();
  neighbours_.topology_changed();
  (void)connect();  // an endpoint that can't be parsed leaves the line down, and is shown
}

void Turn::tick(const Now& now) {
  admission_.tick(now);
  neighbours_.tick(now);
  neighbours_.ask_for_missing(now);
  if (now.steady_ms >= status_due_ms_) {
    neighbours_.send_status(now);
    status_due_ms_ = now.steady_ms + options_.status_interval_ms;
  }
  if (neighbours_.progress_unsaved() && now.steady_ms >= save_due_ms_) (void)begin();
  // Told how it ended: come as oneself; or asking someone else the way.
  const bool rerouted = neighbours_.take_rerouted();
  if (rerouted || knocked_ != admission_.knocking()) (void)connect();
}

Status Turn::finish(const Now& now) {
  idle_ = !database_.in_transaction() && !ledger_.fault();
  if (idle_) {
    answer();
    return {};
  }
  if (!ledger_.fault()) {
    neighbours_.save_progress();
    scrubber_.save();
    save_due_ms_ = now.steady_ms + kSaveProgressMs;
  }
  if (planted(Defect::kAckBeforeCommit) && !ledger_.fault()) neighbours_.committed(now);
  if (planted(Defect::kEntriesBeforeCommit) && !ledger_.fault()) neighbours_.offer(now);
  if (planted(Defect::kAckBeforeCommit) || planted(Defect::kEntriesBeforeCommit)) {
    neighbours_.flush();
  }
  if (planted(Defect::kAnswerBeforeCommit) && !ledger_.fault()) answer();
  if (!ledger_.fault()) {
    if (auto status = database_.commit(); !status.ok()) ledger_.fail(status.error());
  }
  if (!ledger_.fault()) {
    disk_full_ = false;
    ledger_.committed();
    neighbours_.committed(now);
    answer();
    return {};
  }
  const Error fault = *ledger_.fault();
  if (database_.in_transaction()) database_.rollback();
  disk_full_ = fault.rule == "store.full";
  ledger_.rolled_back();
  if (planted(Defect::kAckWithoutRows)) neighbours_.committed(now);
  neighbours_.rolled_back();
  if (!planted(Defect::kFullDiskAnsweredOk)) {
    for (auto& owed : owed_) owed.answer = Answer(fault);
  }
  answer();
  follow_topology();
  return disk_full_ && !database_.poisoned() ? Status() : Status(fault);
}

void Turn::answer() {
  for (auto& owed : owed_) owed.promise.set_value(std::move(owed.answer));
  owed_.clear();
}

void Turn::publish(const Now& now) {
  const auto last = board_.read();
  const bool urgent = last->directory != ledger_.shared_directory();
  const auto children = neighbours_.child_count();
  if (!urgent && children > 64 && now.steady_ms < published_ms_ + kPublishEveryMs) return;
  published_ms_ = now.steady_ms;
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->directory = ledger_.shared_directory();
  snapshot->unit = ledger_.here();
  snapshot->software = options_.software;
  snapshot->endpoint = options_.endpoint;
  snapshot->admitted = admission_.admitted();
  snapshot->joining = admission_.waits_for();
  snapshot->disk_full = disk_full_;
  snapshot->started_ms = started_ms_;
  snapshot->scrubbed_ms = scrubber_.finished_ms();
  snapshot->parent = neighbours_.parent_view();
  snapshot->children = neighbours_.child_views();
  snapshot->receipted = neighbours_.receipted();
  snapshot->signatures_checked = ledger_.signatures_checked() + neighbours_.signatures_checked();
  board_.publish(std::move(snapshot));
}

}  // namespace yishi::turn
