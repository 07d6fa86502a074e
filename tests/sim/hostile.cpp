#include "tests/sim/hostile.h"

#include <algorithm>
#include <array>

#include "node/deliberation/act.h"
#include "node/deliberation/issue.h"
#include "node/deliberation/react.h"
#include "node/turn/ledger.h"
#include "sync/run.h"

namespace yishi::sim {

namespace {

constexpr double kDeedsPerFrame = 0.4;
constexpr std::size_t kInventions = 3;   // with each frame, at most: a small history has few frames
constexpr double kTwinsPerFrame = 0.25;  // once there are any: both histories should arrive
constexpr std::size_t kMaxHeard = 40;
constexpr std::int64_t kBeyondAllFen = 900'000'000'000;  // no level below the root settles that

}  // namespace

void Hostile::misdeed(const Machine& machine, std::string what,
                      std::optional<crypto::Digest> record) {
  witness_.note(timeline_.now(), machine.index(), Misdeed{std::move(what), record});
}

std::vector<Bytes> Hostile::rewrite(Machine& from, const Machine& to, View frame) {
  auto opened = sync::open_frame(frame);
  YISHI_ASSERT(opened.ok());  // its own turn sealed it
  auto& envelope = opened->envelope;
  if (envelope.session == sync::Nonce{}) {
    heard_of_.push_back(copy(frame));
    return {copy(frame)};
  }
  if (envelope.session != session_) {
    session_ = envelope.session;
    shift_ = 0;
  }
  std::vector<Bytes> leaving;
  if (!reformed_ && random_.chance(kDeedsPerFrame)) {
    if (auto lied = lie(from, envelope.message)) {
      envelope.message = std::move(*lied);
      misdeed(from, "lied");
    }
  }
  for (std::size_t i = 0; i < kInventions && !reformed_; ++i) {
    if (!random_.chance(kDeedsPerFrame)) continue;
    for (auto& one : invent(from, to, envelope, frame)) leaving.push_back(std::move(one));
  }
  if (!twins_.empty() && random_.chance(kTwinsPerFrame)) {
    sync::Envelope one = envelope;
    one.counter = envelope.counter + shift_++;
    one.message = sync::Supply{{{0, random_.pick(twins_)}}};
    leaving.push_back(sync::seal(from.keys().node, one));
  }
  envelope.counter += shift_;
  leaving.push_back(sync::seal(from.keys().node, envelope));
  heard_of_.push_back(leaving.back());
  if (heard_of_.size() > kMaxHeard) heard_of_.pop_front();
  return leaving;
}

// The message changed in place.
std::optional<sync::Message> Hostile::lie(Machine& from, const sync::Message& message) {
  if (const auto* ack = std::get_if<sync::Ack>(&message); ack && random_.chance(0.7)) {
    auto lied = *ack;
    if (random_.chance(0.5)) lied.cursor.position += random_.between(1, 20);
    if (random_.chance(0.3)) lied.cursor.position = 0;
    if (random_.chance(0.2)) random_.fill(lied.cursor.incarnation);
    for (auto& head : lied.heads) head.sequence += random_.below(3);
    lied.resend = random_.chance(0.3);
    return lied;
  }
  if (const auto* status = std::get_if<sync::StatusReport>(&message)) {
    auto lied = *status;
    lied.clock_ms = random_.next() % sync::kMaxNumber;
    const auto& directory = *from.snapshot()->directory;
    for (const auto& unit : directory.all_units()) {
      if (!random_.chance(0.4)) continue;
      lied.rows.push_back({unit.text(), random_.next() % sync::kMaxNumber, random_.below(1000),
                           random_.below(1000), "lie"});
    }
    return lied;
  }
  return std::nullopt;
}

// Frames besides the honest one.
std::vector<Bytes> Hostile::invent(Machine& from, const Machine& to, const sync::Envelope& envelope,
                                   View frame) {
  std::vector<Bytes> leaving;
  const auto say = [&](sync::Message message) {
    sync::Envelope one = envelope;
    one.counter = envelope.counter + shift_++;
    one.message = std::move(message);
    leaving.push_back(sync::seal(from.keys().node, one));
  };
  switch (random_.below(11)) {
    case 0: {
      if (heard_of_.empty()) break;
      misdeed(from, "replayed");
      leaving.push_back(heard_of_[random_.below(heard_of_.size())]);
      break;
    }
    case 1: {
      misdeed(from, "junk");
      leaving.push_back(random_.bytes(random_.below(200)));
      break;
    }
    case 2: {
      misdeed(from, "flipped bit");
      Bytes flipped = copy(frame);
      flipped[random_.below(flipped.size())] ^= static_cast<std::uint8_t>(1U << random_.below(8));
      leaving.push_back(std::move(flipped));
      break;
    }
    case 3:
      if (auto supply = forge_foreign(from)) {
        misdeed(from, "forged another's log");
        say(std::move(*supply));
      }
      break;
    case 4:
    case 5:
      if (auto supply = forge_own(from)) say(std::move(*supply));
      break;
    case 6: {
      misdeed(from, "spoke as another");
      sync::Envelope one = envelope;
      if (const auto* node = from.snapshot()->directory->node_of_unit(to.unit())) {
        one.sender = node->key.id();
      }
      leaving.push_back(sync::seal(from.keys().node, one));
      break;
    }
    case 7:
    case 8:
      if (auto supply = break_chain(from)) say(std::move(*supply));
      break;
    case 9:
      if (auto join = forge_change(from)) {
        misdeed(from, "forged change");
        sync::Envelope one = envelope;
        one.session = {};
        one.counter = 0;
        one.message = std::move(*join);
        leaving.push_back(sync::seal(from.keys().node, one));
      }
      break;
    default: {
      misdeed(from, "wanted what is not its own");
      crypto::Digest log;
      random_.fill(log.bytes);
      say(sync::Want{log, 1, {}});
      break;
    }
  }
  return leaving;
}

// A run under another's log: with a changed record, or signed by the wrong key.
std::optional<sync::Supply> Hostile::forge_foreign(Machine& from) {
  const Disk::Calm calm(from.disk());
  const store::Logs logs(*from.database());
  const auto own = from.keys().node.public_key().id();
  std::vector<store::StoredRow> rows;
  for (auto& row : logs.rows_after(0, SIZE_MAX, false)) {
    if (row.log != own) rows.push_back(std::move(row));
  }
  if (rows.empty()) return std::nullopt;
  auto run = sync::Run::open(random_.pick(rows).run);
  if (!run) return std::nullopt;
  const auto& entry = run->entries().back();
  auto header = sync::decode_header(entry.header);
  if (!header) return std::nullopt;
  if (random_.chance(0.4) && entry.records.front()) {  // the real header, other bytes
    auto record = sync::decode_record(*entry.records.front());
    if (!record) return std::nullopt;
    record->salt[0] ^= 1U;
    const Bytes bytes = sync::encode_record(*record);
    sync::Entry changed = entry;
    changed.records.front() = bytes;
    return sync::Supply{{{0, sync::pack_run({&changed, 1}, false)}}};
  }
  // The next entry of that log, signed with its own key.
  header->sequence += random_.below(2);
  if (header->sequence > 1)
    header->previous = sync::entry_digest(from.keys().node.suite(), entry.header, entry.signature);
  const sync::Record record{"issue.commented", "x", {}, sync::make_salt(random_)};
  const auto log = header->log;
  auto sealed = sync::seal_entry(from.keys().node, *header, {sync::encode_record(record)});
  auto lied = sync::decode_header(sealed.header);
  YISHI_ASSERT(lied.ok());
  lied->log = log;  // … under the other's name
  const Bytes bytes = sync::encode_header(*lied);
  sync::Entry forged = sealed.view();
  forged.header = bytes;
  return sync::Supply{{{0, sync::pack_run({&forged, 1}, false)}}};
}

sync::SealedEntry Hostile::twin(Machine& from, const sync::EntryHeader& header) {
  const sync::Record record{"journal.noted", from.unit().text(), copy(view_of("另一段历史")),
                            sync::make_salt(random_)};
  return sync::seal_entry(from.keys().node, header, {sync::encode_record(record)});
}

// A second history of its own log, from an entry that it has written already; or an entry whose
// records are not those that it signed.
std::optional<sync::Supply> Hostile::forge_own(Machine& from) {
  const Disk::Calm calm(from.disk());
  const store::Logs logs(*from.database());
  const auto own = from.keys().node.public_key().id();
  const auto rows = logs.rows_of_log(own, 1, SIZE_MAX);
  if (rows.empty()) return std::nullopt;
  auto run = sync::Run::open(random_.pick(rows).run);
  if (!run) return std::nullopt;
  const auto& entry = random_.pick(run->entries());
  auto header = sync::decode_header(entry.header);
  if (!header) return std::nullopt;
  if (random_.chance(0.3)) {
    misdeed(from, "sent other bytes than it signed");
    header->sequence = logs.log(own).head.sequence + 1;
    header->previous = logs.log(own).head.digest;
    auto sealed = twin(from, *header);
    (*sealed.records.front())[sealed.records.front()->size() - 1] ^= 1U;
    const auto changed = sealed.view();
    return sync::Supply{{{0, sync::pack_run({&changed, 1}, false)}}};
  }
  const auto sealed = twin(from, *header);
  const auto view = sealed.view();
  const auto suite = from.keys().node.suite();
  witness_.note(
      timeline_.now(), from.index(),
      Forked{own, header->sequence, sync::entry_digest(suite, entry.header, entry.signature),
             sync::entry_digest(suite, view.header, view.signature)});
  twins_.push_back(sync::pack_run({&view, 1}, false));
  return sync::Supply{{{0, twins_.back()}}};
}

// Well signed, and wrong: the second entry does not follow the first, or the topology it names
// is older than its log named before, or one that nobody has seen.
std::optional<sync::Supply> Hostile::break_chain(Machine& from) {
  const Disk::Calm calm(from.disk());
  const auto own = from.keys().node.public_key().id();
  const auto state = store::Logs(*from.database()).log(own);
  if (state.head.sequence == 0) return std::nullopt;
  sync::EntryHeader header;
  header.network = from.database()->identity().network;
  header.sequence = state.head.sequence + 1;
  header.previous = state.head.digest;
  header.time_ms = from.clock().now().wall_ms;
  header.topology = state.topology;
  const bool future = random_.chance(0.3);
  if (future || (state.topology > 1 && random_.chance(0.5))) {
    misdeed(from, future ? "named a topology to come" : "named an older topology");
    header.topology = future ? state.topology + 50 : random_.between(1, state.topology - 1);
    const auto sealed = twin(from, header);
    const auto view = sealed.view();
    return sync::Supply{{{0, sync::pack_run({&view, 1}, false)}}};
  }
  misdeed(from, "broke its chain");
  const auto first = twin(from, header);
  ++header.sequence;
  random_.fill(header.previous.bytes);
  const auto second = twin(from, header);
  const std::array<sync::Entry, 2> entries{first.view(), second.view()};
  return sync::Supply{{{0, sync::pack_run(entries, false)}}};
}

// A change in the name of the root key, which did not sign it.
std::optional<sync::Join> Hostile::forge_change(Machine& from) {
  const Disk::Calm calm(from.disk());
  const auto rows = store::Logs(*from.database()).rows_of_log(witness_.topology_log, 1, 1);
  if (rows.empty()) return std::nullopt;
  const auto run = sync::Run::open(rows.front().run);
  if (!run || !run->entries().front().records.front()) return std::nullopt;
  const auto record = sync::decode_record(*run->entries().front().records.front());
  if (!record) return std::nullopt;
  const auto first = topology::decode_change(record->body);
  if (!first) return std::nullopt;
  const auto units = from.snapshot()->directory->all_units();
  auto bytes = topology::sign_change(from.keys().node, witness_.network, from.clock().now().wall_ms,
                                     {topology::UnitRenamed{random_.pick(units), "假名"}}, random_)
                   .encode();
  const auto& own = from.keys().node.public_key().id().bytes;
  const auto at = std::search(bytes.begin(), bytes.end(), own.begin(), own.end());
  YISHI_ASSERT(at != bytes.end());
  std::copy(first->signer().bytes.begin(), first->signer().bytes.end(), at);
  return sync::Join{std::move(bytes)};
}

void Hostile::act_twice(Machine& machine) {
  if (reformed_) return;
  const Disk::Calm calm(machine.disk());
  auto& database = *machine.database();
  turn::Ledger ledger(database);
  if (!ledger.load().ok()) return;
  const auto held = ledger.issues().held_by(machine.unit());
  if (held.empty()) return;
  const auto issue = ledger.issues().issue(random_.pick(held));
  if (!issue || issue->n == 0 || !database.begin().ok()) return;
  for (const auto* kind : {"topic.proposed", "issue.escalated"}) {
    deliberation::ActBody body;
    body.n = issue->n + 1;
    body.prev = issue->last;
    body.unit = issue->holder;
    body.by = body.reason = body.text = "两次";
    body.to = ledger.directory().parent_of(issue->holder);
    body.reasons = {"person"};
    const sync::Record record{kind, issue->id, deliberation::encode_body(body),
                              sync::make_salt(random_)};
    (void)ledger.write(machine.keys().node, {record}, machine.clock().now().wall_ms);
  }
  if (!database.commit().ok()) database.rollback();
  machine.wake_in(0);
}

void Hostile::settle_beyond(Machine& machine) {
  if (reformed_) return;
  const Disk::Calm calm(machine.disk());
  auto& database = *machine.database();
  turn::Ledger ledger(database);
  if (!ledger.load().ok() || !database.begin().ok()) return;
  const auto now = machine.clock().now().wall_ms;
  deliberation::ActBody log;
  log.unit = log.home = machine.unit();
  log.title = log.text = log.by = "越权";
  log.category = "environment";
  log.budget_fen = kBeyondAllFen;
  // A number far from those that people's matters take.
  const auto id = deliberation::make_issue_id(machine.unit(), 2026, random_.between(5'000, 9'000));
  const auto write = [&](const std::string& kind, const deliberation::ActBody& body) {
    const sync::Record record{kind, id, deliberation::encode_body(body), sync::make_salt(random_)};
    const bool written = ledger.write(machine.keys().node, {record}, now).ok();
    return written ? std::optional(sync::record_digest(machine.keys().node.suite(),
                                                       sync::encode_record(record)))
                   : std::nullopt;
  };
  const auto draft = deliberation::make_log(id, log, ledger.world(), machine.unit(), now);
  if (!draft || !write(draft->kind, draft->body)) return database.rollback();
  const auto issue = ledger.issues().issue(id);
  const auto owed =
      issue ? deliberation::react(*issue, ledger.world(), machine.unit()) : std::nullopt;
  if (!owed || owed->kind != deliberation::info(deliberation::Act::kEscalate).kind) {
    return database.rollback();
  }
  deliberation::ActBody settled;
  settled.n = issue->n + 1;
  settled.prev = issue->last;
  settled.unit = machine.unit();
  settled.by = settled.text = "越权";
  const auto digest =
      write(std::string(deliberation::info(deliberation::Act::kPropose).kind), settled);
  if (!digest || !database.commit().ok()) return database.rollback();
  misdeed(machine, "settled beyond its authority", digest);
  machine.wake_in(0);
}

void Hostile::write_without_authority(Machine& machine) {
  if (reformed_) return;
  const Disk::Calm calm(machine.disk());
  auto& database = *machine.database();
  turn::Ledger ledger(database);
  if (!ledger.load().ok() || !database.begin().ok()) return;
  const auto& directory = ledger.directory();
  std::vector<topology::Code> others;  // in whose name it may not speak
  for (const auto& unit : directory.all_units()) {
    if (directory.keeper_of(unit) != machine.unit()) others.push_back(unit);
  }
  const auto rows = ledger.issues().list({}, directory);
  const auto& other = random_.pick(others);
  deliberation::ActBody body;
  body.unit = body.home = other;
  body.by = body.title = body.text = body.reason = "越权";
  body.category = "environment";
  body.result = "solved";
  body.to = machine.unit();
  body.reasons = {"person"};
  body.assignment = 1;
  body.percent = 50;
  body.party = "mass";
  body.score = 0;
  body.n = 1;
  auto act = deliberation::info(deliberation::Act::kLog);
  std::string subject = deliberation::make_issue_id(other, 2026, random_.between(1, 30));
  if (!rows.empty() && random_.chance(0.8)) {
    const auto& issue = random_.pick(rows).issue;
    act = deliberation::acts()[random_.between(1, deliberation::acts().size() - 1)];
    subject = issue.id;
    body.n = act.transition ? issue.n + 1 : 0;
    if (act.transition) body.prev = issue.last;
    // In its own name, what only the holder may do.
    const bool holds = directory.keeper_of(issue.holder) == machine.unit();
    if (act.transition && !holds && random_.chance(0.5)) body.unit = machine.unit();
  }
  const sync::Record record{std::string(act.kind), subject, deliberation::encode_body(body),
                            sync::make_salt(random_)};
  const auto digest = sync::record_digest(machine.keys().node.suite(), sync::encode_record(record));
  const auto written = ledger.write(machine.keys().node, {record}, machine.clock().now().wall_ms);
  if (!written || !database.commit().ok()) {
    database.rollback();
    return;
  }
  misdeed(machine, "no authority: " + std::string(act.name), digest);
  machine.wake_in(0);
}

void Hostile::remember(Machine& machine) { remembered_ = machine.disk().image(); }

void Hostile::go_back(Machine& machine) {
  gone_back_ = true;
  machine.kill("rolled back", false);
  auto now = machine.disk().image();
  machine.disk().put(*remembered_);
  remembered_ = std::move(now);
  witness_.note(timeline_.now(), machine.index(), RolledBack{});
}

}  // namespace yishi::sim
