// People before a node's listener: a browser of sorts, and a node with pages and a clock that is
// moved by hand.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "room.h"

namespace yishi::http {

namespace asio = boost::asio;

inline constexpr const char* kPassword = "灯-lights-of-the-village";
inline constexpr std::array<Asset, 3> kPages{
    {{"assets/a-1.js", "text/javascript; charset=utf-8", "\"a1\"", "let a = 1", "BR", "GZ"},
     {"favicon.ico", "image/x-icon", "\"f\"", "icon", {}, {}},
     {"index.html", "text/html; charset=utf-8", "\"i\"", "<!doctype html>", {}, {}}}};

struct Heard {
  unsigned status = 0;
  std::string head, body;
  Input json() const { return Input::parse(body, nullptr, false); }
  std::string rule() const { return json().value("rule", ""); }
  std::string field(const std::string& name) const {  // as the server writes it
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

// A browser of sorts on a server with pages: keeps its cookie and its CSRF token.
class Browser {
 public:
  explicit Browser(std::uint16_t port) : port_(port) {}

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  Heard raw(const std::string& request) const {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    boost::system::error_code error;
    asio::write(socket, asio::buffer(request), error);
    std::string all;
    std::array<char, 4096> piece{};
    error = {};
    while (!error) all.append(piece.data(), socket.read_some(asio::buffer(piece), error));
    Heard heard;
    if (!all.starts_with("HTTP/1.1 ")) return heard;
    const auto end = all.find("\r\n\r\n");
    heard.status = static_cast<unsigned>(std::stoul(all.substr(9, 3)));
    heard.head = all.substr(0, end + 2);
    heard.body = all.substr(end + 4);
    return heard;
  }
  Heard send(const std::string& method, const std::string& target, const std::string& body = {},
             const std::string& more = {}) {
    std::string request =
        method + ' ' + target + " HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n" + more;
    if (!cookie.empty()) request += "Cookie: a=b; " + cookie + "\r\n";
    if (method != "GET" && method != "HEAD") {
      request += "Origin: http://" + host() + "\r\n";
      if (!csrf.empty()) request += "X-CSRF-Token: " + csrf + "\r\n";
      request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    auto heard = raw(request + "\r\n" + body);
    const auto set = heard.field("Set-Cookie");
    if (!set.empty()) cookie = set.substr(0, set.find(';'));
    if (!set.empty() && heard.status < 300) csrf = heard.json().value("csrf", "");
    return heard;
  }
  Heard get(const std::string& target, const std::string& more = {}) {
    return send("GET", target, {}, more);
  }
  Heard post(const std::string& target, const Input& body, const std::string& more = {}) {
    return send("POST", target, body.dump(), more);
  }
  Heard sign_in(const std::string& name, const std::string& password = kPassword) {
    return post("/api/v1/session", {{"name", name}, {"password", password}});
  }

  std::string cookie, csrf;

 private:
  std::uint16_t port_;
};

// A node with a listener on a free port, pages, and a clock that is moved by hand.
class People : public testing::Test {
 protected:
  People() { start(); }

  void start() {
    room_.stop_server();
    ServerOptions options;
    options.now_ms = [this] { return now_.load(); };
    options.assets = kPages;
    options.http = listens_at_;
    options.request_time = request_time_;
    options.serve_public = serve_public_;
    options.pending_time = std::chrono::milliseconds(5);
    options.look_time = std::chrono::milliseconds(5);
    auto server = room_.start_server(std::move(options));
    YISHI_ASSERT(server.ok());
    server_ = std::move(server).value();
  }
  Browser browser() const { return Browser(server_->port()); }
  void pass(std::uint64_t ms) { now_ += ms; }

  // The first account, "op", signed in.
  Browser operator_browser() {
    Browser out = browser();
    const auto link = server_->first_link();
    const auto made = out.post(
        "/api/v1/first",
        {{"invitation", link.substr(link.find('#') + 1)}, {"name", "op"}, {"password", kPassword}});
    EXPECT_EQ(made.status, 201U) << made.body;
    return out;
  }
  Browser browser_of(Browser& op, const std::string& name, const std::string& role) {
    const auto made =
        op.post("/api/v1/accounts", {{"name", name}, {"password", kPassword}, {"roles", {role}}});
    EXPECT_EQ(made.status, 201U) << made.body;
    Browser out = browser();
    EXPECT_EQ(out.sign_in(name).status, 200U);
    return out;
  }

  // Of the next start.
  bool serve_public_ = false;
  std::chrono::milliseconds request_time_ = kRequestTime;
  std::string listens_at_ = "127.0.0.1:0";
  Room room_;
  std::atomic<std::uint64_t> now_{1'800'000'000'000};
  std::unique_ptr<Server> server_;
};

}  // namespace yishi::http
