// Guards on what is written, and on the way of a topic: screening, opinions, sign-off, submission.
#include <algorithm>

#include "node/deliberation/guards.h"

namespace yishi::deliberation {

namespace {

Shortfall has_text(const Scene& scene) {
  // A topic may be proposed in the words under which the matter was logged.
  const bool described = scene.act == Act::kPropose && !scene.issue.text.empty();
  return need(!scene.body.text.empty() || described, "text", "缺少内容", "the text is missing");
}

Shortfall has_reason(const Scene& scene) {
  return need(!scene.body.reason.empty(), "why", "缺少理由", "the reason is missing");
}

Shortfall has_organ(const Scene& scene) {
  return need(!scene.body.by.empty(), "by", "缺少审定组织", "the approving organ is missing");
}

Shortfall signed_off(const Scene& scene) {
  return need(!scene.body.signed_by.empty(), "signed", "缺少签批组织",
              "no organ has signed this off");
}

// The answer to an item, of this act or the last one before it.
const CheckAnswer* answer_to(const Scene& scene, const std::string& item) {
  for (const TopicSheet* sheet : {&scene.body.topic, &scene.issue.table.topic}) {
    for (const CheckAnswer& one : sheet->answers) {
      if (one.item == item) return &one;
    }
  }
  return nullptr;
}

// Every item of the checklist that must be answered is: with yes, in words, as the item says.
// `need` narrows it to these items, each of which must then be answered.
Shortfall screened(const Scene& scene) {
  const Policy& policy = scene.law.policy;
  std::vector<Words> open;
  for (const Label& label : policy.checklist) {
    const CheckItem& item = policy.check_items.at(label.id);
    const auto& needed = scene.guard.needed;
    if (needed.empty() ? !item.yes && !item.words : !in(needed, label.id)) continue;
    const CheckAnswer* answer = answer_to(scene, label.id);
    if (answer == nullptr) {
      open.push_back({label.zh, label.en});
    } else if (item.yes && !answer->yes) {
      open.push_back({label.zh + "（答为否）", label.en + " (answered no)"});
    } else if (item.words && answer->text.empty()) {
      open.push_back({label.zh + "（没有文字）", label.en + " (no words)"});
    }
  }
  const Words all = join(open);
  return need(open.empty(), "checks", "筛选未通过：" + all.zh, "the screening is open: " + all.en);
}

Shortfall in_plans(const Scene& scene) {
  std::vector<Words> absent;
  const auto linked = [&](const std::vector<std::string>& ids) {
    for (const TopicSheet* sheet : {&scene.body.topic, &scene.issue.table.topic}) {
      for (const PlanLink& one : sheet->plans) {
        if (in(ids, one.plan)) return true;
      }
    }
    return false;
  };
  for (const std::string& needed : scene.guard.needed) {
    const auto ids = either(needed);
    if (!linked(ids)) absent.push_back(names_of(scene.law.policy.plans, ids));
  }
  const Words all = join(absent);
  return need(absent.empty(), "plans", "未列入：" + all.zh, "it is not in: " + all.en);
}

Shortfall has_flags(const Scene& scene) {
  const auto& flags =
      scene.body.topic.flags.empty() ? scene.issue.table.topic.flags : scene.body.topic.flags;
  std::vector<Words> absent;
  for (const std::string& needed : scene.guard.needed) {
    const auto ids = either(needed);
    const bool there =
        std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return in(flags, id); });
    if (!there) absent.push_back(names_of(scene.law.policy.flags, ids));
  }
  const Words all = join(absent);
  return need(absent.empty(), "flags", "缺少标识：" + all.zh, "not flagged: " + all.en);
}

// Opinions were asked for, and every one of them was given.
Shortfall opinion_given(const Scene& scene) {
  const auto& asked = scene.issue.table.consultations;
  std::string open;
  for (const Consultation& one : asked) {
    if (one.reply.time_ms != 0) continue;
    open += (open.empty() ? "" : ", ") + std::to_string(one.number);
  }
  if (asked.size() < scene.guard.count) {
    const std::string have = std::to_string(asked.size()) + "/" + std::to_string(scene.guard.count);
    return Missing{"consult", "已征求意见 " + have, "opinions asked for: " + have};
  }
  return need(open.empty(), "opine", "尚未答复的意见：" + open, "opinions not given: " + open);
}

Shortfall proposer_heard(const Scene& scene) {
  return need(!scene.body.heard.empty() || scene.issue.table.proposer_heard, "heard",
              "尚未听取提出人的意见", "the proposer has not been heard");
}

Shortfall outcome_submitted(const Scene& scene) {
  const std::uint64_t sent = scene.issue.table.submissions.size();
  const std::string have = std::to_string(sent) + "/" + std::to_string(scene.guard.count);
  return need(sent >= scene.guard.count, "submit", "成果已报送 " + have,
              "the outcome was submitted to " + have);
}

Shortfall receipts_given(const Scene& scene) {
  std::string open;
  for (const Submission& one : scene.issue.table.submissions) {
    if (one.receipt.time_ms != 0) continue;
    open += (open.empty() ? "" : "、") + std::to_string(one.number) + " " + one.organ;
  }
  return need(open.empty(), "receive", "尚无回执：" + open, "no receipt yet: " + open);
}

}  // namespace

std::vector<KnownGuard> topic_guards() {
  return {{"has_text", has_text, ""},
          {"has_reason", has_reason, ""},
          {"has_organ", has_organ, ""},
          {"signed_off", signed_off, ""},
          {"screened", screened, "checklist"},
          {"in_plans", in_plans, "plans"},
          {"has_flags", has_flags, "flags"},
          {"opinion_given", opinion_given, ""},
          {"proposer_heard", proposer_heard, ""},
          {"outcome_submitted", outcome_submitted, ""},
          {"receipts_given", receipts_given, ""}};
}

}  // namespace yishi::deliberation
