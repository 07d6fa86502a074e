// Guards on what is recorded of research, sessions and dissent.
#include <algorithm>
#include <array>

#include "node/deliberation/guards.h"
#include "node/deliberation/policy_faults.h"

namespace yishi::deliberation {

namespace {

constexpr std::uint64_t kDayMs = 24ULL * 60 * 60 * 1000;

struct FieldName {
  std::string_view id, zh, en;
  bool (*there)(const ActBody&);
};

// What a policy may ask for by name at any act.
const std::vector<FieldName>& field_names() {
  using B = const ActBody&;
  static const std::vector<FieldName> kNames{
      {"held", "时间", "time", [](B b) { return b.held_ms != 0; }},
      {"place", "地点", "place", [](B b) { return !b.place.empty(); }},
      {"who", "主体", "participants", [](B b) { return people(b.parties) > 0; }},
      {"text", "内容", "content", [](B b) { return !b.text.empty(); }},
      {"subject", "主题", "subject", [](B b) { return !b.session.subject.empty(); }},
      {"measures", "措施", "measures", [](B b) { return !b.session.measures.empty(); }},
      {"minutes", "会议记录", "minutes", [](B b) { return !b.session.minutes.empty(); }},
      {"until", "结束时间", "end", [](B b) { return b.session.until_ms != 0; }},
      {"form", "形式", "form", [](B b) { return !b.form.empty(); }},
      {"type", "类型", "type", [](B b) { return !b.session.type.empty(); }},
      {"venue", "场所", "venue", [](B b) { return !b.session.venue.empty(); }},
      {"link", "网络链接", "link", [](B b) { return !b.session.link.empty(); }},
      {"conveners", "召集人", "conveners", [](B b) { return !b.session.conveners.empty(); }},
      {"host", "主持人", "host", [](B b) { return !b.session.host.name.empty(); }},
      {"staff", "工作人员", "staff", [](B b) { return !b.session.staff.empty(); }},
      {"signed_in", "签到", "sign-in", [](B b) { return !b.session.attendance.empty(); }},
      {"votes", "表决", "votes", [](B b) { return !b.session.votes.empty(); }},
      {"opinions", "发言意见", "opinions", [](B b) { return !b.session.opinions.empty(); }},
      {"suggestions", "建议清单", "list of suggestions",
       [](B b) { return !b.session.suggestions.empty(); }},
      {"duties", "责任清单", "list of responsibilities",
       [](B b) { return !b.session.responsibilities.empty(); }},
      {"feedback", "反馈清单", "list of feedback", [](B b) { return !b.session.feedback.empty(); }},
      {"problems", "问题", "problems", [](B b) { return !b.session.problems.empty(); }},
      {"materials", "材料", "materials", [](B b) { return !b.session.materials.empty(); }},
      {"group", "专题调研组", "research group", [](B b) { return !b.group.empty(); }},
      {"by", "组织或身份", "organ or role", [](B b) { return !b.by.empty(); }},
      {"why", "理由", "reason", [](B b) { return !b.reason.empty(); }},
      {"source", "来源", "source", [](B b) { return !b.source.empty(); }},
      {"budget", "预算", "budget", [](B b) { return b.budget_fen.has_value(); }},
      {"became", "转化去向", "what it became", [](B b) { return !b.became.empty(); }},
      {"figures", "前后对比数据", "figures", [](B b) { return !b.figures.empty(); }},
      {"due", "期限", "due date", [](B b) { return b.due_ms != 0; }},
      {"via", "渠道", "channel", [](B b) { return !b.topic.via.empty(); }},
      {"flags", "标识", "flags", [](B b) { return !b.topic.flags.empty(); }},
  };
  return kNames;
}

const FieldName* find_field(std::string_view id) {
  const auto& all = field_names();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const FieldName& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

Shortfall fields_there(const Scene& scene, const std::vector<std::string>& wanted) {
  std::string field;
  std::vector<Words> missing;
  for (const std::string& needed : wanted) {
    const auto ids = either(needed);
    const bool there = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
      return find_field(id)->there(scene.body);
    });
    if (there) continue;
    const FieldName* first = find_field(ids.front());
    if (field.empty()) field = ids.front();
    missing.push_back({std::string(first->zh), std::string(first->en)});
  }
  const Words all = join(missing);
  return need(missing.empty(), field, "缺少" + all.zh, "missing: " + all.en);
}

Shortfall has_fields(const Scene& scene) { return fields_there(scene, scene.guard.needed); }

Shortfall session_complete(const Scene& scene) {
  return fields_there(scene, {"held", "place", "who", "text"});
}

Shortfall research_done(const Scene& scene) {
  return need(scene.issue.researched, "research", "尚无调研记录", "no research has been recorded");
}

// A group of so many people, and one for each role that is needed.
Shortfall research_group(const Scene& scene) {
  const auto& group = scene.body.group;
  std::vector<Words> absent;
  for (const std::string& needed : scene.guard.needed) {
    const auto roles = either(needed);
    const bool filled = std::any_of(group.begin(), group.end(),
                                    [&](const Person& one) { return in(roles, one.role); });
    if (!filled) absent.push_back(names_of(scene.law.policy.roles, roles));
  }
  const std::string have = std::to_string(group.size()) + "/" + std::to_string(scene.guard.count);
  if (group.size() < scene.guard.count) {
    return Missing{"group", "专题调研组 " + have + " 人", "research group of " + have};
  }
  const Words all = join(absent);
  return need(absent.empty(), "group", "专题调研组缺少" + all.zh,
              "the research group lacks: " + all.en);
}

Shortfall session_convened(const Scene& scene) {
  return need(scene.issue.table.convened.n != 0, "convened", "尚未确定人员、发出通知",
              "the session has not been convened");
}

// The papers went out with the invitation, so many days before the session.
Shortfall materials_sent(const Scene& scene) {
  const Convening& sent = scene.issue.table.convened;
  const std::uint64_t held = scene.body.held_ms;
  if (sent.n == 0 || sent.materials == 0) {
    return Missing{"materials", "材料尚未提前送达参会人员",
                   "materials have not been handed out in advance"};
  }
  const std::uint64_t ahead = held > sent.sent_ms ? (held - sent.sent_ms) / kDayMs : 0;
  const std::string have = std::to_string(ahead) + "/" + std::to_string(scene.guard.days);
  return need(held > sent.sent_ms && ahead >= scene.guard.days, "held",
              "材料送达提前 " + have + " 天", "materials were out " + have + " days before");
}

Shortfall session_recorded(const Scene& scene) {
  return need(scene.issue.session_held, "session", "尚无协商记录", "no session has been recorded");
}

// Each dissenter has been told why: "2.1" is the first dissent of the second session.
Shortfall dissent_explained(const Scene& scene) {
  std::string open;
  std::uint64_t number = 0;
  for (const SessionMark& one : scene.issue.table.sessions) {
    ++number;
    for (std::uint64_t item = 1; item <= one.dissents; ++item) {
      if (one.explained.contains(item)) continue;
      open += (open.empty() ? "" : ", ") + std::to_string(number) + "." + std::to_string(item);
    }
  }
  return need(open.empty(), "dissents", "尚未说明的不同意见：" + open,
              "dissents not explained: " + open);
}

}  // namespace

bool field_known(std::string_view field) { return find_field(field) != nullptr; }

std::vector<KnownGuard> record_guards() {
  return {
      {"has_fields", has_fields, "fields"},        {"research_done", research_done, ""},
      {"research_group", research_group, "roles"}, {"session_convened", session_convened, ""},
      {"materials_sent", materials_sent, ""},      {"session_recorded", session_recorded, ""},
      {"session_complete", session_complete, ""},  {"dissent_explained", dissent_explained, ""}};
}

}  // namespace yishi::deliberation
