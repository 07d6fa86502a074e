// The clerk writes this node's own records: what a person asked for, and what the rules
// make the node write by itself (escalations with their reason, receipts for filing).
//
// Called inside a turn's transaction. A refused command has written nothing. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/key.h"
#include "crypto/random.h"
#include "node/turn/clock.h"
#include "node/turn/command.h"
#include "node/turn/ledger.h"

namespace yishi::turn {

inline constexpr std::uint64_t kMaxChangeSkewMs = 86'400'000;        // signed, against our clock
inline constexpr std::uint64_t kMaxRoundMs = 30 * kMaxChangeSkewMs;  // signed by several in turn
inline constexpr std::size_t kMaxTimersPerTurn = 256;                // after a long sleep

struct Keys {
  crypto::PrivateKey node;                     // signs this node's log and its envelopes
  std::optional<crypto::PrivateKey> topology;  // signs the topology log; at the root only
};

// Rule "field.text".
Status check_reporter(const Reporter& reporter);
// Whether an issue is in one of these states (deliberation::revision_of); none are asked for: it
// is. Rule "issue.moved".
Status check_revision(const deliberation::Issue& issue, const std::vector<std::string>& wanted);

class Clerk {
 public:
  Clerk(Ledger& ledger, const Keys& keys, crypto::Random& random)
      : ledger_(ledger), keys_(keys), random_(random) {}

  // With `once`: what was done before under its key is answered again, and nothing is done; what
  // is done now is kept with it. A refused command is not kept. Rules "once.other" (the key is
  // another command's), "once.full".
  Answer execute(const Command& command, const std::optional<Once>& once, const Now& now);
  // Whether react() has something to do besides what changed in this turn: a deadline has passed.
  bool timers_due(const Now& now) const;
  // When the next timer goes off, by the wall clock; 0: none is set.
  std::uint64_t next_timer_ms() const { return next_timer_ms_; }
  // Everything the rules owe for the issues that changed in this turn, and for those whose
  // deadlines have passed: at most kMaxTimersPerTurn of them, the rest in the next turn.
  void react(const Now& now);
  // A change that reached the root, from an operator or from a ticket's holder.
  Result<topology::Version> change_topology(View change, const Now& now);

 private:
  Answer carry_out(const Command& command, const Now& now);
  Answer log_issue(const LogIssue& command, const Now& now);
  Answer log_issues(const LogIssues& command, const Now& now);
  std::uint64_t judge_lines(const LogIssues& command, std::vector<deliberation::ActBody>& bodies,
                            Done& done, const Now& now);
  Status write_lines(const LogIssues& command, std::vector<deliberation::ActBody>& bodies,
                     std::uint64_t number, Done& done, const Now& now);
  Answer do_act(const DoAct& command, const Now& now);
  Status link(deliberation::ActBody& body) const;
  Answer write_registers(const WriteRegisters& command, const Now& now);
  Answer note_journal(const NoteJournal& command, const Now& now);
  std::optional<sync::Record> add_reporter(const LogIssue& command, const std::string& id,
                                           deliberation::ActBody& body);
  Result<std::uint64_t> write(const deliberation::Draft& draft, const Now& now,
                              std::optional<sync::Record> reporter = std::nullopt);
  void react_to(const std::string& issue, const Now& now, std::vector<std::string>& kinds);
  Status may_write() const;
  Status timely(const topology::Change& change, const Now& now) const;

  Ledger& ledger_;
  const Keys& keys_;
  crypto::Random& random_;
  mutable std::uint64_t next_timer_ms_ = 0;
};

}  // namespace yishi::turn
