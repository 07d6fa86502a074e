#include "node/deliberation/supervision.h"

#include <algorithm>
#include <array>

namespace yishi::deliberation {

namespace {

using What = SupervisionStep::What;

struct SupervisionRow {
  std::string_view name;
  StageWords words;
};
constexpr std::array<SupervisionRow, 6> kStages{{
    {"reported", {"已专报", "reported"}},
    {"inspected", {"已督查", "inspected"}},
    {"ordered", {"已交办整改", "ordered"}},
    {"replied", {"已回复", "replied"}},
    {"rectified", {"已整改，待评价", "rectified, to be appraised"}},
    {"passed", {"整改合格", "passed"}},
}};

const SupervisionRow& supervision_row(SupervisionStage stage) {
  return kStages.at(static_cast<std::size_t>(stage));
}

}  // namespace

std::optional<SupervisionStage> after_step(SupervisionStage stage, What what) {
  const bool ordered = stage == SupervisionStage::kOrdered || stage == SupervisionStage::kReplied;
  switch (what) {
    case What::kVisit:  // an order is visited without changing
      if (stage == SupervisionStage::kReported) return SupervisionStage::kInspected;
      return stage;
    case What::kReply:
      if (ordered) return SupervisionStage::kReplied;
      return std::nullopt;
    case What::kRectified:
      if (ordered) return SupervisionStage::kRectified;
      return std::nullopt;
    case What::kPassed:
      if (stage == SupervisionStage::kRectified) return SupervisionStage::kPassed;
      return std::nullopt;
    case What::kSentBack:
      if (stage == SupervisionStage::kRectified || stage == SupervisionStage::kReplied)
        return SupervisionStage::kOrdered;
      return std::nullopt;
  }
  return std::nullopt;
}

SupervisionStage stage_of(const Supervision& one, const std::vector<Supervision>& all) {
  if (one.to.empty()) {
    // The last order that followed from the report.
    const auto order = std::find_if(all.rbegin(), all.rend(), [&](const Supervision& other) {
      return !other.to.empty() && other.ref == one.digest;
    });
    if (order != all.rend()) return stage_of(*order, all);
  }
  SupervisionStage stage =
      one.to.empty() ? SupervisionStage::kReported : SupervisionStage::kOrdered;
  for (const SupervisionStep& step : one.steps) {
    if (const auto next = after_step(stage, step.what)) stage = *next;
  }
  return stage;
}

std::string_view stage_name(SupervisionStage stage) { return supervision_row(stage).name; }
StageWords stage_words(SupervisionStage stage) { return supervision_row(stage).words; }

const Supervision* find_supervision(const Issue& issue, const crypto::Digest& digest) {
  const auto& all = issue.follow.supervisions;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Supervision& one) { return one.digest == digest; });
  return found == all.end() ? nullptr : &*found;
}

const Supervision* find_supervision(const Issue& issue, std::string_view hex) {
  const Supervision* found = nullptr;
  for (const Supervision& one : issue.follow.supervisions) {
    if (hex.empty() || !to_hex(one.digest.view()).starts_with(hex)) continue;
    if (found != nullptr) return nullptr;
    found = &one;
  }
  return found;
}

}  // namespace yishi::deliberation
