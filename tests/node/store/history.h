// Issues as real nodes write them: signed entries of the logs of a small network, acts that
// the rules allow and acts that they do not, and stores that take them in.
#pragma once

#include <algorithm>

#include "node/store/issues.h"
#include "tests/node/deliberation/town.h"
#include "tests/node/store/fixture.h"

namespace yishi::store {

namespace dl = deliberation;

struct Written {  // one record in an entry of its own
  dl::Fact fact;
  sync::SealedEntry entry;
  StoredRow row;
};

// The nodes of the town and their logs.
class Scribes {
 public:
  explicit Scribes(dl::Town& the_town) : town(the_town) {}

  Written write(const dl::Draft& draft, const topology::Code& here) {
    return write_bytes(record_of(draft), draft, here);
  }
  // The bytes of another's record in the log of `here`.
  Written copy_of(const Written& other, const topology::Code& here) {
    return write_bytes(*other.entry.records.front(),
                       {other.fact.kind, other.fact.issue, other.fact.body}, here);
  }

  dl::Town& town;

 private:
  Bytes record_of(const dl::Draft& draft) {
    return sync::encode_record(
        {draft.kind, draft.issue, dl::encode_body(draft.body), sync::make_salt(random_)});
  }

  Written write_bytes(Bytes record, const dl::Draft& draft, const topology::Code& here) {
    TestLog& log = log_of(here);
    Written written;
    written.fact.digest = sync::record_digest(town.suite, record);
    written.entry = log.entry({std::move(record)}, town.now, town.directory.latest());
    written.row = log.row_of({written.entry}, Source::kBelow);
    written.fact.author = log.id();
    written.fact.sequence = log.head().sequence;
    written.fact.time_ms = town.now;
    written.fact.topology = town.directory.latest();
    written.fact.kind = draft.kind;
    written.fact.issue = draft.issue;
    written.fact.body = draft.body;
    return written;
  }

  TestLog& log_of(const topology::Code& here) {
    const auto found = logs_.find(here);
    if (found != logs_.end()) return found->second;
    return logs_.try_emplace(here, logs_.size() + 1, town.keys.at(here), town.directory.network())
        .first->second;
  }

  std::map<topology::Code, TestLog> logs_;
  SeededRandom random_{42};
};

// One issue as it happens, where everybody hears everything at once.
class Happening {
 public:
  Happening(Scribes& scribes, const topology::Code& home, std::uint64_t number = 1)
      : scribes_(scribes),
        home_(home),
        id(dl::make_issue_id(scribes.town.directory.keeper_of(home), 2026, number)) {}

  // The rule that refused the act, or "". Then every node does what it owes.
  std::string act(dl::Act act, const topology::Code& here, dl::ActBody body = {}) {
    dl::Town& town = scribes_.town;
    town.now += 60'000;
    auto draft = act == dl::Act::kLog
                     ? dl::make_log(id, std::move(body), town.world, here, town.now)
                     : dl::make_act(act, issue, std::move(body), town.world, here, town.now);
    if (!draft) return draft.error().rule;
    take(scribes_.write(*draft, here));
    settle();
    return "";
  }
  std::string log(dl::ActBody body = {}) {
    if (body.title.empty()) body.title = "村口道路积水";
    if (body.category.empty()) body.category = "environment";
    body.home = home_;
    return act(dl::Act::kLog, scribes_.town.directory.keeper_of(home_), std::move(body));
  }
  // A transition that the state would allow by number, whatever the rules say of it.
  const Written& forge(dl::Act act, const topology::Code& here, dl::ActBody body = {}) {
    body.n = issue.n + 1;
    body.prev = issue.last;
    if (body.unit.empty()) body.unit = here;
    take(scribes_.write({std::string(dl::info(act).kind), id, std::move(body)}, here));
    return written.back();
  }

  // Any record about this issue in the log of `here`.
  void write_as(std::string kind, dl::ActBody body, const topology::Code& here) {
    take(scribes_.write({std::move(kind), id, std::move(body)}, here));
  }

  std::vector<Written> written;
  dl::Issue issue;

 private:
  void take(Written one) {
    written.push_back(std::move(one));
    std::vector<dl::Fact> facts;
    facts.reserve(written.size());
    for (const auto& each : written) facts.push_back(each.fact);
    issue = dl::refold(id, facts, scribes_.town.world).issue;
  }

  void settle() {
    for (std::size_t i = 0; i < dl::kMaxReactions; ++i) {
      bool quiet = true;
      for (const auto& [here, key] : scribes_.town.keys) {
        const auto draft = dl::react(issue, scribes_.town.world, here);
        if (!draft) continue;
        quiet = false;
        take(scribes_.write(*draft, here));
      }
      if (quiet) return;
    }
  }

  Scribes& scribes_;
  topology::Code home_;

 public:
  std::string id;
};

// The store of one node.
class NodeStore {
 public:
  NodeStore(const dl::Town& town, topology::Code here = dl::kCity)
      : town_(town),
        here_(std::move(here)),
        database_(make_store(dir_.data(), here_.text(), town.directory.network())) {}

  Issues issues() { return Issues(*database_); }
  Logs logs() { return Logs(*database_); }
  Database& database() { return *database_; }
  void reopen() {
    database_.reset();
    database_ = open_or_fail(dir_.data());
  }

  // In a transaction of the caller's.
  Applied put(const Written& one) {
    const auto position = logs().append(one.row);
    EXPECT_TRUE(position.ok());
    auto applied = issues().apply(one.fact, {*position, one.fact.sequence, 0}, town_.world, here_);
    EXPECT_TRUE(applied.ok());
    return applied ? *applied : Applied{};
  }
  Applied take(const Written& one) {
    Applied applied;
    in_transaction(*database_, [&] { applied = put(one); });
    return applied;
  }
  void take_all(const std::vector<Written>& all) {
    in_transaction(*database_, [&] {
      for (const auto& one : all) put(one);
    });
  }
  const std::string& directory() const { return database_->directory(); }

 private:
  const dl::Town& town_;
  topology::Code here_;
  TempDir dir_;
  std::unique_ptr<Database> database_;
};

inline dl::ActBody titled(std::string title, std::string text = {}) {
  dl::ActBody body;
  body.title = std::move(title);
  body.text = std::move(text);
  return body;
}

}  // namespace yishi::store
