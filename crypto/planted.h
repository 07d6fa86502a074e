// Defects put in on purpose: what the simulator (tests/sim) must catch, each of them. Where
// a programmer would err, the code asks planted(), and errs when the defect was chosen.
//
// Built in only with the CMake option YISHI_PLANTED, for tests: then all of them are in one
// program, and none acts before plant() chooses it. Without the option planted() is false
// while compiling, and nothing of a defect is left in the program
// (tests/planted_off.cpp holds that).
//
// plant() is called before there is a second thread.
#pragma once

#include <array>
#include <string_view>

namespace yishi {

enum class Defect {
  kNone,
  // sync
  kSignatureSkipped,
  kRecordDigestSkipped,
  kForkTakenForKnown,
  kChainNotCompared,
  kHoleAfterRollback,
  kIncarnationIgnored,
  kNeverGoesBack,
  // topology
  kChangeSignatureSkipped,
  // turn
  kAckBeforeCommit,
  kEntriesBeforeCommit,
  kAnswerBeforeCommit,
  kFullDiskAnsweredOk,
  kAckWithoutRows,
  kCursorBeforeRows,
  kSuspendedHeard,
  kEndedKeyAccepted,
  kForkProofDropped,
  kForkNotQuarantined,
  kTopologyGoesBack,
  kFutureTopologyTaken,
  kWantAskedOnce,
  kHistoryNotAsked,
  kUpwardOffByOne,
  kPackerDropsLast,
  kReporterInRun,
  kTimersByWallClock,
  kReactsToCommandsOnly,
  kMovedChildStays,
  // store
  kSyncOff,
  kFullDiskIsSuccess,
  kCachesKept,
  kWaitingOffByOne,
  kCellsNotDecremented,
  kClimbsCountedTwice,
  kReleasedNotTold,
  kWaitersForgotten,
  kDuplicatesCounted,
  // deliberation
  kLimitInclusive,
  kGrantForgotten,
  kFirstComeWins,
  kProgressByArrival,
  kPolicyOfNow,
  kAuthorityUnchecked,
  kKeeperUnchecked,
};

struct NamedDefect {
  Defect defect;
  std::string_view name;
  std::string_view what;
};

inline constexpr auto kDefects = std::to_array<NamedDefect>({
    {Defect::kSignatureSkipped, "signature-skipped", "an entry's signature is not verified"},
    {Defect::kRecordDigestSkipped, "record-digest-skipped",
     "a record is not compared with the digest that was signed"},
    {Defect::kForkTakenForKnown, "fork-taken-for-known",
     "another entry for a sequence that is held counts as the one held"},
    {Defect::kChainNotCompared, "chain-not-compared",
     "an entry's digest of the one before is not compared within a run"},
    {Defect::kHoleAfterRollback, "hole-after-rollback",
     "a link forgets that what it received was not committed"},
    {Defect::kIncarnationIgnored, "incarnation-ignored",
     "a cursor of a store that was replaced counts for the new one"},
    {Defect::kNeverGoesBack, "never-goes-back", "what was lost on the way is not sent again"},
    {Defect::kChangeSignatureSkipped, "change-signature-skipped",
     "the signature of a topology change is not verified"},
    {Defect::kAckBeforeCommit, "ack-before-commit", "acks leave before the commit"},
    {Defect::kEntriesBeforeCommit, "entries-before-commit", "entries leave before the commit"},
    {Defect::kAnswerBeforeCommit, "answer-before-commit", "people are answered before the commit"},
    {Defect::kFullDiskAnsweredOk, "full-disk-answered-ok",
     "people are answered with success when the disk was full"},
    {Defect::kAckWithoutRows, "ack-without-rows",
     "a batch that the disk did not take is acknowledged"},
    {Defect::kCursorBeforeRows, "cursor-before-rows",
     "the cursor is committed before the rows it covers"},
    {Defect::kSuspendedHeard, "suspended-heard", "a suspended child is still heard"},
    {Defect::kEndedKeyAccepted, "ended-key-accepted", "entries after the end of a key are taken"},
    {Defect::kForkProofDropped, "fork-proof-dropped", "a fork leaves no proof"},
    {Defect::kForkNotQuarantined, "fork-not-quarantined", "a forked log goes on"},
    {Defect::kTopologyGoesBack, "topology-goes-back",
     "a log may name an older topology than it did before"},
    {Defect::kFutureTopologyTaken, "future-topology-taken",
     "acts judged by a topology that is not here are taken at once"},
    {Defect::kWantAskedOnce, "want-asked-once", "what is missing is asked for only once"},
    {Defect::kHistoryNotAsked, "history-not-asked",
     "nobody asks for what came before an issue's facts that wait"},
    {Defect::kUpwardOffByOne, "upward-off-by-one", "one row too many is skipped on the way up"},
    {Defect::kPackerDropsLast, "packer-drops-last",
     "the last entry of a run that was packed from several is left out"},
    {Defect::kReporterInRun, "reporter-in-run", "personal data travel with the entry"},
    {Defect::kTimersByWallClock, "timers-by-wall-clock", "timers go by the clock that jumps"},
    {Defect::kReactsToCommandsOnly, "reacts-to-commands-only",
     "rules react to what people ask, not to what arrives"},
    {Defect::kMovedChildStays, "moved-child-stays", "a moved node stays with its old parent"},
    {Defect::kSyncOff, "sync-off", "synchronous=OFF"},
    {Defect::kFullDiskIsSuccess, "full-disk-is-success", "a commit on a full disk is a success"},
    {Defect::kCachesKept, "caches-kept", "caches outlive a rollback"},
    {Defect::kWaitingOffByOne, "waiting-off-by-one",
     "the first row that waits for the parent is not counted"},
    {Defect::kCellsNotDecremented, "cells-not-decremented",
     "an issue that changes its stage is counted in both"},
    {Defect::kClimbsCountedTwice, "climbs-counted-twice",
     "the climbs of an issue are counted again with every change"},
    {Defect::kReleasedNotTold, "released-not-told",
     "a fact that waited is not passed on when its turn has come"},
    {Defect::kWaitersForgotten, "waiters-forgotten",
     "facts that wait are not looked at again when what they wait for comes"},
    {Defect::kDuplicatesCounted, "duplicates-counted", "a fact that comes again counts again"},
    {Defect::kLimitInclusive, "limit-inclusive", "a budget of just the limit is beyond it"},
    {Defect::kGrantForgotten, "grant-forgotten",
     "what was sent back climbs again for the same reason"},
    {Defect::kFirstComeWins, "first-come-wins",
     "of two acts with one number the one that came first counts"},
    {Defect::kProgressByArrival, "progress-by-arrival",
     "the progress that came last counts, not the latest"},
    {Defect::kPolicyOfNow, "policy-of-now",
     "an issue is judged by the newest policy, not by that of its logging"},
    {Defect::kAuthorityUnchecked, "authority-unchecked",
     "a level settles what is beyond its authority"},
    {Defect::kKeeperUnchecked, "keeper-unchecked", "any node acts in the name of any unit"},
});

#ifdef YISHI_PLANTED
inline Defect planted_defect = Defect::kNone;
inline bool planted(Defect defect) { return defect == planted_defect; }
inline void plant(Defect defect) { planted_defect = defect; }
#else
consteval bool planted(Defect) { return false; }
#endif

}  // namespace yishi
