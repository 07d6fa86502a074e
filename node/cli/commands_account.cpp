// account …, token …, audit: who may use this node's pages, and what was done.
#include "node/cli/catalog.h"
#include "node/cli/text.h"
#include "node/http/client.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxPasswordFileBytes = 1024;
constexpr std::uint64_t kMaxTokenDays = 366;
constexpr std::uint64_t kMaxAuditLimit = 10'000;

// The first line: editors end a file with a line end, and it is no part of a password.
Result<std::string> password_in(const Invocation& invocation) {
  auto text = read_file(invocation.args.get("password-file"), kMaxPasswordFileBytes);
  if (!text) return text.error();
  return text->substr(0, text->find_first_of("\r\n"));
}

std::string roles_shown(const Invocation& invocation, const Json& roles) {
  std::string out;
  for (const auto& role : roles) out += (out.empty() ? "" : " ") + invocation.label(role);
  return out;
}

std::string account_path(const Invocation& invocation) {
  return "/api/v1/accounts/" + http::percent_encode(invocation.args.get("name"));
}

Outcome done(Called called, std::string text) {
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = std::move(called.body);
  outcome.text = std::move(text);
  return outcome;
}

Outcome list_accounts(const Invocation& invocation) {
  const auto called = api_get(invocation, "/api/v1/accounts");
  if (called.failed) return *called.failed;
  Table table({invocation.pick("账户", "ACCOUNT"), invocation.pick("角色", "ROLES"),
               invocation.pick("状态", "STATE")});
  for (const auto& one : at(called.body, "accounts")) {
    const Json locked = at(one, "locked_until");
    std::string state = invocation.pick("可用", "enabled");
    if (!locked.is_null()) {
      state = invocation.pick("锁定至 ", "locked until ") + invocation.time(locked);
    }
    if (one.value("disabled", false)) state = invocation.pick("停用", "disabled");
    table.add({one_line(one.value("name", std::string())),
               roles_shown(invocation, at(one, "roles")), state});
  }
  Outcome outcome;
  outcome.text = table.text();
  outcome.json = called.body;
  return outcome;
}

Outcome add_account(const Invocation& invocation) {
  const auto password = password_in(invocation);
  if (!password) return failure(kRefused, password.error());
  const Json body{{"name", invocation.args.get("name")},
                  {"password", *password},
                  {"roles", invocation.args.all("role")}};
  return done(api_post(invocation, "/api/v1/accounts", body),
              invocation.pick("账户已建立。\n", "The account is made.\n"));
}

Outcome set_account(const Invocation& invocation) {
  Json body = Json::object();
  if (invocation.args.has("role")) body["roles"] = invocation.args.all("role");
  if (invocation.args.has("disable")) body["disabled"] = true;
  if (invocation.args.has("enable")) body["disabled"] = false;
  if (invocation.args.has("unlock")) body["unlock"] = true;
  if (invocation.args.has("password-file")) {
    const auto password = password_in(invocation);
    if (!password) return failure(kRefused, password.error());
    body["password"] = *password;
  }
  return done(api_post(invocation, account_path(invocation), body),
              invocation.pick("已更改。\n", "Changed.\n"));
}

Outcome remove_account(const Invocation& invocation) {
  return done(api_delete(invocation, account_path(invocation)),
              invocation.pick("账户已删除。\n", "The account is removed.\n"));
}

Outcome list_tokens(const Invocation& invocation) {
  const auto called = api_get(invocation, "/api/v1/tokens");
  if (called.failed) return *called.failed;
  Table table({"ID", invocation.pick("用途", "LABEL"), invocation.pick("角色", "ROLES"),
               invocation.pick("到期", "EXPIRES")});
  for (const auto& one : at(called.body, "tokens")) {
    table.add({at(one, "id").dump(), one_line(one.value("label", std::string())),
               roles_shown(invocation, at(one, "scopes")), invocation.time(at(one, "expires"))});
  }
  Outcome outcome;
  outcome.text = table.text();
  outcome.json = called.body;
  return outcome;
}

Outcome add_token(const Invocation& invocation) {
  const auto days = whole_number(invocation.args.get("days", "30"), kMaxTokenDays);
  if (!days || *days == 0) {
    return usage("days", "--days 应当是 1 到 366 的整数",
                 "--days must be a whole number from 1 to 366");
  }
  auto called = api_post(invocation, "/api/v1/tokens",
                         {{"label", invocation.args.get("label")},
                          {"scopes", invocation.args.all("role")},
                          {"days", *days}});
  if (called.failed) return *called.failed;
  std::string text = called.body.value("token", std::string()) + '\n';
  return done(std::move(called), std::move(text));
}

Outcome remove_token(const Invocation& invocation) {
  const auto path = "/api/v1/tokens/" + http::percent_encode(invocation.args.get("id"));
  return done(api_delete(invocation, path),
              invocation.pick("令牌已作废。\n", "The token is void.\n"));
}

Outcome show_audit(const Invocation& invocation) {
  const auto limit = whole_number(invocation.args.get("limit", "100"), kMaxAuditLimit);
  if (!limit || *limit == 0) {
    return usage("limit", "--limit 应当是 1 到 10000 的整数",
                 "--limit must be a whole number from 1 to 10000");
  }
  Target target("/api/v1/audit");
  for (const char* key : {"account", "act", "object", "from", "until", "before"}) {
    target.with(key, invocation.args.get(key));
  }
  const auto called = api_get(invocation, target.with("limit", std::to_string(*limit)).text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  for (const auto& row : at(called.body, "audit")) {
    outcome.text += invocation.time(at(row, "time"));
    for (const char* key : {"account", "via", "address", "act", "object"}) {
      outcome.text += "  " + one_line(row.value(key, std::string()));
    }
    outcome.text +=
        "  " + at(row, "status").dump() + "  " + one_line(row.value("rule", std::string())) + '\n';
  }
  if (const Json next = at(called.body, "next"); !next.is_null()) {
    outcome.text +=
        invocation.pick("还有更多：--before ", "There is more: --before ") + next.dump() + '\n';
  }
  return outcome;
}

}  // namespace

std::vector<Command> account_commands() {
  const Option name{"name", "NAME", "账户名", "the account's name", false, true, true};
  const Option role{"role",
                    "ROLE",
                    "角色：clerk convener approver supervisor operator auditor public，可多次",
                    "clerk convener approver supervisor operator auditor public; several times",
                    true,
                    true};
  Option some_role = role;
  some_role.required = false;
  const Option password{"password-file",
                        "FILE",
                        "密码文件；- 为标准输入",
                        "file with the password; - is standard input",
                        false,
                        true};
  Option new_password = password;
  new_password.required = false;
  return {
      {"account list",
       "列出可登录页面的账户",
       "list who may sign in to the pages",
       {},
       "yishi account list",
       list_accounts},
      {"account add",
       "建立账户",
       "make an account",
       {name, role, password},
       "yishi account add 王会计 --role clerk --role convener --password-file -",
       add_account},
      {"account set",
       "更改账户的角色、密码，停用或解锁",
       "change an account's roles or password, disable or unlock it",
       {name,
        some_role,
        new_password,
        {"disable", "", "停用", "disable"},
        {"enable", "", "重新启用", "enable again"},
        {"unlock", "", "解除输错密码的锁定", "end the lock of wrong passwords"}},
       "yishi account set 王会计 --unlock",
       set_account},
      {"account remove",
       "删除账户",
       "remove an account",
       {name},
       "yishi account remove 王会计",
       remove_account},
      {"token list",
       "列出程序用的令牌",
       "list the tokens of programs",
       {},
       "yishi token list",
       list_tokens},
      {"token add",
       "发一个令牌给程序；只显示一次",
       "give a program a token; it is shown once",
       {{"label", "LABEL", "用途", "what it is for", false, true, true},
        role,
        {"days", "N", "有效天数（默认 30，最多 366）", "good for so many days (30, at most 366)"}},
       "yishi token add wall-screen --role auditor --days 90",
       add_token},
      {"token remove",
       "作废令牌",
       "make a token void",
       {{"id", "ID", "编号", "its number", false, true, true}},
       "yishi token remove 3",
       remove_token},
      {"audit",
       "谁在何时做了什么，最新的在前",
       "who did what and when, newest first",
       {{"account", "NAME", "只看这个账户", "of this account only"},
        {"act", "ACT", "只看以此开头的操作", "acts that begin so"},
        {"object", "ID", "只看对它做的", "done to this only"},
        {"from", "TIME", "从何时起", "from then on"},
        {"until", "TIME", "到何时止", "until then"},
        {"before", "N", "这个编号之前（上一页末尾给出）",
         "before this number (the last page names it)"},
        {"limit", "N", "最多几行（默认 100）", "at most so many lines (default 100)"}},
       "yishi audit --account 王会计 --from 2026-11-01",
       show_audit},
  };
}

}  // namespace yishi::cli
