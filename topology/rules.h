// Whether a change may take effect: who signed it, what that signer is entitled to,
// and whether each operation fits the directory as it stands. Changes nothing.
// For this folder only; a Rules lives no longer than the state and the change it looks at.
#pragma once

#include "topology/directory_state.h"

namespace yishi::topology {

struct Signer {
  enum class Part { kRoot, kOperator, kTicket };
  Part part = Part::kRoot;
  Index index = kNone;  // of the operator or the ticket
};

// Who signed, once order, network, replay and signature are found right. Rules
// "change.version.order", "change.network*", "change.replayed", "change.signer*",
// "change.signature", "operator.*", "ticket.*".
Result<Signer> find_signer(const DirectoryState& state, const Change& change, Version version,
                           bool trusted);

// What judging an operation found out and performing it needs again.
struct Verdict {
  std::optional<crypto::PublicKey> key;        // the operation's key, loaded
  std::optional<crypto::PublicKey> other_key;  // network.created: the topology log's
};

class Rules {
 public:
  Rules(const DirectoryState& state, const Change& change, const Signer& signer)
      : state_(state), change_(change), signer_(signer) {}

  // One operation against the state as the operations before it left it.
  Result<Verdict> judge(const Operation& operation) const;

 private:
  Result<Verdict> judge_one(const NetworkCreated& op) const;
  Result<Verdict> judge_one(const UnitAdded& op) const;
  Result<Verdict> judge_one(const UnitRenamed& op) const;
  Result<Verdict> judge_one(const UnitMoved& op) const;
  Result<Verdict> judge_one(const UnitSuspended& op) const;
  Result<Verdict> judge_one(const UnitResumed& op) const;
  Result<Verdict> judge_one(const OperatorAdmitted& op) const;
  Result<Verdict> judge_one(const OperatorEnded& op) const;
  Result<Verdict> judge_one(const TicketIssued& op) const;
  Result<Verdict> judge_one(const NodeAdmitted& op) const;
  Result<Verdict> judge_one(const NodeEnded& op) const;
  Result<Verdict> judge_one(const PolicySet& op) const;

  Status only_root() const;
  // The unit's index, when the unit is there and inside what the signer is entitled to.
  Result<Index> entitled(const Code& code, std::string_view field) const;
  Status entitled(Index unit) const;
  Status suffix_fits(const Unit& unit, Index parent) const;
  Status root_fits(const Unit& unit) const;
  Status place_fits(const Unit& unit, Index parent) const;
  Status may_replace(Index unit) const;
  Result<crypto::PublicKey> fresh_key(View raw) const;
  Status fresh_curve(View curve, Index replaced) const;

  const DirectoryState& state_;
  const Change& change_;
  Signer signer_;
};

}  // namespace yishi::topology
