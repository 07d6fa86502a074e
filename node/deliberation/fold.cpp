#include "node/deliberation/fold.h"

#include <algorithm>
#include <tuple>

#include "crypto/planted.h"
#include "node/deliberation/remarks.h"
#include "node/deliberation/rules.h"

namespace yishi::deliberation {

Status judge_speaker(const Speech& speech, const topology::Directory& directory) {
  const topology::Node* node = directory.node_of_key(speech.author);
  if (node != nullptr && (directory.suspended(speech.unit, speech.topology) ||
                          directory.suspended(node->unit, speech.topology))) {
    return broken("act.suspended", "unit", "该单位已停用。", "the unit is suspended");
  }
  if (node != nullptr && node->ended != 0 && speech.sequence > node->last_sequence) {
    return broken("act.ended", "unit", "该节点的密钥已终止。", "the node's key had ended before");
  }
  if (planted(Defect::kKeeperUnchecked)) return {};
  if (directory.may_write(speech.author, speech.unit, speech.topology)) return {};
  return broken("act.keeper", "unit", "签名的节点无权以该单位的名义操作。",
                "the node that signed it does not keep the unit it speaks for");
}

namespace {

// The policy an act is judged by; for the logging it is the one it begins under.
std::shared_ptr<const Policy> policy_for(const Issue& issue, Act act, const Fact& fact,
                                         const World& world) {
  if (planted(Defect::kPolicyOfNow)) return world.policy_at(world.directory().latest());
  return world.policy_at(act == Act::kLog ? fact.topology : issue.policy_version);
}

Error no_policy_when_logged() {
  return broken("policy.none", "policy", "登记时没有有效的规则。",
                "no valid policy was set when the issue was logged");
}

Status judge_number(const ActInfo& act, const Fact& fact) {
  const std::uint64_t n = fact.body.n;
  if (!act.transition) return {};
  const bool first = act.act == Act::kLog;
  if (n == 0 || (n == 1) != first || fact.body.prev.is_zero() != first) {
    return broken("act.number", "n", "操作的序号或前一记录不对。",
                  "the act's number, or the record it follows, is wrong");
  }
  if (n > kMaxTransitions) {
    return broken("act.limit.transitions", "n", "事项的操作次数过多。",
                  "the issue has been moved too many times");
  }
  return {};
}

Speech speech_of(const Fact& fact) {
  return {fact.author, fact.sequence, fact.topology, fact.body.unit};
}

// What can be said of a fact without the state of its issue. Nothing: it may count.
std::optional<Folded> judge_alone(const ActInfo* act, const Fact& fact, const World& world) {
  if (act == nullptr) {
    return void_for(
        broken(std::string(kUnknownKind), "kind",
               "本机的版本不认识这种记录（" + fact.kind + "），已保存并转送，升级后生效。",
               "this node's version does not know the kind " + fact.kind +
                   ": it is kept and passed on, and counts after an upgrade"));
  }
  if (fact.topology > world.directory().latest()) return Folded{Effect::kWaits, std::nullopt};
  if (Status one = judge_speaker(speech_of(fact), world.directory()); !one)
    return void_for(one.error());
  if (Status one = judge_number(*act, fact); !one) return void_for(one.error());
  return std::nullopt;
}

Deed deed_of(Act act, const Fact& fact, const Policy& policy, const World& world) {
  return {act, fact.body, fact.time_ms, {policy, world.directory(), fact.topology}};
}

// The transition that comes next, judged: its error when void.
Status judge_next(const Issue& issue, const ActInfo& act, const Fact& fact, const World& world) {
  const auto policy = policy_for(issue, act.act, fact, world);
  if (policy == nullptr) return no_policy_when_logged();
  return judge_transition(issue, deed_of(act.act, fact, *policy, world));
}

void apply_next(Issue& issue, const ActInfo& act, const Fact& fact, const World& world) {
  const auto policy = policy_for(issue, act.act, fact, world);
  apply_transition(issue, deed_of(act.act, fact, *policy, world), fact.digest);
}

Folded fold_remark(Issue& issue, const ActInfo& act, const Fact& fact, const World& world) {
  if (issue.n == 0) return {Effect::kWaits, std::nullopt};
  const auto policy = world.policy_at(issue.policy_version);
  YISHI_ASSERT(policy != nullptr);  // the logging was judged by it
  return apply_remark(issue, deed_of(act.act, fact, *policy, world), fact.digest);
}

class Refold {
 public:
  Refold(const std::string& id, const std::vector<Fact>& facts, const World& world)
      : facts_(facts), world_(world), effects_(facts.size()) {
    state_.id = id;
  }

  Refolded run() {
    sort_out();
    while (step()) {
    }
    explain_rest();
    fold_openings();
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (!effects_[i]) effects_[i] = fold_remark(state_, *kinds_[i], facts_[i], world_);
    }
    Refolded refolded{std::move(state_), {}};
    for (auto& effect : effects_) refolded.effects.push_back(std::move(*effect));
    return refolded;
  }

 private:
  void sort_out() {
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      YISHI_ASSERT(facts_[i].issue == state_.id);
      kinds_.push_back(find_kind(facts_[i].kind));
      if (kinds_[i] != nullptr && kinds_[i]->transition) by_digest_[facts_[i].digest].push_back(i);
      effects_[i] = judge_alone(kinds_[i], facts_[i], world_);
      if (!effects_[i] && kinds_[i]->transition) by_number_[facts_[i].body.n].push_back(i);
    }
    // The smaller digest first; the author and sequence only part copies of one record.
    const auto key = [&](std::size_t i) {
      return std::tie(facts_[i].digest, facts_[i].author, facts_[i].sequence);
    };
    for (auto& [number, indices] : by_number_) {
      std::sort(indices.begin(), indices.end(),
                [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    }
  }

  // Remarks that others wait for, and that may wait for one another.
  void fold_openings() {
    for (bool more = true; more;) {
      more = false;
      for (std::size_t i = 0; i < facts_.size(); ++i) {
        if (effects_[i] || !opens(kinds_[i]->act)) continue;
        Folded folded = fold_remark(state_, *kinds_[i], facts_[i], world_);
        if (folded.effect == Effect::kWaits) continue;
        effects_[i] = std::move(folded);
        more = true;
      }
    }
  }

  // Applies the transition that comes next; false when there is none.
  bool step() {
    const auto candidates = by_number_.find(state_.n + 1);
    if (candidates == by_number_.end()) return false;
    std::optional<std::size_t> winner;
    for (const std::size_t i : candidates->second) {
      if (facts_[i].body.prev != state_.last) continue;
      if (Status one = judge_next(state_, *kinds_[i], facts_[i], world_); !one) {
        effects_[i] = void_for(one.error());
      } else if (winner) {
        effects_[i] = void_for(broken("act.conflict", "n", "同一序号已有另一操作生效。",
                                      "another act with the same number counts"));
      } else {
        winner = i;
        effects_[i] = Folded{Effect::kApplied, std::nullopt};
      }
    }
    if (!winner) return false;
    apply_next(state_, *kinds_[*winner], facts_[*winner], world_);
    return true;
  }

  // Transitions that follow nothing that counts: void when what they follow is known and
  // void, else they wait for it.
  void explain_rest() {
    for (const auto& [number, indices] : by_number_) {
      for (const std::size_t i : indices) {
        if (!effects_[i]) effects_[i] = explain(facts_[i]);
      }
    }
  }

  Folded explain(const Fact& fact) const {
    const auto before = by_digest_.find(fact.body.prev);
    const bool all_void =
        before != by_digest_.end() &&
        std::none_of(before->second.begin(), before->second.end(), [&](std::size_t i) {
          return !effects_[i] || effects_[i]->effect == Effect::kWaits;
        });
    if (!all_void) return {Effect::kWaits, std::nullopt};
    return void_for(broken("act.superseded", "prev", "它所接续的操作没有生效。",
                           "the act it follows does not count"));
  }

  const std::vector<Fact>& facts_;
  const World& world_;
  Issue state_;
  std::vector<std::optional<Folded>> effects_;
  std::vector<const ActInfo*> kinds_;
  std::map<crypto::Digest, std::vector<std::size_t>> by_digest_;  // transitions
  std::map<std::uint64_t, std::vector<std::size_t>> by_number_;   // that may count
};

}  // namespace

bool speaks_of_issue(std::string_view kind, std::string_view subject) {
  if (find_kind(kind) != nullptr) return true;
  return kind != kReporterKind && parse_issue_id(subject).ok();
}

Result<ActBody> read_body(std::string_view kind, View bytes) {
  auto body = decode_body(bytes);
  if (body || find_kind(kind) != nullptr) return body;
  return ActBody{};  // its fields mean something else
}

Folded fold(Issue& issue, const Fact& fact, const World& world) {
  YISHI_ASSERT(issue.n == 0 || issue.id == fact.issue);
  issue.id = fact.issue;
  const ActInfo* act = find_kind(fact.kind);
  if (auto alone = judge_alone(act, fact, world)) return *alone;
  if (!act->transition) return fold_remark(issue, *act, fact, world);
  if (fact.body.n <= issue.n) {
    if (!planted(Defect::kFirstComeWins)) return {Effect::kRefold, std::nullopt};
    return void_for(broken("act.conflict", "n", "同一序号已有另一操作生效。",
                           "another act with the same number counts"));
  }
  if (fact.body.n > issue.n + 1 || fact.body.prev != issue.last) {
    return {Effect::kWaits, std::nullopt};
  }
  if (Status one = judge_next(issue, *act, fact, world); !one) return void_for(one.error());
  apply_next(issue, *act, fact, world);
  return {Effect::kApplied, std::nullopt};
}

Refolded refold(const std::string& id, const std::vector<Fact>& facts, const World& world) {
  return Refold(id, facts, world).run();
}

}  // namespace yishi::deliberation
