// The first field in which two states differ, in words.
#include "tests/sim/model.h"

namespace yishi::sim {
namespace {

using topology::Code;

std::string show(const std::string& text) { return "\"" + text + "\""; }
std::string show(const Code& code) { return code.text(); }
std::string show(std::uint64_t number) { return std::to_string(number); }
std::string show(std::int64_t number) { return std::to_string(number); }
std::string show(const crypto::Digest& digest) { return to_hex(digest.view()).substr(0, 12); }
std::string show(bool yes) { return yes ? "yes" : "no"; }
std::string show(const std::pair<const Code, std::uint64_t>& filed) {
  return filed.first.text() + " at " + std::to_string(filed.second);
}
std::string show(const deliberation::Assignment& one) {
  return std::to_string(one.number) + " to " + one.unit.text() + " " + std::to_string(one.percent) +
         "%" + (one.done ? " done" : "") + " by " + show(one.progress_digest);
}
std::string show(const deliberation::Figure& figure) { return figure.name; }
std::string show(const deliberation::FollowedUp& done) {
  return std::to_string(done.publications.size()) + " publications, " +
         std::to_string(done.supervisions.size()) + " supervisions, " +
         std::to_string(done.alerts.size()) + " alerts, urged " + std::to_string(done.urged.count) +
         " times …";
}
std::string show(const deliberation::Proceedings& table) {
  return std::to_string(table.sessions.size()) + " sessions, " +
         std::to_string(table.consultations.size()) + " opinions, " +
         std::to_string(table.submissions.size()) + " submissions …";
}
template <class List>
std::string show(const List& list) {
  std::string text = "[";
  for (const auto& one : list) text += (text.size() > 1 ? ", " : "") + show(one);
  return text + "]";
}

}  // namespace

std::string difference(const deliberation::Issue& a, const deliberation::Issue& b) {
#define YISHI_COMPARE(field) \
  if (!(a.field == b.field)) return #field " " + show(a.field) + " instead of " + show(b.field);
  YISHI_COMPARE(n)
  YISHI_COMPARE(stage)
  YISHI_COMPARE(holder)
  YISHI_COMPARE(last)
  YISHI_COMPARE(id)
  YISHI_COMPARE(policy_version)
  YISHI_COMPARE(home)
  YISHI_COMPARE(title)
  YISHI_COMPARE(text)
  YISHI_COMPARE(category)
  YISHI_COMPARE(source)
  YISHI_COMPARE(budget_fen)
  YISHI_COMPARE(reach)
  YISHI_COMPARE(custody)
  YISHI_COMPARE(custody_reasons)
  YISHI_COMPARE(proposer)
  YISHI_COMPARE(concerned)
  YISHI_COMPARE(granted)
  YISHI_COMPARE(escalations)
  YISHI_COMPARE(assignments)
  YISHI_COMPARE(filed)
  YISHI_COMPARE(approved_n)
  YISHI_COMPARE(approved_by)
  YISHI_COMPARE(approved_for)
  YISHI_COMPARE(researched)
  YISHI_COMPARE(session_held)
  YISHI_COMPARE(decision)
  YISHI_COMPARE(outcome)
  YISHI_COMPARE(became)
  YISHI_COMPARE(result)
  YISHI_COMPARE(return_reason)
  YISHI_COMPARE(figures)
  YISHI_COMPARE(table)
  YISHI_COMPARE(follow)
  YISHI_COMPARE(comments)
  YISHI_COMPARE(evaluations)
  YISHI_COMPARE(score_sum)
  YISHI_COMPARE(import_key)
  YISHI_COMPARE(approved_ms)
  YISHI_COMPARE(returns)
  YISHI_COMPARE(logged_ms)
  YISHI_COMPARE(closed_ms)
  YISHI_COMPARE(accept_by_ms)
  YISHI_COMPARE(changed_ms)
#undef YISHI_COMPARE
  return a == b ? "" : "a field that nobody compares";
}

}  // namespace yishi::sim
