#include "node/http/problem.h"

#include <array>
#include <string_view>

#include "node/http/json.h"

namespace yishi::http {
namespace {

struct StatusRow {
  std::string_view rule;  // whole, or a prefix that ends in a dot
  unsigned status;
};

// The first that fits counts.
constexpr std::array<StatusRow, 49> kStatuses{{
    {"http.host", 421},
    {"http.origin", 403},
    {"http.rate", 429},
    {"account.session", 401},
    {"account.password", 401},
    {"account.csrf", 403},
    {"account.role", 403},
    {"account.confirm", 403},
    {"account.locked", 429},
    {"account.unknown", 404},
    {"account.token.unknown", 404},
    {"account.taken", 409},
    {"once.key", 400},
    {"once.busy", 409},
    {"once.full", 503},
    {"issue.moved", 412},
    {"pending.unknown", 404},
    {"pending.full", 503},
    {"public.off", 404},
    {"matter.unknown", 404},
    {"matter.settled", 409},
    {"matter.full", 503},
    {"http.path", 404},
    {"http.missing", 404},
    {"issue.unknown", 404},
    {"http.method", 405},
    {"http.time", 408},
    {"verify.busy", 409},
    {"http.body.long", 413},
    {"http.target.long", 414},
    {"http.header.long", 431},
    {"http.busy", 503},
    {"http.streams", 503},
    {"http.slow", 504},
    {"http.", 400},
    {"json.", 400},
    {"query.", 400},
    {"node.busy", 503},
    {"node.stopping", 503},
    {"node.joining", 503},
    {"store.full", 507},
    {"store.", 500},
    {"backup.busy", 409},
    {"backup.socket", 403},
    {"backup.verify", 500},
    {"backup.", 400},
    {"sealed.", 500},
    {"verify.", 500},
    {"bug.", 500},
}};

struct TitleRow {
  unsigned status;
  std::string_view zh, en;
};
constexpr std::array<TitleRow, 19> kTitles{{
    {400, "请求有误", "Bad Request"},
    {401, "未登录", "Unauthorized"},
    {403, "没有权限", "Forbidden"},
    {404, "没有找到", "Not Found"},
    {405, "方法不允许", "Method Not Allowed"},
    {408, "请求超时", "Request Timeout"},
    {409, "冲突", "Conflict"},
    {412, "事项已有变化", "Precondition Failed"},
    {413, "内容过大", "Content Too Large"},
    {414, "路径过长", "URI Too Long"},
    {421, "名称不符", "Misdirected Request"},
    {422, "未被接受", "Unprocessable Content"},
    {429, "请求过多", "Too Many Requests"},
    {431, "请求头过大", "Request Header Fields Too Large"},
    {500, "节点出错", "Internal Server Error"},
    {503, "节点暂不能处理", "Service Unavailable"},
    {504, "处理超时", "Gateway Timeout"},
    {507, "磁盘已满", "Insufficient Storage"},
    {0, "出错", "Error"},
}};

const TitleRow& title_of(unsigned status) {
  for (const auto& row : kTitles) {
    if (row.status == status) return row;
  }
  return kTitles.back();
}

}  // namespace

unsigned status_of(const Error& error) {
  for (const auto& row : kStatuses) {
    const bool prefix = row.rule.back() == '.';
    if (prefix ? error.rule.starts_with(row.rule) : error.rule == row.rule) return row.status;
  }
  return 422;
}

Response problem(const Error& error, bool chinese) {
  return problem(error, status_of(error), chinese);
}

Response problem(const Error& error, unsigned status, bool chinese) {
  const TitleRow& title = title_of(status);
  const Json body{{"type", "urn:yishi:rule:" + error.rule},
                  {"title", chinese ? title.zh : title.en},
                  {"status", status},
                  {"detail", chinese ? error.zh : error.en},
                  {"rule", error.rule},
                  {"field", error.field},
                  {"zh", error.zh},
                  {"en", error.en}};
  return {status, "application/problem+json", to_text(body), {}};
}

}  // namespace yishi::http
