// Guards on how many came of those who were to come, and on how they voted.
#include <map>

#include "node/deliberation/guards.h"

namespace yishi::deliberation {

namespace {

std::string share_text(const Guard& guard) {
  return std::to_string(guard.numerator) + "/" + std::to_string(guard.denominator);
}

Shortfall quorum(const Scene& scene) {
  const Sitting now = sitting(scene.act, scene.issue, scene.body);
  if (now.entitled == 0) {
    return Missing{"entitled", "未登记应到人数", "how many were to come is not recorded"};
  }
  const std::uint64_t present = people(now.parties);
  const Guard& guard = scene.guard;
  const std::uint64_t needed =
      (now.entitled * guard.numerator + guard.denominator - 1) / guard.denominator;
  if (present >= needed) return std::nullopt;
  const std::string have = std::to_string(present) + "/" + std::to_string(now.entitled);
  const std::string more = std::to_string(needed - present);
  return Missing{"who", "实到 " + have + "，需要 ≥ " + share_text(guard) + "：还差 " + more + " 人",
                 "present " + have + ", needed ≥ " + share_text(guard) + ": " + more + " short"};
}

struct MotionVotes {
  std::uint64_t yes = 0, cast = 0;
};

// More than the share of the whole, or the share itself where that is enough. On every motion:
// what came in on paper and what was counted by hand are one vote.
Shortfall majority(const Scene& scene) {
  const Sitting now = sitting(scene.act, scene.issue, scene.body);
  if (now.votes.empty()) return Missing{"votes", "没有表决记录", "no vote is recorded"};
  std::map<std::string, MotionVotes> motions;
  for (const Tally& one : now.votes) {
    MotionVotes& count = motions[one.motion];
    count.yes += one.yes;
    count.cast += one.yes + one.no + one.abstain;
  }
  const Guard& guard = scene.guard;
  std::vector<Words> failed;
  for (const auto& [motion, count] : motions) {
    const std::uint64_t whole = guard.of == "present"    ? people(now.parties)
                                : guard.of == "entitled" ? now.entitled
                                                         : count.cast;
    const std::uint64_t scaled = whole * guard.numerator;
    const std::uint64_t needed = guard.at_least
                                     ? (scaled + guard.denominator - 1) / guard.denominator
                                     : scaled / guard.denominator + 1;
    if (whole > 0 && count.yes >= needed) continue;
    const std::string have = std::to_string(count.yes) + "/" + std::to_string(whole);
    const std::string sign = guard.at_least ? " ≥ " : " > ";
    const std::string more = std::to_string(needed - count.yes);
    const std::string what = motion.empty() ? "" : "“" + motion + "”";
    failed.push_back(
        {what + "赞成 " + have + "，需要" + sign + share_text(guard) + "：还差 " + more + " 票",
         (motion.empty() ? "" : "\"" + motion + "\": ") + "in favour " + have + ", needed" + sign +
             share_text(guard) + ": " + more + " short"});
  }
  const Words all = join(failed);
  return need(failed.empty(), "votes", all.zh, all.en);
}

}  // namespace

std::vector<KnownGuard> vote_guards() {
  return {{"quorum", quorum, ""}, {"majority", majority, ""}};
}

}  // namespace yishi::deliberation
