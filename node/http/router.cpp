#include "node/http/router.h"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>

#include "node/http/headers.h"
#include "node/http/problem.h"

namespace yishi::http {
namespace {

constexpr std::string_view kAny = "*";
constexpr std::size_t kMaxActBytes = 64;  // of a segment, in the audit log

struct Route {
  std::string_view method;
  std::array<std::string_view, 5> path;  // empty at the end: shorter
  Result<Reply> (*handler)(Call&);
  Need need;
  Need unmasked =
      {};  // with full=1, which shows personal fields; none: full=1 shows no more of them
};

constexpr Route kRoutes[] = {
    {"POST", {"api", "v1", "issues"}, post_issue, kMayLog},
    {"GET", {"api", "v1", "issues"}, list_issues, kMayRead},
    {"POST", {"api", "v1", "import"}, post_import, kMayLog},
    {"GET", {"api", "v1", "issues", kAny}, get_issue, kMayRead},
    {"POST", {"api", "v1", "issues", kAny, kAny}, post_act, kMayAct},
    {"POST", {"api", "v1", "trial", kAny, kAny}, post_trial, kMayRead},
    {"GET", {"api", "v1", "desk"}, get_desk, kMayRead},
    {"GET", {"api", "v1", "vocabulary"}, get_vocabulary, kMayRead},
    {"GET", {"api", "v1", "status"}, get_status, kMayRead},
    {"GET", {"api", "v1", "events"}, get_events, kMayRead},
    {"GET", {"api", "v1", "refusals"}, get_refusals, kMayRead},
    {"GET", {"api", "v1", "report"}, get_report, kMayRead},
    {"GET", {"api", "v1", "report", "open"}, get_report_open, kMayRead},
    {"GET", {"api", "v1", "report", "figures"}, get_report_figures, kMayRead},
    {"GET", {"api", "v1", "topology"}, get_topology, kMayRead},
    {"GET", {"api", "v1", "topology", "log"}, get_topology_log, kMayRead},
    {"GET", {"api", "v1", "topology", "context"}, get_topology_context, kMayRead},
    {"GET", {"api", "v1", "topology", "policy"}, get_policy, kMayRead},
    {"POST", {"api", "v1", "topology", "changes"}, post_changes, kMayChange},
    {"POST", {"api", "v1", "topology", "preview"}, post_preview, kMayOperate},
    {"GET", {"api", "v1", "topology", "operators"}, get_operators, kMayRead},
    {"POST", {"api", "v1", "policy", "check"}, post_policy_check, kMayRead},
    {"POST", {"api", "v1", "policy", "diff"}, post_policy_diff, kMayRead},
    {"POST", {"api", "v1", "policy", "try"}, post_policy_try, kMayRead},
    {"POST", {"api", "v1", "journal"}, post_journal, kMayLog},
    {"GET", {"api", "v1", "journal"}, get_journal, kMayRead},
    {"POST", {"api", "v1", "verify"}, post_verify, kMayOperate},
    {"POST", {"api", "v1", "backup"}, post_backup, kMayOperate},
    {"GET", {"api", "v1", "session"}, get_session, kOpen},
    {"POST", {"api", "v1", "session"}, post_session, kOpen},
    {"DELETE", {"api", "v1", "session"}, delete_session, kSignedIn},
    {"POST", {"api", "v1", "session", "confirm"}, post_confirm, kSignedIn},
    {"POST", {"api", "v1", "session", "password"}, post_password, kSignedIn},
    {"POST", {"api", "v1", "first"}, post_first, kOpen},
    {"GET", {"api", "v1", "accounts"}, get_accounts, kMayAudit},
    {"POST", {"api", "v1", "accounts"}, post_account, kMayChange},
    {"POST", {"api", "v1", "accounts", kAny}, change_account, kMayChange},
    {"DELETE", {"api", "v1", "accounts", kAny}, delete_account, kMayChange},
    {"GET", {"api", "v1", "tokens"}, get_tokens, kMayAudit},
    {"POST", {"api", "v1", "tokens"}, post_token, kMayChange},
    {"DELETE", {"api", "v1", "tokens", kAny}, delete_token, kMayChange},
    {"GET", {"api", "v1", "audit"}, get_audit, kMayAudit},
    {"GET", {"api", "v1", "openapi.json"}, get_openapi, kOpen},
    {"GET", {"api", "v1", "public", "notices"}, get_notices, kOpen},
    {"POST", {"api", "v1", "public", "matters"}, post_matter, kOpen},
    {"GET", {"api", "v1", "public", "matters", kAny}, get_matter, kOpen},
    {"GET", {"api", "v1", "pending"}, list_pending, kMayRead},
    {"DELETE", {"api", "v1", "pending", kAny}, undo_pending, kMayRead},
    {"POST", {"api", "v1", "pending", kAny, "now"}, hurry_pending, kMayRead},
    {"GET", {"api", "v1", "held"}, list_held, kMayLog},
    {"POST", {"api", "v1", "held", kAny, "take"}, take_held, kMayLog},
    {"POST", {"api", "v1", "held", kAny, "discard"}, discard_held, kMayLog},
    {"GET", {"api", "v1", "healthz"}, get_health, kOpen},
    {"GET", {"healthz"}, get_health, kOpen},
    {"GET", {"metrics"}, get_metrics, kMayRead},
    {"GET", {"api", "v1", "registers"}, list_registers, kMayRead},
    {"GET", {"api", "v1", "registers", kAny}, list_entries, kMayRead, kMayUnmask},
    {"POST", {"api", "v1", "registers", kAny}, post_entries, kMayKeep},
    {"GET", {"api", "v1", "registers", kAny, "entry"}, get_entry, kMayRead, kMayUnmask},
    {"GET", {"api", "v1", "registers", kAny, "csv"}, get_entries_csv, kMayRead, kMayUnmask},
    {"POST", {"api", "v1", "registers", kAny, "csv"}, post_entries_csv, kMayKeep},
    {"GET", {"api", "v1", "measures"}, get_measures, kMayRead},
    {"GET", {"api", "v1", "measures", kAny}, get_measured, kMayRead},
    {"GET", {"api", "v1", "gaps"}, get_gaps, kMayRead},
    {"GET", {"api", "v1", "minimums"}, get_minimums, kMayRead},
    {"GET", {"api", "v1", "stars"}, get_stars, kMayRead},
    {"GET", {"api", "v1", "stars", "bulletin"}, get_bulletin, kMayRead},
};

bool fits(const Route& route, const std::vector<std::string>& segments) {
  const auto length = static_cast<std::size_t>(
      std::find(route.path.begin(), route.path.end(), std::string_view()) - route.path.begin());
  if (segments.size() != length) return false;
  for (std::size_t i = 0; i < length; ++i) {
    const bool any = route.path[i] == kAny && !segments[i].empty();
    if (!any && route.path[i] != segments[i]) return false;
  }
  return true;
}

// full=1, or any other spelling that is not plainly no.
bool wants_unmasked(const Route& route, const Request& request) {
  if (route.unmasked.roles == 0) return false;
  const auto [from, to] = request.query.equal_range("full");
  return std::any_of(from, to, [](const auto& one) {
    return !one.second.empty() && one.second != "0" && one.second != "false";
  });
}

// "POST issues propose" of /api/v1/issues/320803001001-2026-0001/propose, and what it is of.
std::string act_of(const Route& route, const Request& request) {
  std::string act(route.method);
  for (std::size_t i = 2; i < request.segments.size(); ++i) {
    if (route.path[i] != kAny || i == 4) act += ' ' + request.segments[i].substr(0, kMaxActBytes);
  }
  if (wants_unmasked(route, request)) act += " full";
  return act;
}

// Written before it is done, so that nothing is done unseen; finished when it is.
class AuditEntry {
 public:
  Status begin(Shared& shared, const Route& route, const Request& request, const Caller& caller) {
    const bool trial = route.handler == post_trial;  // asked while one types; changes nothing
    const bool looks = route.method == "GET" && !wants_unmasked(route, request);
    if (looks || trial || !shared.gate.accounts) return {};
    store::AuditRow row;
    row.time_ms = shared.gate.now_ms();
    row.account = caller.name;
    row.via = caller.via;
    row.address = request.door.peer;
    row.act = act_of(route, request);
    if (request.segments.size() > 3) object_ = request.segments[3].substr(0, kMaxActBytes);
    row.object = object_;
    const auto id = shared.gate.accounts->audit(row);
    if (!id) return caller.via == "socket" ? Status() : Status(id.error());
    id_ = *id;
    accounts_ = shared.gate.accounts.get();
    return {};
  }
  void end(unsigned status, const std::string& rule, const std::string& object) {
    if (accounts_ != nullptr)
      accounts_->audited(id_, object.empty() ? object_ : object, status, rule);
  }

 private:
  store::Accounts* accounts_ = nullptr;
  std::uint64_t id_ = 0;
  std::string object_;
};

// "REVISION-DIGEST" where what is shown has a revision, else "DIGEST" of the whole answer.
std::string etag_of(const std::string& text, const std::string& revision) {
  constexpr std::size_t kTagBytes = 16;
  const auto digest =
      crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/etag/1", {view_of(text)});
  const std::string first = revision.empty() ? std::string() : revision + '-';
  return '"' + first + to_hex(digest.view().first(kTagBytes)) + '"';
}

// A read says what it said by a tag, and is not sent again to one who has it.
Response read_answer(const Request& request, Response response, const std::string& revision) {
  if (request.method != "GET" || response.status != 200) return response;
  const std::string tag = etag_of(response.body, revision);
  response.fields.emplace_back("ETag", tag);
  if (request.field("if-none-match") != tag) return response;
  response.status = 304;
  response.body.clear();
  return response;
}

Response ran(const Route& route, Shared& shared, const Request& request) {
  Caller caller = identify(shared.gate, request);
  Need need = route.need;
  if (need.act) need = need_of_act(request.segments.back());
  if (wants_unmasked(route, request)) need = route.unmasked;
  AuditEntry audit;
  const Status admitted = admit(shared.gate, request, caller, need);
  // Strangers do not fill the log; what they hand in is kept elsewhere.
  const bool stranger = caller.via == "none";
  const bool noted = !stranger || (admitted.ok() && route.handler != post_matter);
  if (noted || route.handler == post_session) {
    if (const auto begun = audit.begin(shared, route, request, caller); !begun) {
      return problem(begun.error(), request.chinese);
    }
  }
  if (!admitted) {
    auto response = problem(admitted.error(), request.chinese);
    audit.end(response.status, admitted.error().rule, {});
    return response;
  }
  if (!request.field("if-match").empty() && route.handler != post_act) {
    const Error unheeded{"http.if_match", "If-Match", "这个路径不支持 If-Match",
                         "this path does not heed If-Match"};
    audit.end(status_of(unheeded), unheeded.rule, {});
    return problem(unheeded, request.chinese);
  }
  Call call(shared, request, std::move(caller));
  auto reply = route.handler(call);
  if (!reply) {
    auto response = problem(reply.error(), request.chinese);
    audit.end(response.status, reply.error().rule, call.object());
    return response;
  }
  audit.end(reply->status, {}, call.object());
  if (call.again()) reply->fields.emplace_back("Idempotency-Replayed", "true");
  if (reply->feed) return {reply->status, reply->type, {}, {}, reply->fields, reply->feed};
  std::string text = reply->text.empty() ? to_text(reply->body) : reply->text;
  return read_answer(request, {reply->status, reply->type, std::move(text), {}, reply->fields},
                     reply->revision);
}

bool is_page(const Request& request) {
  if (request.segments.empty()) return true;
  const auto& first = request.segments.front();
  return first != "api" && first != "healthz" && first != "metrics";
}

Response no_method(const Request& request, std::string allow) {
  Response response = problem(
      {"http.method", "method", "这个路径不支持该方法", "this path does not have that method"},
      request.chinese);
  response.allow = std::move(allow);
  return response;
}

}  // namespace

std::vector<std::string> route_names() {
  std::vector<std::string> out;
  for (const auto& route : kRoutes) {
    std::string name = std::string(route.method) + ' ';
    for (const auto part : route.path) {
      if (!part.empty()) name += '/' + std::string(part);
    }
    out.push_back(std::move(name));
  }
  return out;
}

Response answer(Shared& shared, const Request& request) {
  if (const auto status = check_host(request, shared.gate.names); !status) {
    return problem(status.error(), request.chinese);
  }
  if (request.door.people && is_page(request)) return answer_asset(shared.assets, request);
  std::string allow;
  for (const auto& route : kRoutes) {
    if (!fits(route, request.segments)) continue;
    if (route.method == request.method) {
      try {
        return ran(route, shared, request);
      } catch (const std::exception&) {
        // Libraries throw where memory ends; what they say may quote a user's data.
        return problem({"bug.exception", "", "节点内部出错", "something failed inside the node"},
                       request.chinese);
      }
    }
    allow += (allow.empty() ? "" : ", ") + std::string(route.method);
  }
  if (!allow.empty()) return no_method(request, std::move(allow));
  return problem({"http.path", "path", "没有这个路径", "there is no such path"}, request.chinese);
}

}  // namespace yishi::http
