#include "node/http/tcp_door.h"

#include <unistd.h>

#include <array>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/strand.hpp>
#include <charconv>
#include <filesystem>

#include "crypto/certificate.h"
#include "crypto/key_file.h"
#include "node/http/limits.h"

namespace yishi::http {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using Tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds kDoorPause{100};  // when there is no file handle left

Error bad_address(const std::string& text) {
  return {"http.address", "http",
          "--http 应当是 地址:端口（如 127.0.0.1:7380）或端口，不是 " + text,
          "--http must be ADDRESS:PORT (127.0.0.1:7380) or a port, not " + text};
}

Error no_door(const std::string& address, const std::string& why) {
  return {"http.bind", "http", "不能在 " + address + " 上提供页面：" + why,
          "cannot serve pages on " + address + ": " + why};
}

Error bad_certificate(const std::string& path, const std::string& why) {
  return {"http.certificate", path, "证书或其密钥不能使用：" + path + "：" + why,
          "the certificate or its key cannot be used: " + path + ": " + why};
}

Result<Tcp::endpoint> parse_endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon);
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t number = 0;
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || fault != std::errc() || end != port.data() + port.size()) return bad_address(text);
  return Tcp::endpoint(address, number);
}

// Both files, or neither and then both are made: a lost half is the operator's to look at.
Status ensure_certificate(const std::string& certificate, const std::string& key,
                          std::vector<std::string> names) {
  if (std::filesystem::exists(certificate) && std::filesystem::exists(key)) return {};
  names.insert(names.end(), {"localhost", "127.0.0.1", "::1"});
  boost::system::error_code ignored;
  if (auto host = asio::ip::host_name(ignored); !ignored && !host.empty()) names.push_back(host);
  const auto made = crypto::make_certificate(names, kCertificateDays);
  if (!made) return made.error();
  if (auto status = crypto::save_private_file(key, view_of(made->key_pem)); !status) return status;
  return crypto::save_private_file(certificate, view_of(made->certificate_pem));
}

}  // namespace

Result<std::unique_ptr<TcpDoor>> TcpDoor::open(asio::io_context& context, TcpDoorOptions options,
                                               Answerer answerer) {
  const auto endpoint = parse_endpoint(options.address);
  if (!endpoint) return endpoint.error();
  std::unique_ptr<TcpDoor> door(new TcpDoor(context, std::move(options), std::move(answerer)));
  auto& given = door->options_;
  if (!given.certificate.empty() || !endpoint->address().is_loopback()) {
    if (given.certificate.empty()) {
      if (!endpoint->address().is_unspecified()) {
        given.names.push_back(endpoint->address().to_string());
      }
      given.certificate = given.directory + "/http.crt";
      given.key = given.directory + "/http.key";
      const auto status = ensure_certificate(given.certificate, given.key, given.names);
      if (!status) return status.error();
    }
    if (auto status = door->open_tls(); !status) return status.error();
  }
  if (auto status = door->bind(*endpoint); !status) return status.error();
  return door;
}

Status TcpDoor::open_tls() {
  auto& tls = tls_.emplace(ssl::context::tls_server);
  boost::system::error_code error;
  tls.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                      ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 |
                      ssl::context::single_dh_use,
                  error);
  if (!error) tls.use_certificate_chain_file(options_.certificate, error);
  if (error) return bad_certificate(options_.certificate, error.message());
  const auto& key = options_.key.empty() ? options_.certificate : options_.key;
  tls.use_private_key_file(key, ssl::context::pem, error);
  if (error) return bad_certificate(key, error.message());
  return {};
}

Status TcpDoor::bind(const Tcp::endpoint& endpoint) {
  boost::system::error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return no_door(options_.address, error.message());
  return {};
}

std::uint16_t TcpDoor::port() const {
  boost::system::error_code ignored;
  return acceptor_.local_endpoint(ignored).port();
}

std::string TcpDoor::origin() const {
  boost::system::error_code ignored;
  const auto address = acceptor_.local_endpoint(ignored).address();
  std::string host = address.is_unspecified() ? "localhost" : address.to_string();
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port());
}

void TcpDoor::accept() {
  acceptor_.async_accept(asio::make_strand(context_),
                         [this](const boost::system::error_code& error, Tcp::socket socket) {
                           on_accepted(error, std::move(socket));
                         });
}

void TcpDoor::on_accepted(const boost::system::error_code& error, Tcp::socket socket) {
  if (error == asio::error::operation_aborted) return;
  boost::system::error_code gone;
  const auto peer = error ? Tcp::endpoint() : socket.remote_endpoint(gone);
  const auto local = error || gone ? Tcp::endpoint() : socket.local_endpoint(gone);
  if (error) {
    pause_.expires_after(kDoorPause);
    pause_.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped) accept();
    });
    return;
  }
  if (!gone) {
    socket.set_option(Tcp::no_delay(true), gone);
    const std::string address = peer.address().to_string();
    const bool room = crowd_->enter(address);
    SessionSetup setup{{true, tls_.has_value(), address, local.address().to_string(), local.port()},
                       options_.request_time,
                       answerer_,
                       [crowd = crowd_, address] { crowd->leave(address); },
                       tls_ ? &*tls_ : nullptr};
    if (room) {
      make_session(Socket(std::move(socket)), std::move(setup))->run();
    } else if (!tls_) {
      make_session(Socket(std::move(socket)), std::move(setup))
          ->refuse(
              {"http.busy", "", "连接过多，请稍候再试", "too many connections; try again later"});
    } else {
      crowd_->leave(address);
    }
  }
  accept();
}

bool Crowd::enter(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const std::size_t all = ++count_;
  const std::size_t of_address = ++of_address_[address];
  return all <= kMaxPeople && of_address <= kMaxPeopleOfAddress;
}

void Crowd::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  --count_;
  const auto found = of_address_.find(address);
  if (found != of_address_.end() && --found->second == 0) of_address_.erase(found);
}

void TcpDoor::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace yishi::http
