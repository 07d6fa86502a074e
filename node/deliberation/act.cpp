#include "node/deliberation/act.h"

#include <algorithm>

#include "crypto/assert.h"

namespace yishi::deliberation {

const std::vector<ActInfo>& acts() {
  static const std::vector<ActInfo> kActs{
      {Act::kLog, "log", "issue.logged", true, "登记事项", "log", "unit home title cat"},
      {Act::kAmend, "amend", "issue.amended", true, "修改内容", "amend", "unit"},
      {Act::kPropose, "propose", "topic.proposed", true, "提出议题", "propose", "unit"},
      {Act::kApprove, "approve", "topic.approved", true, "审定议题", "approve", "unit by"},
      {Act::kReturn, "return", "issue.returned", true, "退回", "return", "unit why"},
      {Act::kResearch, "research", "topic.researched", true, "协商调研", "research", "unit text"},
      {Act::kHoldSession, "session", "session.held", true, "举办协商", "hold a session", "unit"},
      {Act::kOutcome, "outcome", "outcome.reached", true, "形成成果", "record the outcome",
       "unit text"},
      {Act::kEscalate, "escalate", "issue.escalated", true, "上报", "escalate",
       "unit to why codes"},
      {Act::kAccept, "accept", "issue.accepted", true, "签收", "accept", "unit"},
      {Act::kDecide, "decide", "issue.decided", true, "作出决定", "decide", "unit text"},
      {Act::kAssign, "assign", "issue.assigned", true, "交办", "assign", "unit to text task"},
      {Act::kFeedBack, "feedback", "issue.fed_back", true, "反馈", "feed back", "unit to text"},
      {Act::kClose, "close", "issue.closed", true, "办结", "close", "unit result"},
      {Act::kReopen, "reopen", "issue.reopened", true, "重新协商", "reopen", "unit why"},
      {Act::kScreen, "screen", "topic.screened", true, "筛选议题", "screen", "unit"},
      {Act::kConsult, "consult", "opinion.asked", true, "征求意见", "ask for an opinion",
       "unit text"},
      {Act::kConvene, "convene", "session.convened", true, "确定人员、发出通知",
       "convene a session", "unit held"},
      {Act::kCorrect, "correct", "session.corrected", true, "更正协商记录", "correct a session",
       "unit no why"},
      {Act::kSubmit, "submit", "outcome.submitted", true, "报送成果", "submit the outcome",
       "unit organs"},
      {Act::kPublish, "publish", "outcome.published", true, "公示", "publish", "unit text"},
      {Act::kGrant, "grant", "extension.granted", true, "审批延期", "settle an extension",
       "unit task"},
      {Act::kRevisit, "revisit", "issue.revisited", true, "回头看", "look back", "unit text"},
      {Act::kRefer, "refer", "issue.referred", true, "转办", "refer", "unit to why"},
      {Act::kJoin, "join", "issue.joined", true, "联合办理", "handle jointly",
       "unit text task follow"},
      {Act::kGuide, "guide", "topic.guided", true, "下发共性指导议题", "push a guiding topic",
       "unit to follow"},
      {Act::kComment, "comment", "issue.commented", false, "留言", "comment", "unit text"},
      {Act::kProgress, "progress", "issue.progressed", false, "报告进展", "report progress",
       "unit task pct"},
      {Act::kEvaluate, "evaluate", "issue.evaluated", false, "评议", "evaluate",
       "unit party score"},
      {Act::kFile, "file", "topic.filed", false, "备案", "file", "unit"},
      {Act::kOpine, "opine", "opinion.given", false, "答复意见", "give an opinion", "unit no text"},
      {Act::kReceive, "receive", "outcome.received", false, "签收成果", "receive the outcome",
       "unit no by"},
      {Act::kExplain, "explain", "dissent.explained", false, "向不同意见者说明",
       "explain to a dissenter", "unit no item text"},
      {Act::kExtend, "extend", "extension.asked", false, "申请延期", "ask for an extension",
       "unit task due why"},
      {Act::kUrge, "urge", "issue.urged", false, "催办", "urge", "unit text"},
      {Act::kRate, "rate", "issue.rated", false, "满意度调查", "rate satisfaction", "unit follow"},
      {Act::kSupervise, "supervise", "supervision.ordered", false, "督办", "supervise",
       "unit text follow"},
      {Act::kVisit, "visit", "supervision.visited", false, "督查走访", "visit", "unit text held"},
      {Act::kRectify, "rectify", "supervision.rectified", false, "回复整改", "reply and rectify",
       "unit text follow"},
      {Act::kAppraise, "appraise", "supervision.appraised", false, "评价整改", "appraise",
       "unit text follow"},
      {Act::kAccount, "account", "supervision.accounted", false, "问责", "hold to account",
       "unit to text"},
      {Act::kAlert, "alert", "deadline.passed", false, "超期提醒", "alert", "unit to due follow"},
  };
  return kActs;
}

const ActInfo& info(Act act) {
  const auto& all = acts();
  const auto index = static_cast<std::size_t>(act);
  YISHI_ASSERT(index < all.size() && all[index].act == act);
  return all[index];
}

const ActInfo* find_act(std::string_view name) {
  const auto& all = acts();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const ActInfo& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const ActInfo* find_kind(std::string_view kind) {
  const auto& all = acts();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const ActInfo& one) { return one.kind == kind; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace yishi::deliberation
