// /accounts, /tokens and /audit: who may use this node, and what they did.
#include <algorithm>

#include "crypto/password.h"
#include "crypto/random.h"
#include "node/http/issue_json.h"
#include "node/http/people.h"
#include "node/http/quantities.h"
#include "node/http/query.h"

namespace yishi::http {
namespace {

constexpr std::size_t kMaxLabelBytes = 60;
constexpr std::uint64_t kDayMs = std::uint64_t{24} * 3600 * 1000;
constexpr std::size_t kMaxIdDigits = 18;

Json account_json(const store::Account& account, std::uint64_t now) {
  return {{"name", account.name},
          {"roles", roles_json(roles_from(account.roles).value_or(0))},
          {"created", times(account.created_ms)},
          {"failures", account.failures},
          {"locked_until", account.locked_until > now ? times(account.locked_until) : Json()},
          {"disabled", account.disabled}};
}

Json token_json(const store::AccessToken& token) {
  return {{"id", token.id},
          {"label", token.label},
          {"scopes", roles_json(roles_from(token.scopes).value_or(0))},
          {"account", token.account},
          {"created", times(token.created_ms)},
          {"expires", times(token.expires_ms)}};
}

Json audit_json(const store::AuditRow& row) {
  return {{"id", row.id},         {"time", times(row.time_ms)}, {"account", row.account},
          {"via", row.via},       {"address", row.address},     {"act", row.act},
          {"object", row.object}, {"status", row.status},       {"rule", row.rule}};
}

Result<store::Account> known_account(Call& call) {
  if (const auto status = need_accounts(call); !status) return status.error();
  const auto& name = call.segment(3);
  auto account = call.gate().accounts->find(name);
  if (account) return *account;
  return Error{"account.unknown", "name", "没有账户 " + name, "there is no account " + name};
}

// Somebody must be left who can make accounts.
Status keep_an_operator(Call& call, const std::string& but) {
  for (const auto& account : call.gate().accounts->all()) {
    const bool counts = (roles_from(account.roles).value_or(0) & kOperator) != 0;
    if (account.name != but && counts && !account.disabled) return {};
  }
  return Error{"account.last", "roles", "这是最后一个运维账户，不能停用、删除或去掉运维角色",
               "this is the last operator's account: it stays, enabled and an operator's"};
}

// One field of a CSV (RFC 4180); what a spreadsheet would take for a formula is made text.
std::string csv_field(const std::string& text) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  std::string out = formula ? "\"'" : "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string audit_csv(const std::vector<store::AuditRow>& rows) {
  std::string out = "\xEF\xBB\xBFid,time,account,via,address,act,object,status,rule\r\n";
  for (const auto& row : rows) {
    out += std::to_string(row.id) + ',' + csv_field(rfc3339(row.time_ms));
    for (const auto* text : {&row.account, &row.via, &row.address, &row.act, &row.object}) {
      out += ',' + csv_field(*text);
    }
    out += ',' + std::to_string(row.status) + ',' + csv_field(row.rule) + "\r\n";
  }
  return out;
}

Result<std::uint64_t> moment_in(Query& query, const char* key, std::uint64_t fallback) {
  const std::string text = query.text(key);
  if (text.empty()) return fallback;
  const auto moment = parse_moment(text);
  if (moment) return *moment;
  return Error{"query.time", key, std::string(key) + "：不是合法的时间",
               std::string(key) + ": not a time"};
}

}  // namespace

Result<Reply> get_accounts(Call& call) {
  if (const auto status = need_accounts(call); !status) return status.error();
  Json accounts = Json::array();
  for (const auto& account : call.gate().accounts->all()) {
    accounts.push_back(account_json(account, call.gate().now_ms()));
  }
  return Reply{{{"accounts", std::move(accounts)}, {"roles", roles_json(kEveryRole)}}};
}

Result<Reply> post_account(Call& call) {
  if (const auto status = need_accounts(call); !status) return status.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  store::Account account;
  account.name = form.text("name", kMaxAccountBytes, true);
  const std::string password = form.text("password", kMaxPasswordBytes, true);
  const auto roles = read_roles(form, "roles");
  if (const auto status = form.finish(); !status) return status.error();
  if (!roles) return roles.error();
  call.concerns(account.name);
  if (const auto status = check_account_name(account.name); !status) return status.error();
  if (const auto status = check_new_password(account.name, password); !status) {
    return status.error();
  }
  if (call.gate().accounts->count() >= kMaxAccounts) {
    return Error{"account.many", "name", "账户已满 1000 个", "there are 1000 accounts already"};
  }
  crypto::SystemRandom random;
  account.roles = roles_text(*roles);
  account.password = crypto::hash_password(password, random);
  account.created_ms = call.gate().now_ms();
  if (const auto status = call.gate().accounts->add(account); !status) return status.error();
  return Reply{account_json(account, account.created_ms), 201};
}

// roles, password, disabled, unlock: what is not named stays as it is.
Result<Reply> change_account(Call& call) {
  auto account = known_account(call);
  if (!account) return account.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const bool roles_given = object->contains("roles");
  const bool disabled_given = object->contains("disabled");
  const auto roles = roles_given ? read_roles(form, "roles") : Result<Roles>(Roles{0});
  const std::string password = form.text("password", kMaxPasswordBytes);
  const bool disabled = form.flag("disabled");
  const bool unlock = form.flag("unlock");
  if (const auto status = form.finish(); !status) return status.error();
  if (!roles) return roles.error();
  if (roles_given) account->roles = roles_text(*roles);
  if (disabled_given) account->disabled = disabled;
  if (account->disabled || (roles_from(account->roles).value_or(0) & kOperator) == 0) {
    if (const auto status = keep_an_operator(call, account->name); !status) return status.error();
  }
  if (!password.empty()) {
    if (const auto status = check_new_password(account->name, password); !status) {
      return status.error();
    }
    crypto::SystemRandom random;
    account->password = crypto::hash_password(password, random);
  }
  if (unlock) {
    account->failures = account->locked_until = 0;
    call.gate().locks.succeeded("name " + account->name);
  }
  const bool end = !password.empty() || account->disabled || roles_given;
  if (const auto status = call.gate().accounts->change(*account, end); !status) {
    return status.error();
  }
  return Reply{account_json(*account, call.gate().now_ms())};
}

Result<Reply> delete_account(Call& call) {
  const auto account = known_account(call);
  if (!account) return account.error();
  if (const auto status = keep_an_operator(call, account->name); !status) return status.error();
  if (const auto status = call.gate().accounts->remove(account->name); !status) {
    return status.error();
  }
  return Reply{{{"removed", account->name}}};
}

Result<Reply> get_tokens(Call& call) {
  if (const auto status = need_accounts(call); !status) return status.error();
  Json tokens = Json::array();
  for (const auto& token : call.gate().accounts->tokens()) tokens.push_back(token_json(token));
  return Reply{{{"tokens", std::move(tokens)}}};
}

// Its text is shown once and never again.
Result<Reply> post_token(Call& call) {
  if (const auto status = need_accounts(call); !status) return status.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  store::AccessToken token;
  token.label = form.text("label", kMaxLabelBytes, true);
  const auto days = form.number("days").value_or(0);
  const auto scopes = read_roles(form, "scopes");
  if (const auto status = form.finish(); !status) return status.error();
  if (!scopes) return scopes.error();
  if (days == 0 || days > kMaxTokenDays) {
    return Error{"account.token.days", "days", "days 应为 1 到 366", "days must be 1 to 366"};
  }
  if ((*scopes & ~call.caller().roles) != 0) {
    return Error{"account.token.scopes", "scopes", "令牌的角色不能超出本账户的角色",
                 "a token cannot have roles that your account has not"};
  }
  if (call.gate().accounts->tokens().size() >= kMaxTokens) {
    return Error{"account.many", "label", "令牌已满 1000 个", "there are 1000 tokens already"};
  }
  const std::string secret = new_secret();
  token.secret = secret_digest(secret);
  token.scopes = roles_text(*scopes);
  token.account = call.caller().name;
  token.created_ms = call.gate().now_ms();
  token.expires_ms = token.created_ms + days * kDayMs;
  call.concerns(token.label);
  const auto id = call.gate().accounts->add_token(token);
  if (!id) return id.error();
  token.id = *id;
  Json body = token_json(token);
  body["token"] = secret;
  return Reply{std::move(body), 201};
}

Result<Reply> delete_token(Call& call) {
  if (const auto status = need_accounts(call); !status) return status.error();
  const auto& text = call.segment(3);
  const bool digits =
      text.size() <= kMaxIdDigits &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !call.gate().accounts->remove_token(std::stoull(text))) {
    return Error{"account.token.unknown", "id", "没有这个令牌", "there is no such token"};
  }
  return Reply{{{"removed", std::stoull(text)}}};
}

Result<Reply> get_audit(Call& call) {
  if (const auto status = need_accounts(call); !status) return status.error();
  Query query(call.request());
  store::AuditFilter filter;
  filter.account = query.text("account");
  filter.act = query.text("act");
  filter.object = query.text("object");
  const auto from = moment_in(query, "from", 0);
  const auto until = moment_in(query, "until", UINT64_MAX);
  filter.before = query.number("before", UINT64_MAX, UINT64_MAX);
  filter.limit = query.number("limit", 100, kMaxAuditPage);
  const std::string format = query.text("format");
  if (const auto status = query.finish(); !status) return status.error();
  if (!from) return from.error();
  if (!until) return until.error();
  if (!format.empty() && format != "csv" && format != "json") {
    return Error{"query.format", "format", "format 应为 json 或 csv", "format must be json or csv"};
  }
  filter.from_ms = *from;
  filter.until_ms = *until;
  const auto rows = call.gate().accounts->audits(filter);
  const bool more = !rows.empty() && rows.size() >= filter.limit;
  if (format == "csv") {
    Reply reply{Json(), 200, "text/csv; charset=utf-8", audit_csv(rows)};
    reply.fields.emplace_back("Content-Disposition", "attachment; filename=\"audit.csv\"");
    return reply;
  }
  Json audits = Json::array();
  for (const auto& row : rows) audits.push_back(audit_json(row));
  return Reply{{{"audit", std::move(audits)}, {"next", more ? Json(rows.back().id) : Json()}}};
}

}  // namespace yishi::http
