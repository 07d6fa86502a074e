// /session and /first: signing in and out, the first account.
#include <algorithm>

#include "crypto/password.h"
#include "crypto/random.h"
#include "node/http/issue_json.h"
#include "node/http/people.h"

namespace yishi::http {
namespace {

Json session_json(Call& call, const store::UserSession& session, Roles roles) {
  const auto idle = session.seen_ms + kSessionIdleMs;
  const auto life = session.created_ms + kSessionLifeMs;
  return {{"signed_in", true},
          {"name", session.account},
          {"roles", roles_json(roles)},
          {"csrf", session.csrf},
          {"now", times(call.gate().now_ms())},
          {"idle_until", times(std::min(idle, life))},
          {"until", times(life)},
          {"confirmed_until", times(session.confirmed_ms + kConfirmedMs)},
          {"first", false}};
}

// A new secret at every sign-in, whatever cookie came with it: none can be fixed beforehand.
Result<Reply> begin_session(Call& call, const store::Account& account, unsigned status) {
  const auto now = call.gate().now_ms();
  const std::string secret = new_secret();
  const store::UserSession session{
      secret_digest(secret), account.name, new_secret(), now, now, now};
  auto begun = call.gate().accounts->begin_session(session, kMaxSessionsOfAccount);
  if (!begun) return begun.error();
  if (call.caller().session) call.gate().accounts->end_session(call.caller().session->token);
  Reply reply{session_json(call, session, roles_from(account.roles).value_or(0)), status};
  reply.fields.emplace_back("Set-Cookie", set_cookie(call.request().door, secret));
  return reply;
}

Error over_tcp_only() {
  return {"http.path", "path", "登录只用于页面的地址，不用于本机套接字",
          "signing in is for the pages' address, not for the socket"};
}

Result<store::Account> account_by_password(Call& call, const std::string& name,
                                           const std::string& password) {
  call.concerns(name);
  return check_password(call.gate(), name, password, call.request().door.peer);
}

// The account of the session that asks, if the password in the body is its own.
Result<store::Account> confirmed_again(Call& call, Form& form, const char* key) {
  if (!call.caller().session) {
    return Error{"account.session", "session", "请先登录", "sign in first"};
  }
  const std::string password = form.text(key, kMaxPasswordBytes, true);
  if (const auto status = form.finish(); !status) return status.error();
  auto account = account_by_password(call, call.caller().session->account, password);
  if (!account && account.error().rule == "account.password") {
    // Not 401: the session is not over.
    return Error{"account.confirm", key, "密码不对", "the password is wrong"};
  }
  return account;
}

}  // namespace

Status need_accounts(Call& call) {
  if (call.gate().accounts) return {};
  return Error{"store.io", "accounts.db", "账户数据不能读写，请看节点的日志",
               "the accounts cannot be read or written; see the node's log"};
}

Status check_account_name(const std::string& name) {
  const bool good = !name.empty() && name.size() <= kMaxAccountBytes &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) {
                      return c >= 0x80 || std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
                    });
  if (good) return {};
  return Error{
      "account.name", "name", "账户名应为 1 至 60 个字节的文字、数字、点、短横或下划线，不含空格",
      "an account's name is 1 to 60 bytes of letters, digits, dots, dashes or underscores"};
}

Json roles_json(Roles roles) {
  Json out = Json::array();
  for (const auto& role : kRoles) {
    if ((roles & role.bit) == 0) continue;
    out.push_back({{"id", role.id}, {"zh", role.zh}, {"en", role.en}});
  }
  return out;
}

Result<Roles> read_roles(Form& form, const char* key) {
  Roles roles = 0;
  for (const auto& one : form.texts(key, std::size(kRoles), kMaxAccountBytes)) {
    const auto bit = roles_from(one);
    if (!bit) roles = 0;
    if (!bit) break;
    roles = static_cast<Roles>(roles | *bit);
  }
  if (roles != 0) return roles;
  return Error{
      "account.roles", key,
      "请给出至少一个角色：clerk、convener、approver、supervisor、operator、auditor、public",
      "name at least one role: clerk, convener, approver, supervisor, operator, auditor, "
      "public"};
}

Result<Reply> get_session(Call& call) {
  const auto& caller = call.caller();
  if (caller.session) return Reply{session_json(call, *caller.session, caller.roles)};
  const bool first = call.gate().accounts && call.gate().accounts->count() == 0;
  return Reply{{{"signed_in", false}, {"first", first}}};
}

Result<Reply> post_session(Call& call) {
  if (!call.request().door.people) return over_tcp_only();
  if (const auto status = need_accounts(call); !status) return status.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const std::string name = form.text("name", kMaxAccountBytes, true);
  const std::string password = form.text("password", kMaxPasswordBytes, true);
  if (const auto status = form.finish(); !status) return status.error();
  const auto account = account_by_password(call, name, password);
  if (!account) return account.error();
  return begin_session(call, *account, 200);
}

Result<Reply> delete_session(Call& call) {
  if (!call.caller().session) return over_tcp_only();
  call.gate().accounts->end_session(call.caller().session->token);
  Reply reply{{{"signed_in", false}, {"first", false}}};
  reply.fields.emplace_back("Set-Cookie", set_cookie(call.request().door, {}));
  return reply;
}

Result<Reply> post_confirm(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const auto account = confirmed_again(call, form, "password");
  if (!account) return account.error();
  auto session = *call.caller().session;
  session.seen_ms = session.confirmed_ms = call.gate().now_ms();
  call.gate().accounts->touch(session.token, session.seen_ms, session.confirmed_ms);
  return Reply{session_json(call, session, call.caller().roles)};
}

// Ends all sessions of the account and begins one anew.
Result<Reply> post_password(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const std::string wanted = form.text("new", kMaxPasswordBytes, true);
  auto account = confirmed_again(call, form, "password");
  if (!account) return account.error();
  if (const auto status = check_new_password(account->name, wanted); !status) {
    return status.error();
  }
  crypto::SystemRandom random;
  account->password = crypto::hash_password(wanted, random);
  if (const auto status = call.gate().accounts->change(*account, true); !status) {
    return status.error();
  }
  return begin_session(call, *account, 200);
}

Result<Reply> post_first(Call& call) {
  if (!call.request().door.people) return over_tcp_only();
  if (const auto status = need_accounts(call); !status) return status.error();
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  const auto secret = secret_digest(form.text("invitation", kMaxAccountBytes, true));
  store::Account account;
  account.name = form.text("name", kMaxAccountBytes, true);
  const std::string password = form.text("password", kMaxPasswordBytes, true);
  const auto roles =
      object->contains("roles") ? read_roles(form, "roles") : Result<Roles>(Roles{0});
  if (const auto status = form.finish(); !status) return status.error();
  if (!roles) return roles.error();
  if (const auto status = check_account_name(account.name); !status) return status.error();
  if (const auto status = check_new_password(account.name, password); !status) {
    return status.error();
  }
  auto& gate = call.gate();
  if (gate.accounts->count() != 0 || !gate.accounts->invited(secret, gate.now_ms())) {
    return Error{"account.invitation", "invitation",
                 "邀请链接已用过或已过期；重新启动节点会给出新的",
                 "the invitation was used already or has expired; a restart of the node gives "
                 "another"};
  }
  crypto::SystemRandom random;
  account.roles = roles_text(static_cast<Roles>(*roles | kOperator));
  account.password = crypto::hash_password(password, random);
  account.created_ms = gate.now_ms();
  call.concerns(account.name);
  if (const auto status = gate.accounts->add_invited(secret, account); !status) {
    return status.error();
  }
  return begin_session(call, account, 201);
}

}  // namespace yishi::http
