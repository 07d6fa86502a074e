#include "node/deliberation/standing.h"

#include <algorithm>
#include <array>

#include "node/deliberation/deadlines.h"
#include "node/deliberation/supervision.h"

namespace yishi::deliberation {

namespace {

struct WishRow {
  Wish wish;
  std::string_view name, zh, en;
};
constexpr std::array<WishRow, 8> kWishes{{
    {Wish::kAccept, "accept", "待签收", "to be accepted"},
    {Wish::kApprove, "approve", "待审批", "to be approved"},
    {Wish::kHandle, "handle", "待办理", "to be handled"},
    {Wish::kTask, "task", "交办待完成", "assigned work to be done"},
    {Wish::kOpinion, "opinion", "待答复意见", "an opinion to be given"},
    {Wish::kReceive, "receive", "待签收成果", "an outcome to be received"},
    {Wish::kRectify, "rectify", "督办待整改", "an order to be answered"},
    {Wish::kAppraise, "appraise", "督办待评定", "a rectification to be judged"},
}};

const WishRow& row_of(Wish wish) { return kWishes[static_cast<std::size_t>(wish)]; }

// The wish towards the unit that holds the issue.
std::optional<Wish> of_holder(const Issue& issue, const World& world) {
  const auto policy = world.policy_at(issue.policy_version);
  const Stage* stage = policy == nullptr ? nullptr : policy->stage(issue.stage);
  if (stage == nullptr || stage->end) return std::nullopt;
  if (stage->waiting) return Wish::kAccept;
  // Handed over without a reason to climb, and not yet approved: it is here to be approved.
  const bool for_approval = !issue.proposer.empty() && issue.proposer != issue.holder &&
                            issue.approved_n == 0 && !issue.custody_reasons.empty() &&
                            issue.custody_reasons.back().empty();
  return for_approval ? Wish::kApprove : Wish::kHandle;
}

void add_orders(const Issue& issue, const auto& kept, std::vector<Wish>& wishes, bool& supervised) {
  const auto& all = issue.follow.supervisions;
  for (const Supervision& one : all) {
    if (one.to.empty()) continue;
    const auto stage = stage_of(one, all);
    if (stage == SupervisionStage::kPassed) continue;
    const bool ours = kept(one.unit);
    const bool to_us = kept(one.to);
    supervised = supervised || ours || to_us;
    if (to_us && stage != SupervisionStage::kRectified) wishes.push_back(Wish::kRectify);
    if (ours && stage == SupervisionStage::kRectified) wishes.push_back(Wish::kAppraise);
  }
}

}  // namespace

std::string_view wish_name(Wish wish) { return row_of(wish).name; }
std::string_view wish_zh(Wish wish) { return row_of(wish).zh; }
std::string_view wish_en(Wish wish) { return row_of(wish).en; }

Standing standing(const Issue& issue, const World& world, const topology::Code& here,
                  std::uint64_t now_ms) {
  const topology::Directory& directory = world.directory();
  const auto kept = [&](const topology::Code& unit) {
    return !unit.empty() && directory.keeper_of(unit) == here;
  };
  const bool closed = issue.closed_ms != 0;
  Standing out;
  auto& wishes = out.wishes;
  if (kept(issue.holder)) {
    if (const auto wish = of_holder(issue, world)) wishes.push_back(*wish);
  }
  for (const Assignment& one : issue.assignments) {
    out.handled = out.handled || kept(one.unit);
    if (!one.done && !closed && kept(one.unit)) wishes.push_back(Wish::kTask);
  }
  for (const Consultation& one : issue.table.consultations) {
    if (one.reply.time_ms == 0 && !closed && kept(one.unit)) wishes.push_back(Wish::kOpinion);
  }
  for (const Submission& one : issue.table.submissions) {
    if (one.receipt.time_ms == 0 && !closed && kept(one.unit)) wishes.push_back(Wish::kReceive);
  }
  add_orders(issue, kept, wishes, out.supervised);
  std::sort(wishes.begin(), wishes.end());
  wishes.erase(std::unique(wishes.begin(), wishes.end()), wishes.end());
  // Custody forgets who sent it back; the concerned are all who ever had it, and those it touches.
  const auto had = [&](const topology::Code& unit) {
    const auto& reach = issue.reach;
    return kept(unit) && std::find(reach.begin(), reach.end(), unit) == reach.end();
  };
  out.handled = out.handled || std::any_of(issue.custody.begin(), issue.custody.end(), kept) ||
                std::any_of(issue.concerned.begin(), issue.concerned.end(), had) ||
                kept(issue.approved_by);
  for (const Deadline& one : open_deadlines(issue)) {
    const bool passed = one.due_ms < now_ms;
    out.late = out.late || (passed && (kept(one.unit) || kept(one.watcher)));
  }
  return out;
}

}  // namespace yishi::deliberation
