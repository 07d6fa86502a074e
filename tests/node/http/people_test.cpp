// The listener for people: names, origins, accounts, sessions, roles, lockouts, the audit log.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "node/http/gate.h"
#include "node/http/roles.h"
#include "people.h"

namespace yishi::http {
namespace {

const Input kIssue{{"title", "路灯"},
                   {"text", "三盏"},
                   {"category", "环境整治"},
                   {"budget_yuan", 8000},
                   {"home", kVillage}};

TEST_F(People, pages_are_served_with_headers_that_trust_nobody_else) {
  auto anyone = browser();
  const auto page = anyone.get("/");
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.body, "<!doctype html>");
  const auto policy = page.field("Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(policy.find("script-src 'self';"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(page.field("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page.field("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(page.field("Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(page.field("Cache-Control"), "no-cache");
  EXPECT_EQ(anyone.get("/issues/7").body, "<!doctype html>");  // a route of the pages
  EXPECT_EQ(anyone.get("/missing.js").status, 404U);
  EXPECT_EQ(anyone.get("/../../etc/passwd.txt").status, 404U);
  EXPECT_EQ(anyone.get("/api/v1/nothing").status, 404U);
  EXPECT_EQ(anyone.send("POST", "/").status, 405U);
}

TEST_F(People, assets_come_compressed_to_who_takes_them_and_once_to_who_keeps_them) {
  auto anyone = browser();
  EXPECT_EQ(anyone.get("/assets/a-1.js").body, "let a = 1");
  const auto brotli = anyone.get("/assets/a-1.js", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(brotli.body, "BR");
  EXPECT_EQ(brotli.field("Content-Encoding"), "br");
  EXPECT_NE(brotli.field("Cache-Control").find("immutable"), std::string::npos);
  EXPECT_EQ(anyone.get("/assets/a-1.js", "Accept-Encoding: gzip, br;q=0\r\n").body, "GZ");
  const auto kept = anyone.get("/assets/a-1.js", "If-None-Match: \"a1\"\r\n");
  EXPECT_EQ(kept.status, 304U);
  EXPECT_EQ(kept.body, "");
  const auto head = anyone.send("HEAD", "/assets/a-1.js");
  EXPECT_EQ(head.field("Content-Length"), "9");
  EXPECT_EQ(head.body, "");
}

TEST_F(People, name_that_is_not_ours_is_refused) {
  const auto rebound =
      browser().raw("GET /api/v1/session HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(rebound.status, 421U);
  EXPECT_EQ(rebound.rule(), "http.host");
  const auto none = browser().raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(none.status, 421U);
  const auto twice = browser().raw("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\n\r\n");
  EXPECT_EQ(twice.status, 400U);
}

TEST_F(People, stranger_reads_nothing_and_changes_nothing) {
  auto anyone = browser();
  EXPECT_EQ(anyone.get("/healthz").status, 200U);
  for (const char* path : {"/api/v1/issues", "/api/v1/status", "/api/v1/accounts", "/api/v1/audit",
                           "/api/v1/journal", "/metrics"}) {
    const auto heard = anyone.get(path);
    EXPECT_EQ(heard.status, 401U) << path;
    EXPECT_EQ(heard.rule(), "account.session");
  }
  EXPECT_EQ(anyone.post("/api/v1/issues", kIssue).status, 401U);
  EXPECT_EQ(anyone.get("/api/v1/session").json().at("first"), true);
}

TEST_F(People, first_link_makes_one_account_once) {
  const auto link = server_->first_link();
  const auto secret = link.substr(link.find('#') + 1);
  EXPECT_TRUE(link.starts_with("http://127.0.0.1:"));
  Input asked{{"invitation", "guessed"}, {"name", "op"}, {"password", kPassword}};
  EXPECT_EQ(browser().post("/api/v1/first", asked).rule(), "account.invitation");
  asked["invitation"] = secret;
  asked["password"] = "short";
  EXPECT_EQ(browser().post("/api/v1/first", asked).rule(), "account.password.short");
  asked["password"] = kPassword;
  auto op = browser();
  EXPECT_EQ(op.post("/api/v1/first", asked).status, 201U);
  EXPECT_EQ(op.get("/api/v1/status").status, 200U);
  asked["name"] = "second";
  EXPECT_EQ(browser().post("/api/v1/first", asked).rule(), "account.invitation");
  EXPECT_EQ(server_->first_link(), "");
}

TEST_F(People, first_link_ends_after_a_day) {
  const auto link = server_->first_link();
  pass(kInvitationMs);
  const auto late = browser().post(
      "/api/v1/first",
      {{"invitation", link.substr(link.find('#') + 1)}, {"name", "op"}, {"password", kPassword}});
  EXPECT_EQ(late.rule(), "account.invitation");
}

TEST_F(People, session_ends_when_idle_when_old_and_when_left) {
  auto op = operator_browser();
  pass(kSessionIdleMs - 1);
  EXPECT_EQ(op.get("/api/v1/status").status, 200U);
  pass(kSessionIdleMs);
  EXPECT_EQ(op.get("/api/v1/status").status, 401U);
  ASSERT_EQ(op.sign_in("op").status, 200U);
  for (std::uint64_t spent = 0; spent + kSessionIdleMs / 2 < kSessionLifeMs;
       spent += kSessionIdleMs / 2) {
    EXPECT_EQ(op.get("/api/v1/status").status, 200U);
    pass(kSessionIdleMs / 2);
  }
  pass(kSessionIdleMs / 2);
  EXPECT_EQ(op.get("/api/v1/status").status, 401U);
  ASSERT_EQ(op.sign_in("op").status, 200U);
  const auto cookie = op.cookie;
  EXPECT_EQ(op.send("DELETE", "/api/v1/session").status, 200U);
  op.cookie = cookie;
  EXPECT_EQ(op.get("/api/v1/status").status, 401U);
}

TEST_F(People, page_that_asks_by_itself_keeps_nobody_in) {
  auto op = operator_browser();
  pass(kSessionIdleMs - 1);
  EXPECT_EQ(op.get("/api/v1/status", "X-Quiet: 1\r\n").status, 200U);
  pass(1);
  EXPECT_EQ(op.get("/api/v1/status").status, 401U);
}

TEST_F(People, session_survives_a_restart_and_its_secret_is_not_on_the_disk) {
  auto op = operator_browser();
  server_.reset();
  const auto secret = op.cookie.substr(op.cookie.find('=') + 1);
  for (const char* name : {"/accounts.db", "/accounts.db-wal"}) {
    const auto text = read_whole(room_.directory() + name);
    EXPECT_EQ(text.find(secret), std::string::npos);
    EXPECT_EQ(text.find(kPassword), std::string::npos);
  }
  start();
  Browser again = browser();
  again.cookie = cookie_name({true, false, {}, {}, server_->port()}) + "=" + secret;
  EXPECT_EQ(again.get("/api/v1/status").status, 200U);
}

TEST_F(People, cookie_given_beforehand_is_not_the_sessions) {
  operator_browser();
  auto victim = browser();
  victim.cookie = cookie_name({true, false, {}, {}, server_->port()}) + "=chosen-by-another";
  const auto chosen = victim.cookie;
  ASSERT_EQ(victim.sign_in("op").status, 200U);
  EXPECT_NE(victim.cookie, chosen);
  auto other = browser();
  other.cookie = chosen;
  EXPECT_EQ(other.get("/api/v1/status").status, 401U);
}

TEST_F(People, change_without_the_sessions_token_or_from_another_page_is_refused) {
  auto op = operator_browser();
  const auto csrf = op.csrf;
  op.csrf.clear();
  EXPECT_EQ(op.post("/api/v1/verify", Input::object()).rule(), "account.csrf");
  op.csrf = std::string(csrf.size(), 'A');
  EXPECT_EQ(op.post("/api/v1/verify", Input::object()).rule(), "account.csrf");
  op.csrf = csrf;
  EXPECT_EQ(op.post("/api/v1/verify", Input::object()).status, 200U);
  const auto foreign =
      op.raw("POST /api/v1/verify HTTP/1.1\r\nHost: " + op.host() +
             "\r\nOrigin: http://evil.test\r\nCookie: " + op.cookie + "\r\nX-CSRF-Token: " + csrf +
             "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
  EXPECT_EQ(foreign.status, 403U);
  EXPECT_EQ(foreign.rule(), "http.origin");
}

TEST_F(People, wrong_passwords_lock_the_account_for_a_while_and_longer_each_time) {
  auto op = operator_browser();
  auto guesser = browser();
  for (std::uint64_t i = 0; i < kFailuresOfAccount; ++i) {
    EXPECT_EQ(guesser.sign_in("op", "not the password").rule(), "account.password");
  }
  EXPECT_EQ(guesser.sign_in("op").rule(), "account.locked");  // even with the right one
  EXPECT_EQ(op.get("/api/v1/status").status, 200U);           // who is in stays in
  pass(kFirstLockMs);
  EXPECT_EQ(guesser.sign_in("op", "not the password").rule(), "account.password");
  pass(kFirstLockMs);
  EXPECT_EQ(guesser.sign_in("op").rule(), "account.locked");
  pass(kFirstLockMs);
  EXPECT_EQ(guesser.sign_in("op").status, 200U);
}

TEST_F(People, lock_of_an_account_survives_a_restart) {
  operator_browser();
  auto guesser = browser();
  for (std::uint64_t i = 0; i < kFailuresOfAccount; ++i) guesser.sign_in("op", "not the password");
  server_.reset();
  start();
  EXPECT_EQ(browser().sign_in("op").rule(), "account.locked");
}

TEST_F(People, address_that_tries_many_names_is_locked_and_names_that_are_not_tell_nothing) {
  operator_browser();
  auto guesser = browser();
  for (std::uint64_t i = 0; i < kFailuresOfAddress; ++i) {
    EXPECT_EQ(guesser.sign_in("nobody" + std::to_string(i)).rule(), "account.password");
  }
  EXPECT_EQ(guesser.sign_in("op").rule(), "account.locked");
}

TEST_F(People, role_allows_its_acts_and_no_others_and_the_answer_says_which) {
  auto op = operator_browser();
  auto clerk = browser_of(op, "经办一", "clerk");
  auto approver = browser_of(op, "书记", "approver");
  auto auditor = browser_of(op, "审计", "auditor");
  const auto logged = clerk.post("/api/v1/issues", kIssue);
  ASSERT_EQ(logged.status, 201U) << logged.body;
  const auto id = logged.json().at("id").get<std::string>();
  EXPECT_EQ(approver.post("/api/v1/issues", kIssue).rule(), "account.role");
  EXPECT_EQ(op.post("/api/v1/issues", kIssue).rule(), "account.role");
  EXPECT_EQ(auditor.post("/api/v1/issues/" + id + "/comment", {{"text", "x"}}).rule(),
            "account.role");
  EXPECT_EQ(clerk.get("/api/v1/accounts").rule(), "account.role");
  EXPECT_EQ(auditor.get("/api/v1/audit").status, 200U);
  EXPECT_TRUE(auditor.get("/api/v1/issues/" + id).json().at("permitted").empty());
  // Every act that is offered is one that the gate lets pass; every other is stopped by it.
  for (auto* who : {&clerk, &approver, &auditor}) {
    const auto issue = who->get("/api/v1/issues/" + id).json();
    std::set<std::string> permitted;
    for (const auto& act : issue.at("permitted")) permitted.insert(act.at("name"));
    for (const auto& act : issue.at("open_acts")) {
      const std::string name = act.at("name");
      const auto tried = who->send("POST", "/api/v1/issues/" + id + "/" + name, "[]");
      EXPECT_EQ(tried.rule() == "account.role", !permitted.contains(name)) << name;
    }
  }
}

TEST_F(People, password_is_asked_again_before_what_weighs) {
  auto op = operator_browser();
  pass(kConfirmedMs);
  const Input wanted{{"name", "x"}, {"password", kPassword}, {"roles", {"clerk"}}};
  EXPECT_EQ(op.post("/api/v1/accounts", wanted).rule(), "account.confirm");
  EXPECT_EQ(op.post("/api/v1/session/confirm", {{"password", "wrong one"}}).rule(),
            "account.confirm");
  EXPECT_EQ(op.post("/api/v1/session/confirm", {{"password", kPassword}}).status, 200U);
  EXPECT_EQ(op.post("/api/v1/accounts", wanted).status, 201U);
  EXPECT_TRUE(need_of_act("approve").confirm);
  EXPECT_TRUE(need_of_act("no such act").confirm);
}

TEST_F(People, last_operator_stays_one) {
  auto op = operator_browser();
  EXPECT_EQ(op.send("DELETE", "/api/v1/accounts/op").rule(), "account.last");
  EXPECT_EQ(op.post("/api/v1/accounts/op", {{"disabled", true}}).rule(), "account.last");
  EXPECT_EQ(op.post("/api/v1/accounts/op", {{"roles", {"clerk"}}}).rule(), "account.last");
}

TEST_F(People, account_that_is_disabled_is_out_at_once) {
  auto op = operator_browser();
  auto clerk = browser_of(op, "clerk1", "clerk");
  EXPECT_EQ(op.post("/api/v1/accounts/clerk1", {{"disabled", true}}).status, 200U);
  EXPECT_EQ(clerk.get("/api/v1/issues").status, 401U);
  EXPECT_EQ(clerk.sign_in("clerk1").rule(), "account.password");
}

TEST_F(People, token_has_its_scope_and_its_end) {
  auto op = operator_browser();
  EXPECT_EQ(op.post("/api/v1/tokens", {{"label", "x"}, {"scopes", {"clerk"}}, {"days", 1}}).rule(),
            "account.token.scopes");
  const auto made =
      op.post("/api/v1/tokens", {{"label", "wall"}, {"scopes", {"operator"}}, {"days", 1}});
  ASSERT_EQ(made.status, 201U) << made.body;
  const auto bearer =
      "Authorization: Bearer " + made.json().at("token").get<std::string>() + "\r\n";
  auto program = browser();
  EXPECT_EQ(program.get("/api/v1/status", bearer).status, 200U);
  EXPECT_EQ(program.post("/api/v1/issues", kIssue, bearer).rule(), "account.role");
  EXPECT_EQ(program.get("/api/v1/status", "Authorization: Bearer wrong\r\n").status, 401U);
  EXPECT_EQ(op.get("/api/v1/tokens").body.find(made.json().at("token")), std::string::npos);
  pass(std::uint64_t{24} * 3600 * 1000);
  EXPECT_EQ(program.get("/api/v1/status", bearer).status, 401U);
}

TEST_F(People, what_was_done_and_refused_is_in_the_audit_log) {
  auto op = operator_browser();
  auto clerk = browser_of(op, "clerk1", "clerk");
  const auto id = clerk.post("/api/v1/issues", kIssue).json().at("id").get<std::string>();
  clerk.post("/api/v1/issues/" + id + "/approve", {{"by", "书记"}});
  browser().sign_in("clerk1", "wrong password");
  const auto rows = op.get("/api/v1/audit?account=clerk1").json().at("audit");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("act"), "POST issues approve");
  EXPECT_EQ(rows[0].at("object"), id);
  EXPECT_EQ(rows[0].at("rule"), "account.role");
  EXPECT_EQ(rows[1].at("object"), id);
  EXPECT_EQ(rows[1].at("status"), 201);
  const auto failed = op.get("/api/v1/audit?object=clerk1&act=POST%20session").json().at("audit");
  ASSERT_EQ(failed.size(), 2U);
  EXPECT_EQ(failed[0].at("status"), 401);
  const auto csv = op.get("/api/v1/audit?format=csv&limit=2");
  EXPECT_TRUE(csv.field("Content-Type").starts_with("text/csv"));
  EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 3);
  const auto page = op.get("/api/v1/audit?limit=1").json();
  EXPECT_LT(
      op.get("/api/v1/audit?limit=1&before=" + page.at("next").dump()).json()["audit"][0]["id"],
      page["audit"][0]["id"]);
}

TEST_F(People, personal_fields_need_more_than_reading_and_the_look_is_told) {
  auto op = operator_browser();
  auto clerk = browser_of(op, "clerk1", "clerk");
  auto auditor = browser_of(op, "auditor1", "auditor");
  const std::string book = "/api/v1/registers/members";
  const Input fields{{"number", "1"}, {"name", "李小明"}, {"level", "市"}};
  const auto put = clerk.post(book, {{"entries", Input::array({Input{{"fields", fields}}})}});
  ASSERT_EQ(put.status, 200U) << put.body;
  EXPECT_EQ(auditor.post(book, {{"entries", Input::array()}}).rule(), "account.role");
  const std::vector<std::string> looks{book + "?full=1", book + "/csv?full=1",
                                       book + "/entry?key=1&full=1"};
  for (const auto& look : looks) {
    EXPECT_EQ(auditor.get(look).rule(), "account.role") << look;
    EXPECT_NE(clerk.get(look).body.find("李小明"), std::string::npos) << look;
  }
  const auto masked = auditor.get(book + "?full=0");
  EXPECT_EQ(masked.status, 200U);
  EXPECT_EQ(masked.body.find("李小明"), std::string::npos);
  pass(kConfirmedMs);
  for (const auto& look : looks) EXPECT_EQ(clerk.get(look).rule(), "account.confirm") << look;
  const auto rows = op.get("/api/v1/audit?account=auditor1").json().at("audit");
  ASSERT_EQ(rows.size(), 4U);  // the refused entries, three looks
  EXPECT_EQ(rows[0].at("act"), "GET registers entry full");
  EXPECT_EQ(rows[0].at("object"), "members");
  EXPECT_EQ(rows[0].at("rule"), "account.role");
}

TEST_F(People, answer_that_one_has_is_not_sent_again) {
  auto op = operator_browser();
  const auto first = op.get("/api/v1/topology");
  ASSERT_FALSE(first.field("ETag").empty());
  const auto again = op.get("/api/v1/topology", "If-None-Match: " + first.field("ETag") + "\r\n");
  EXPECT_EQ(again.status, 304U);
  EXPECT_EQ(again.body, "");
}

TEST_F(People, caller_who_is_too_fast_is_told_so_and_others_are_not) {
  auto op = operator_browser();
  auto anyone = browser();
  unsigned status = 0;
  for (int i = 0; i < 400 && status != 429; ++i) status = anyone.get("/api/v1/session").status;
  EXPECT_EQ(status, 429U);
  EXPECT_EQ(op.get("/api/v1/status").status, 200U);
  pass(1000);
  EXPECT_EQ(anyone.get("/api/v1/session").status, 200U);
}

TEST_F(People, connections_of_one_address_are_limited_and_the_socket_goes_on) {
  asio::io_context context;
  std::vector<asio::ip::tcp::socket> held;
  for (std::size_t i = 0; i < kMaxPeopleOfAddress; ++i) {
    held.emplace_back(context).connect({asio::ip::make_address("127.0.0.1"), server_->port()});
  }
  EXPECT_EQ(browser().get("/healthz").status, 503U);
  EXPECT_EQ(room_.get("/healthz").at("status"), 200);
  held.clear();
  unsigned status = 503;
  for (int i = 0; i < 10'000 && status != 200; ++i) status = browser().get("/healthz").status;
  EXPECT_EQ(status, 200U);
}

TEST_F(People, listener_outside_loopback_speaks_tls_with_a_certificate_of_its_own) {
  server_.reset();
  ServerOptions options;
  options.http = "0.0.0.0:0";
  auto server = room_.start_server(std::move(options));
  ASSERT_TRUE(server.ok()) << server.error().en;
  EXPECT_TRUE((*server)->origin().starts_with("https://"));
  EXPECT_NE(read_whole(room_.directory() + "/http.crt").find("BEGIN CERTIFICATE"),
            std::string::npos);
  EXPECT_EQ(Browser((*server)->port()).get("/").status, 0U);  // plain HTTP is not answered
}

TEST_F(People, address_and_certificate_that_cannot_be_are_refused_by_name) {
  server_.reset();
  for (const char* address : {"7380x", "nowhere:80", "127.0.0.1:99999", ""}) {
    ServerOptions options;
    options.http = *address == '\0' ? ":" : address;
    const auto server = room_.start_server(std::move(options));
    ASSERT_FALSE(server.ok()) << address;
    EXPECT_EQ(server.error().rule, "http.address");
  }
  ServerOptions options;
  options.http = "127.0.0.1:0";
  options.certificate = room_.directory() + "/store.db";
  const auto server = room_.start_server(std::move(options));
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().rule, "http.certificate");
}

TEST(Roles, are_read_and_written_alike) {
  for (const auto& role : kRoles) EXPECT_EQ(roles_from(role.id), role.bit);
  EXPECT_EQ(roles_from("clerk,approver"), static_cast<Roles>(kClerk | kApprover));
  EXPECT_EQ(roles_text(static_cast<Roles>(kClerk | kApprover)), "clerk,approver");
  EXPECT_FALSE(roles_from("clerk,king"));
}

}  // namespace
}  // namespace yishi::http
