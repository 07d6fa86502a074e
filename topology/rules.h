// Whether a change may take effect: who signed it, what that signer is entitled to,
// and whether each operation fits the directory as it stands. Changes nothing.
// For this folder only; a Rules lives no longer than the state and the change it looks at.
#pragma once

#include "topology/directory_state.h"

namespace yishi::topology {

struct Signer {
  enum class Part { kRoot, kOperator, kTicket };
  Part part = Part::kRoot;
  Index index = kNone;      // of the operator or the ticket
  std::uint64_t at_ms = 0;  // the time by which expiry is judged
};

// Who signed, once order, network, replay and signature are found right. Rules
// "change.version.order", "change.network*", "change.replayed", "change.signer*",
// "change.signature*", "root.*", "operator.*", "ticket.*".
Result<Signer> find_signer(const DirectoryState& state, const Change& change, const Stamp& entry,
                           bool trusted);

// The keys of a root that is to be: each loads, none stands twice, the threshold fits them.
// Rules "root.*" and those of PublicKey::load.
Result<std::vector<crypto::PublicKey>> load_root(crypto::Suite suite,
                                                 const std::vector<Bytes>& keys,
                                                 std::uint64_t threshold);

// What judging an operation found out and performing it needs again.
struct Verdict {
  std::optional<crypto::PublicKey> key = std::nullopt;  // the operation's key, loaded
  std::vector<crypto::PublicKey> root_keys = {};        // network.created, root.changed
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
  Result<Verdict> judge_one(const RootChanged& op) const;
  Result<Verdict> judge_one(const UnitRetired& op) const;

  Status only_root() const;
  // The unit's index, when the unit is there and inside what the signer is entitled to.
  Result<Index> entitled(const Code& code, std::string_view field) const;
  Status entitled(Index unit) const;
  // The same, and it has not been retired.
  Result<Index> entitled_living(const Code& code, std::string_view field) const;
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
