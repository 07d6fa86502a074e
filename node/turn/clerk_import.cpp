// Many issues at once: judged first, each by itself, then written in few entries.
#include <set>

#include "node/turn/clerk.h"

namespace yishi::turn {

using deliberation::ActBody;

namespace {

constexpr std::size_t kRecordRoomBytes = 256;  // of a record beside its body

// Records of one entry: those of issues, then the private ones about them.
class Bundle {
 public:
  bool has_room(const sync::Record& record, const std::optional<sync::Record>& reporter) const {
    return issues_.size() + reporters_.size() + 2 <= sync::kMaxRecordsPerEntry &&
           bytes_ + size_of(record, reporter) <= sync::kMaxEntryRecordBytes / 2;
  }
  void add(sync::Record record, std::optional<sync::Record> reporter) {
    bytes_ += size_of(record, reporter);
    issues_.push_back(std::move(record));
    if (reporter) reporters_.push_back(std::move(*reporter));
  }
  const std::vector<sync::Record>& issues() const { return issues_; }
  std::vector<sync::Record> take() {
    std::vector<sync::Record> records = std::exchange(issues_, {});
    for (auto& one : std::exchange(reporters_, {})) records.push_back(std::move(one));
    bytes_ = 0;
    return records;
  }

 private:
  static std::size_t size_of(const sync::Record& record,
                             const std::optional<sync::Record>& reporter) {
    const std::size_t more = reporter ? reporter->body.size() + kRecordRoomBytes : 0;
    return record.body.size() + kRecordRoomBytes + more;
  }
  std::vector<sync::Record> issues_, reporters_;
  std::size_t bytes_ = 0;
};

}  // namespace

// Fills in `done.lines`; how many are to be logged: none when one of them is refused.
std::uint64_t Clerk::judge_lines(const LogIssues& command, std::vector<ActBody>& bodies, Done& done,
                                 const Now& now) {
  const auto& here = ledger_.here();
  const auto id = deliberation::make_issue_id(here, deliberation::china_year(now.wall_ms), 1);
  std::set<std::pair<topology::Code, std::string>> keys;  // a line may stand twice in one file
  std::uint64_t fresh = 0;
  bool refused = false;
  for (const auto& one : command.issues) {
    ActBody& body = bodies.emplace_back(one.body);
    if (body.home.empty()) body.home = body.unit.empty() ? here : body.unit;
    if (body.unit.empty()) body.unit = body.home;
    LoggedLine& line = done.lines.emplace_back();
    if (!body.import_key.empty()) {
      line.issue = ledger_.issues().imported_as(body.home, body.import_key);
      // A line that was exported names the issue itself.
      const bool exported = line.issue.empty() && ledger_.issues().issue(body.import_key);
      if (exported) line.issue = body.import_key;
      line.known = !line.issue.empty() || !keys.insert({body.home, body.import_key}).second;
    }
    if (line.known) continue;
    if (auto status = check_reporter(one.reporter); !status.ok()) line.error = status.error();
    // Judged under the number of a first issue: which one it will have changes nothing.
    auto draft = deliberation::make_log(id, body, ledger_.world(), here, now.wall_ms);
    if (!line.error && !draft) line.error = draft.error();
    refused = refused || line.error;
    ++fresh;
  }
  return refused ? 0 : fresh;
}

Status Clerk::write_lines(const LogIssues& command, std::vector<ActBody>& bodies,
                          std::uint64_t number, Done& done, const Now& now) {
  const auto& here = ledger_.here();
  const int year = deliberation::china_year(now.wall_ms);
  Bundle bundle;
  const auto flush = [&]() -> Status {
    const std::size_t open = bundle.issues().size();
    const auto sequence = ledger_.write(keys_.node, bundle.take(), now.wall_ms, open);
    if (!sequence) return sequence.error();
    done.sequence = *sequence;
    return {};
  };
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    LoggedLine& line = done.lines[i];
    if (line.known) continue;
    line.issue = deliberation::make_issue_id(here, year, number++);
    auto reporter = add_reporter(command.issues[i], line.issue, bodies[i]);
    auto draft = deliberation::make_log(line.issue, std::move(bodies[i]), ledger_.world(), here,
                                        now.wall_ms);
    if (!draft) return draft.error();  // it was judged a moment ago
    sync::Record record{draft->kind, draft->issue, deliberation::encode_body(draft->body),
                        sync::make_salt(random_)};
    if (!bundle.has_room(record, reporter)) {
      if (auto status = flush(); !status.ok()) return status;
    }
    bundle.add(std::move(record), std::move(reporter));
    done.kinds.push_back(draft->kind);
  }
  return flush();
}

Answer Clerk::log_issues(const LogIssues& command, const Now& now) {
  if (command.issues.empty() || command.issues.size() > kMaxIssuesAtOnce) {
    return Error{"import.lines", "issues", "一次须为 1 至 1000 件", "needs 1 to 1000 issues"};
  }
  Done done;
  std::vector<ActBody> bodies;
  const std::uint64_t fresh = judge_lines(command, bodies, done, now);
  if (command.dry_run || fresh == 0) return done;
  const auto* node = ledger_.directory().node_of_unit(ledger_.here());
  const auto first = ledger_.issues().next_number(
      ledger_.here(), deliberation::china_year(now.wall_ms), node->incarnation, fresh);
  if (!first) return first.error();
  if (auto status = write_lines(command, bodies, *first, done, now); !status.ok()) {
    return status.error();
  }
  for (const auto& line : done.lines) {
    if (!line.known) react_to(line.issue, now, done.kinds);
  }
  return done;
}

}  // namespace yishi::turn
