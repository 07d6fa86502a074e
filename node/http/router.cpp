#include "node/http/router.h"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>

#include "node/http/problem.h"

namespace yishi::http {
namespace {

constexpr std::string_view kAny = "*";

struct Route {
  std::string_view method;
  std::array<std::string_view, 5> path;  // empty at the end: shorter
  Result<Reply> (*handler)(Call&);
};

constexpr Route kRoutes[] = {
    {"POST", {"api", "v1", "issues"}, post_issue},
    {"GET", {"api", "v1", "issues"}, list_issues},
    {"POST", {"api", "v1", "import"}, post_import},
    {"GET", {"api", "v1", "issues", kAny}, get_issue},
    {"POST", {"api", "v1", "issues", kAny, kAny}, post_act},
    {"GET", {"api", "v1", "status"}, get_status},
    {"GET", {"api", "v1", "refusals"}, get_refusals},
    {"GET", {"api", "v1", "report"}, get_report},
    {"GET", {"api", "v1", "report", "open"}, get_report_open},
    {"GET", {"api", "v1", "report", "figures"}, get_report_figures},
    {"GET", {"api", "v1", "topology"}, get_topology},
    {"GET", {"api", "v1", "topology", "log"}, get_topology_log},
    {"GET", {"api", "v1", "topology", "context"}, get_topology_context},
    {"GET", {"api", "v1", "topology", "policy"}, get_policy},
    {"POST", {"api", "v1", "topology", "changes"}, post_changes},
    {"POST", {"api", "v1", "topology", "preview"}, post_preview},
    {"GET", {"api", "v1", "topology", "operators"}, get_operators},
    {"POST", {"api", "v1", "policy", "check"}, post_policy_check},
    {"POST", {"api", "v1", "policy", "diff"}, post_policy_diff},
    {"POST", {"api", "v1", "policy", "try"}, post_policy_try},
    {"POST", {"api", "v1", "journal"}, post_journal},
    {"GET", {"api", "v1", "journal"}, get_journal},
    {"POST", {"api", "v1", "verify"}, post_verify},
    {"GET", {"api", "v1", "healthz"}, get_health},
    {"GET", {"healthz"}, get_health},
    {"GET", {"metrics"}, get_metrics},
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

Response ran(const Route& route, Shared& shared, const Request& request) {
  Call call(shared, request);
  const auto reply = route.handler(call);
  if (!reply) return problem(reply.error(), request.chinese);
  std::string text = reply->text.empty() ? to_text(reply->body) : reply->text;
  return {reply->status, reply->type, std::move(text), {}};
}

}  // namespace

Response answer(Shared& shared, const Request& request) {
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
  if (allow.empty()) {
    return problem({"http.path", "path", "没有这个路径", "there is no such path"}, request.chinese);
  }
  Response response = problem(
      {"http.method", "method", "这个路径不支持该方法", "this path does not have that method"},
      request.chinese);
  response.allow = allow;
  return response;
}

}  // namespace yishi::http
