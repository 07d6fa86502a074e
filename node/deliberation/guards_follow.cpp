// Guards on publication, evaluation, supervision and extensions.
#include <algorithm>

#include "node/deliberation/guards.h"
#include "node/deliberation/supervision.h"

namespace yishi::deliberation {

namespace {

// "公示 A、公示 B" of the ids that are not there; each of `needed` may name several that will do.
Shortfall all_there(const Scene& scene, const std::vector<Label>& labels, const char* field,
                    const char* zh, const char* en,
                    bool (*there)(const Issue&, const std::string&)) {
  std::string lack_zh;
  std::string lack_en;
  for (const std::string& needed : scene.guard.needed) {
    const auto ids = either(needed);
    const bool met = std::any_of(ids.begin(), ids.end(),
                                 [&](const std::string& id) { return there(scene.issue, id); });
    if (met) continue;
    const Label* label = find_label(labels, ids.front());
    lack_zh += (lack_zh.empty() ? "" : "、") + (label == nullptr ? needed : label->zh);
    lack_en += (lack_en.empty() ? "" : ", ") + (label == nullptr ? needed : label->en);
  }
  return need(lack_zh.empty(), field, zh + lack_zh, en + lack_en);
}

bool has_published(const Issue& issue, const std::string& about) {
  const auto& all = issue.follow.publications;
  return std::any_of(all.begin(), all.end(),
                     [&](const Publication& one) { return one.about == about; });
}

bool has_evaluated(const Issue& issue, const std::string& party) {
  return issue.follow.scores.contains(party);
}

Shortfall published(const Scene& scene) {
  if (scene.guard.needed.empty()) {
    return need(!scene.issue.follow.publications.empty(), "published", "尚未公示",
                "nothing has been published");
  }
  return all_there(scene, scene.law.policy.follow.publications, "published", "尚未公示：",
                   "not published yet: ", has_published);
}

Shortfall parties_evaluated(const Scene& scene) {
  return all_there(scene, scene.law.policy.parties, "party", "尚未评议：",
                   "have not evaluated yet: ", has_evaluated);
}

Shortfall satisfaction_asked(const Scene& scene) {
  return need(scene.issue.follow.surveys > 0, "asked", "尚未调查群众满意度",
              "nobody has been asked whether they are satisfied");
}

// One that no settlement has answered yet.
Shortfall extension_asked(const Scene& scene) {
  const auto ask = scene.issue.follow.asks.find(scene.body.assignment);
  std::uint64_t settled_ms = 0;
  for (const Grant& one : scene.issue.follow.grants) {
    if (one.task == scene.body.assignment) settled_ms = std::max(settled_ms, one.time_ms);
  }
  const bool open = ask != scene.issue.follow.asks.end() && ask->second.time_ms > settled_ms;
  return need(open, "task", "承办单位没有申请延期", "the unit has not asked for an extension");
}

Shortfall supervision_settled(const Scene& scene) {
  std::uint64_t open = 0;
  for (const Supervision& one : scene.issue.follow.supervisions) {
    if (one.to.empty()) continue;
    if (stage_of(one, scene.issue.follow.supervisions) != SupervisionStage::kPassed) ++open;
  }
  return need(open == 0, "supervision", "还有 " + std::to_string(open) + " 件督办未办结",
              std::to_string(open) + " orders of supervision are open");
}

}  // namespace

std::vector<KnownGuard> follow_guards() {
  return {{"published", published, "publications"},
          {"parties_evaluated", parties_evaluated, "parties"},
          {"satisfaction_asked", satisfaction_asked, ""},
          {"extension_asked", extension_asked, ""},
          {"supervision_settled", supervision_settled, ""}};
}

}  // namespace yishi::deliberation
