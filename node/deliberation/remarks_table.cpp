// Remarks on what was asked, submitted and objected to. Of several the latest counts, by (time,
// digest).
#include <tuple>

#include "node/deliberation/remarks.h"

namespace yishi::deliberation {

namespace {

Folded take_reply(Reply& known, const Deed& deed, const crypto::Digest& digest) {
  if (std::tie(deed.time_ms, digest) > std::tie(known.time_ms, known.digest)) {
    const ActBody& body = deed.body;
    known = {body.unit, body.by, body.text, body.view, deed.time_ms, digest};
  }
  return {Effect::kApplied, std::nullopt};
}

// The thing of that number in a list that only grows; nullptr: it is not there yet.
template <class Item>
Item* numbered(std::vector<Item>& items, std::uint64_t number) {
  return number >= 1 && number <= items.size() ? &items[number - 1] : nullptr;
}

Error no_such(std::string zh, std::string en) {
  return broken("act.number.unknown", "no", std::move(zh), std::move(en));
}

}  // namespace

Status judge_table_remark(const Issue& issue, const Deed& deed) {
  const ActBody& body = deed.body;
  const Proceedings& table = issue.table;
  const bool above_home =
      body.unit == issue.home || deed.law.directory.inside(issue.home, body.unit, deed.law.at);
  if (Status one = judge_name(deed.law.policy.views, body.view, "view", "态度"); !one) return one;
  if (deed.act == Act::kOpine) {
    if (body.number > kMaxConsultations) return no_such("没有征求过这个意见。", "no such opinion");
    const bool known = body.number >= 1 && body.number <= table.consultations.size();
    if (known && table.consultations[body.number - 1].unit != body.unit) {
      return broken("act.opine.unit", "unit", "只有被征求意见的单位可以答复。",
                    "only the unit that was asked gives its opinion");
    }
  }
  if (deed.act == Act::kReceive) {
    if (body.number > kMaxSubmissions) return no_such("没有这次报送。", "no such submission");
    const bool known = body.number >= 1 && body.number <= table.submissions.size();
    if (known && table.submissions[body.number - 1].unit != body.unit && !above_home) {
      return broken("act.receive.unit", "unit", "只有接收报送的单位可以回执。",
                    "only the unit it was submitted to gives the receipt");
    }
  }
  if (deed.act == Act::kExplain) {
    if (body.number > kMaxSessions || body.item > kMaxDissents) {
      return no_such("没有这条不同意见。", "no such dissent");
    }
    if (!above_home) {
      return broken("act.explain.unit", "unit", "由登记单位或其上级说明。",
                    "the issue's home or a unit above it explains");
    }
  }
  return {};
}

Folded apply_table_remark(Issue& issue, const Deed& deed, const crypto::Digest& digest) {
  if (Status one = judge_table_remark(issue, deed); !one) return void_for(one.error());
  const ActBody& body = deed.body;
  Reply* reply = nullptr;
  if (deed.act == Act::kOpine) {
    if (auto* asked = numbered(issue.table.consultations, body.number)) reply = &asked->reply;
  } else if (deed.act == Act::kReceive) {
    if (auto* sent = numbered(issue.table.submissions, body.number)) reply = &sent->receipt;
  } else if (auto* session = numbered(issue.table.sessions, body.number)) {
    // A later correction may add the dissent it speaks of.
    if (body.item <= session->dissents) reply = &session->explained[body.item];
  }
  if (reply == nullptr) return {Effect::kWaits, std::nullopt};
  return take_reply(*reply, deed, digest);
}

}  // namespace yishi::deliberation
