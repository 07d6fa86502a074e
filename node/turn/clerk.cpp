#include "node/turn/clerk.h"

#include <algorithm>

#include "crypto/pack.h"
#include "node/store/answered.h"
#include "node/turn/once.h"
#include "node/turn/repair.h"

namespace yishi::turn {

using deliberation::ActBody;
using deliberation::Draft;

namespace {

sync::Record reporter_record(const Reporter& reporter, const std::string& issue,
                             crypto::Random& random) {
  Packer body;
  body.map(2).text("name").text(reporter.name).text("tel").text(reporter.telephone);
  return {std::string(kReporterKind), issue, body.take(), sync::make_salt(random)};
}

// Two histories under one key are a fork, whoever's fault it was.
Status own_log_whole(const store::Logs& logs) {
  if (logs.value(kOwnLogRestored).value_or("") == "1") {
    return Error{"node.restored",
                 {},
                 "本节点由备份恢复，备份之后写过什么并不清楚，所以只读：请用新的入网票恢复（yishi "
                 "restore --ticket），另起一本日志后再登记",
                 "this node was restored from a backup and what was written after it is not known, "
                 "so it only reads: restore with a new ticket (yishi restore --ticket), which "
                 "begins a new log"};
  }
  if (logs.value(kOwnLogUnsure).value_or("") != "1") return {};
  return Error{"node.own_log",
               {},
               "本节点的日志可能在磁盘损坏时丢了末尾，不能续写：请用新的入网票重新加入",
               "the end of this node's log may have been lost with the disk, so it may not be "
               "continued: join anew with a new ticket"};
}

}  // namespace

Status check_reporter(const Reporter& reporter) {
  for (const auto& [field, text] :
       {std::pair{"reporter.name", &reporter.name}, {"reporter.telephone", &reporter.telephone}}) {
    if (text->size() > deliberation::kMaxShortBytes || !is_utf8(*text)) {
      return Error{"field.text", field, "太长，或者不是有效的 UTF-8 文字",
                   "too long, or not valid UTF-8 text"};
    }
  }
  return {};
}

Status check_revision(const deliberation::Issue& issue, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return {};
  const auto revision = deliberation::revision_of(issue);
  if (std::find(wanted.begin(), wanted.end(), revision) != wanted.end()) return {};
  return Error{"issue.moved", "If-Match", "事项在您查看之后又有变化，请先看最新情况再办理",
               "the issue has moved on since you looked at it: look again before you act"};
}

Status Clerk::may_write() const {
  const auto& directory = ledger_.directory();
  const auto* node = directory.node_of_unit(ledger_.here());
  if (!node || node->key.id() != keys_.node.public_key().id()) {
    return Error{"node.joining",
                 {},
                 "本节点还没有被接纳入网，暂时不能登记",
                 "this node has not been admitted to the network yet"};
  }
  if (auto status = own_log_whole(ledger_.logs()); !status.ok()) return status;
  if (directory.suspended(ledger_.here())) {
    return Error{"node.suspended",
                 {},
                 "本单位已被停用，不能写入",
                 "this unit is suspended and may not write"};
  }
  return {};
}

Answer Clerk::execute(const Command& command, const std::optional<Once>& once, const Now& now) {
  if (!once) return carry_out(command, now);
  store::Answered answered(ledger_.database());
  if (const auto before = answered.find(once->key)) {
    if (before->request != once->request) {
      return Error{"once.other", "Idempotency-Key",
                   "这个 Idempotency-Key 已用于另一个请求，请换一个",
                   "this Idempotency-Key was used for another request: take another"};
    }
    auto done = decode_done(before->answer);
    if (done) done->again = true;
    return done;
  }
  if (auto room = answered.make_room(now.wall_ms); !room.ok()) return room.error();
  auto answer = carry_out(command, now);
  const bool wrote = answer.ok() && (answer->sequence != 0 || answer->version != 0);
  if (wrote) answered.keep(once->key, {once->request, encode_done(*answer)}, now.wall_ms);
  return answer;
}

Answer Clerk::carry_out(const Command& command, const Now& now) {
  if (const auto* change = std::get_if<ChangeTopology>(&command)) {
    Done done;
    for (const auto& bytes : change->changes) {
      auto version = change_topology(bytes, now);
      if (!version) return version.error();
      done.version = *version;
    }
    return done;
  }
  if (auto allowed = may_write(); !allowed.ok()) return allowed.error();
  if (const auto* log = std::get_if<LogIssue>(&command)) return log_issue(*log, now);
  if (const auto* many = std::get_if<LogIssues>(&command)) return log_issues(*many, now);
  if (const auto* act = std::get_if<DoAct>(&command)) return do_act(*act, now);
  if (const auto* registers = std::get_if<WriteRegisters>(&command)) {
    return write_registers(*registers, now);
  }
  return note_journal(std::get<NoteJournal>(command), now);
}

Answer Clerk::log_issue(const LogIssue& command, const Now& now) {
  if (auto status = check_reporter(command.reporter); !status.ok()) return status.error();
  ActBody body = command.body;
  if (auto status = link(body); !status.ok()) return status.error();
  if (body.unit.empty()) body.unit = body.home.empty() ? ledger_.here() : body.home;
  if (body.home.empty()) body.home = body.unit;
  const auto& here = ledger_.here();
  const int year = deliberation::china_year(now.wall_ms);
  const auto* node = ledger_.directory().node_of_unit(here);
  auto number = ledger_.issues().next_number(here, year, node->incarnation);
  if (!number) return number.error();
  const auto id = deliberation::make_issue_id(here, year, *number);

  auto reporter = add_reporter(command, id, body);
  auto draft = deliberation::make_log(id, std::move(body), ledger_.world(), here, now.wall_ms);
  if (!draft) return draft.error();
  auto sequence = write(*draft, now, std::move(reporter));
  if (!sequence) return sequence.error();
  Done done;
  done.issue = id;
  done.sequence = *sequence;
  done.kinds.push_back(draft->kind);
  react_to(id, now, done.kinds);
  return done;
}

// Who reported it, as a record of its own, and its digest in the issue's.
std::optional<sync::Record> Clerk::add_reporter(const LogIssue& command, const std::string& id,
                                                ActBody& body) {
  if (command.reporter.empty()) return std::nullopt;
  auto reporter = reporter_record(command.reporter, id, random_);
  const auto digest = sync::record_digest(keys_.node.suite(), sync::encode_record(reporter));
  body.reporter_digest = to_hex(digest.view());
  return reporter;
}

Answer Clerk::do_act(const DoAct& command, const Now& now) {
  const auto issue = ledger_.issues().issue(command.issue);
  if (!issue || issue->n == 0) {
    return Error{"issue.unknown", "issue", "本节点没有这件事项：" + command.issue,
                 "this node does not hold such an issue: " + command.issue};
  }
  if (auto same = check_revision(*issue, command.revisions); !same.ok()) return same.error();
  auto draft = deliberation::make_act(command.act, *issue, command.body, ledger_.world(),
                                      ledger_.here(), now.wall_ms);
  if (!draft) return draft.error();
  auto sequence = write(*draft, now);
  if (!sequence) return sequence.error();
  Done done;
  done.issue = command.issue;
  done.sequence = *sequence;
  done.kinds.push_back(draft->kind);
  react_to(command.issue, now, done.kinds);
  return done;
}

// What a new issue says of those it follows: the round before it, the topic it answers.
Status Clerk::link(ActBody& body) const {
  const auto known = [&](const char* field, const std::string& id) -> Result<deliberation::Issue> {
    auto issue = ledger_.issues().issue(id);
    if (issue && issue->n > 0) return *issue;
    return Error{"issue.unknown", field, "本节点没有这件事项：" + id,
                 "this node does not hold such an issue: " + id};
  };
  body.follow.round = 0;  // not a person's to say
  if (!body.follow.answers.empty()) {
    const auto guide = known("answers", body.follow.answers);
    if (!guide) return guide.error();
    if (guide->follow.guides.empty()) {
      return Error{"act.answers.guide", "answers", "该事项没有作为共性指导议题下发",
                   "that issue was not pushed down as a guiding topic"};
    }
  }
  if (body.follow.round_of.empty()) return {};
  const auto parent = known("round", body.follow.round_of);
  if (!parent) return parent.error();
  return deliberation::follow_round(*parent, ledger_.world(), body);
}

Answer Clerk::write_registers(const WriteRegisters& command, const Now& now) {
  if (command.changes.empty() || command.changes.size() > kMaxRegisterChanges) {
    return Error{"register.count", "entries", "一次须为 1 至 5000 条", "needs 1 to 5000 entries"};
  }
  Done done;
  std::vector<sync::Record> records;
  RegisterDesk desk(ledger_.database(), ledger_.world(), ledger_.here());
  for (std::size_t i = 0; i < command.changes.size(); ++i) {
    auto draft = desk.prepare(command.changes[i]);
    if (!draft) {
      Error error = draft.error();
      error.field = "entries[" + std::to_string(i) + "]." + error.field;
      return error;
    }
    if (!*draft) {
      ++done.unchanged;
      continue;
    }
    records.push_back({(*draft)->kind, (*draft)->subject.text(),
                       deliberation::encode_register((*draft)->body), sync::make_salt(random_)});
    done.kinds.push_back((*draft)->kind);
  }
  for (std::size_t at = 0; at < records.size();) {
    std::vector<sync::Record> entry;
    for (std::size_t bytes = 0; at < records.size(); ++at) {
      bytes += records[at].body.size();
      const bool full =
          entry.size() == sync::kMaxRecordsPerEntry || bytes > sync::kMaxEntryRecordBytes / 2;
      if (!entry.empty() && full) break;
      entry.push_back(std::move(records[at]));
    }
    auto sequence = ledger_.write(keys_.node, std::move(entry), now.wall_ms);
    if (!sequence) return sequence.error();
    done.sequence = *sequence;
  }
  return done;
}

Answer Clerk::note_journal(const NoteJournal& command, const Now& now) {
  if (command.lines.empty() || command.lines.size() > kMaxJournalLines) {
    return Error{"journal.lines", "lines", "一次须为 1 至 1024 行", "needs 1 to 1024 lines"};
  }
  for (const auto& line : command.lines) {
    if (line.empty() || line.size() > kMaxJournalLineBytes || !is_utf8(line)) {
      return Error{"journal.line", "lines", "每行须为 1 至 16384 字节的有效 UTF-8 文字",
                   "each line must be 1 to 16384 bytes of valid UTF-8"};
    }
  }
  Done done;
  done.kinds.emplace_back(kJournalKind);
  std::vector<sync::Record> records;
  std::size_t bytes = 0;
  const auto flush = [&]() -> Status {
    auto sequence = ledger_.write(keys_.node, std::exchange(records, {}), now.wall_ms);
    if (!sequence) return sequence.error();
    done.sequence = *sequence;
    bytes = 0;
    return {};
  };
  for (const auto& line : command.lines) {
    if (records.size() == sync::kMaxRecordsPerEntry ||
        bytes + line.size() > sync::kMaxEntryRecordBytes / 2) {
      if (auto status = flush(); !status.ok()) return status.error();
    }
    records.push_back({std::string(kJournalKind), ledger_.here().text(), copy(view_of(line)),
                       sync::make_salt(random_)});
    bytes += line.size();
  }
  if (auto status = flush(); !status.ok()) return status.error();
  return done;
}

// Expiry is judged by the time of the entry that is written here, which is this clock's. So
// before anything is written for good, this clock is held against the signer's: one of the two
// that is days off must not end every key, or revive one. A ticket's change may have waited
// for the line to come up, and one that several sign goes from hand to hand for a while.
Status Clerk::timely(const topology::Change& change, const Now& now) const {
  if (ledger_.directory().ticket_of_key(change.signer())) return {};
  const auto allowed = change.signatures.size() > 1 ? kMaxRoundMs : kMaxChangeSkewMs;
  const auto apart =
      change.time_ms > now.wall_ms ? change.time_ms - now.wall_ms : now.wall_ms - change.time_ms;
  if (apart <= allowed) return {};
  return Error{
      "change.time", "time",
      "变更的签名时间与根节点的时钟相差超过一天（多人签名的超过 30 天），请校准时钟后重签",
      "the change was signed at a time more than a day (with several signers 30 days) from the "
      "root's clock: set the "
      "clocks right and sign again"};
}

Result<topology::Version> Clerk::change_topology(View bytes, const Now& now) {
  if (!keys_.topology) {
    return Error{"topology.not.root",
                 {},
                 "只有市级根节点记录组织变更，请在根节点上操作",
                 "only the root's node records changes of the topology: go there"};
  }
  if (auto status = own_log_whole(ledger_.logs()); !status.ok()) return status.error();
  auto change = topology::decode_change(bytes);
  if (!change) return change.error();
  const auto version = ledger_.directory().latest() + 1;
  auto status = ledger_.directory().check(*change, {version, now.wall_ms});
  if (!status.ok()) return status.error();
  if (status = timely(*change, now); !status.ok()) return status.error();
  status = ledger_.write_topology(*keys_.topology, {copy(bytes)}, now.wall_ms, random_);
  if (!status.ok()) return status.error();
  YISHI_ASSERT(ledger_.directory().latest() == version);
  return version;
}

Result<std::uint64_t> Clerk::write(const Draft& draft, const Now& now,
                                   std::optional<sync::Record> reporter) {
  std::vector<sync::Record> records;
  records.push_back(
      {draft.kind, draft.issue, deliberation::encode_body(draft.body), sync::make_salt(random_)});
  if (reporter) records.push_back(std::move(*reporter));
  return ledger_.write(keys_.node, std::move(records), now.wall_ms, 1);
}

void Clerk::react_to(const std::string& id, const Now& now, std::vector<std::string>& kinds) {
  for (std::size_t i = 0; i < deliberation::kMaxReactions && !ledger_.fault(); ++i) {
    const auto issue = ledger_.issues().issue(id);
    if (!issue || issue->n == 0) return;
    const auto draft = deliberation::react(*issue, ledger_.world(), ledger_.here(), now.wall_ms);
    if (!draft) return;
    if (!write(*draft, now)) return;  // the fault is the ledger's; the turn rolls back
    kinds.push_back(draft->kind);
  }
}

bool Clerk::timers_due(const Now& now) const {
  next_timer_ms_ = may_write().ok() ? ledger_.issues().next_due_ms() : 0;
  return next_timer_ms_ != 0 && next_timer_ms_ < now.wall_ms;
}

void Clerk::react(const Now& now) {
  if (ledger_.fault() || !may_write().ok()) return;
  auto changed = ledger_.take_changed();
  if (timers_due(now)) {
    for (auto& id : ledger_.issues().due_before(now.wall_ms, kMaxTimersPerTurn)) {
      changed.insert(std::move(id));
    }
  }
  if (ledger_.take_topology_changed()) {
    ledger_.review_deadlines();
    for (const auto& unit : ledger_.directory().all_units()) {
      if (ledger_.directory().keeper_of(unit) != ledger_.here()) continue;
      for (auto& id : ledger_.issues().held_by(unit)) changed.insert(std::move(id));
    }
  }
  std::vector<std::string> kinds;
  for (const auto& id : changed) react_to(id, now, kinds);
  (void)ledger_.take_changed();  // what the reactions changed has been looked at already
}

}  // namespace yishi::turn
