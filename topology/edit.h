// Performs the operations of one change on a state, and can take them all back.
// For this folder only. What it is given has been judged by Rules: it cannot fail.
#pragma once

#include <functional>
#include <vector>

#include "topology/rules.h"

namespace yishi::topology {

class Edit {
 public:
  Edit(DirectoryState& state, const Change& change, Version version, std::uint64_t time_ms)
      : state_(state), change_(change), version_(version), time_ms_(time_ms) {}

  void perform(const Operation& operation, const Verdict& verdict);
  void undo();                        // everything performed so far, backwards
  void finish(const Signer& signer);  // the change has taken effect as a whole

 private:
  void perform_one(const NetworkCreated& op, const Verdict& verdict);
  void perform_one(const UnitAdded& op, const Verdict& verdict);
  void perform_one(const UnitRenamed& op, const Verdict& verdict);
  void perform_one(const UnitMoved& op, const Verdict& verdict);
  void perform_one(const UnitSuspended& op, const Verdict& verdict);
  void perform_one(const UnitResumed& op, const Verdict& verdict);
  void perform_one(const OperatorAdmitted& op, const Verdict& verdict);
  void perform_one(const OperatorEnded& op, const Verdict& verdict);
  void perform_one(const TicketIssued& op, const Verdict& verdict);
  void perform_one(const NodeAdmitted& op, const Verdict& verdict);
  void perform_one(const NodeEnded& op, const Verdict& verdict);
  void perform_one(const PolicySet& op, const Verdict& verdict);
  void perform_one(const RootChanged& op, const Verdict& verdict);
  void perform_one(const UnitRetired& op, const Verdict& verdict);

  Chapter& chapter_from_now(Index unit);
  void move(Index unit, Index to);
  void set_suspended(Index unit, bool suspended);
  void end_node(Index node, std::uint64_t last_sequence);

  DirectoryState& state_;
  const Change& change_;
  Version version_;
  std::uint64_t time_ms_;
  std::vector<std::function<void(DirectoryState&)>> undo_;
};

}  // namespace yishi::topology
