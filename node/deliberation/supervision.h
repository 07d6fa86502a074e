// Supervision (督查督办): a report, or an order to a unit, and what follows from it.
//
//   report ──visit──▶ inspected ──order──▶ ordered ──reply──▶ replied
//                                             ▲  └──rectify──▶ rectified ──appraise──▶ passed
//                                             └──────sent back──────┘
//
// A supervision is named by the digest of its record. Its steps are remarks of several units and
// may come in any order: the machine runs over them sorted by (time, digest), and a step that does
// not fit where it stands changes nothing.
#pragma once

#include <optional>

#include "node/deliberation/issue.h"

namespace yishi::deliberation {

enum class SupervisionStage {
  kReported,
  kInspected,
  kOrdered,
  kReplied,
  kRectified,
  kPassed,
};

// Where a step leads from a stage; nothing: it does not fit there.
std::optional<SupervisionStage> after_step(SupervisionStage stage, SupervisionStep::What what);
// A report that an order followed stands where that order stands.
SupervisionStage stage_of(const Supervision& one, const std::vector<Supervision>& all);
std::string_view stage_name(SupervisionStage stage);  // "reported" …
struct StageWords {
  std::string_view zh, en;
};
StageWords stage_words(SupervisionStage stage);

const Supervision* find_supervision(const Issue& issue, const crypto::Digest& digest);
// By the first characters of its digest in hex; nothing: none, or more than one.
const Supervision* find_supervision(const Issue& issue, std::string_view hex);

}  // namespace yishi::deliberation
