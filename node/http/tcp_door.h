// The listener for people: TCP, on loopback in plain HTTP, anywhere else in TLS 1.2 or 1.3
// only. For this folder only.
//
// start() binds; accepting begins with the io_context. At most kMaxPeople connections, and
// kMaxPeopleOfAddress of one address; the next is told 503 (in TLS: closed).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "node/http/session.h"

namespace yishi::http {

struct TcpDoorOptions {
  std::string directory;           // where a certificate is made
  std::string address;             // "127.0.0.1:7380", "7380", "[::1]:7380", "0.0.0.0:7443"
  std::string certificate, key;    // PEM files of the operator's own; empty: made when needed
  std::vector<std::string> names;  // host names for the certificate, besides addresses
  std::chrono::milliseconds request_time;
};

// Connections, in all and by address. Any thread.
class Crowd {
 public:
  bool enter(const std::string& address);  // false: too many; counted all the same
  void leave(const std::string& address);

 private:
  std::mutex mutex_;
  std::map<std::string, std::size_t> of_address_;
  std::size_t count_ = 0;
};

class TcpDoor {
 public:
  // Rules "http.address", "http.bind", "http.certificate".
  static Result<std::unique_ptr<TcpDoor>> open(boost::asio::io_context& context,
                                               TcpDoorOptions options, Answerer answerer);
  void accept();
  void close();
  std::uint16_t port() const;
  std::string origin() const;  // "http://127.0.0.1:7380"

 private:
  using Tcp = boost::asio::ip::tcp;
  TcpDoor(boost::asio::io_context& context, TcpDoorOptions options, Answerer answerer)
      : options_(std::move(options)),
        answerer_(std::move(answerer)),
        context_(context),
        acceptor_(context),
        pause_(context) {}
  Status bind(const Tcp::endpoint& endpoint);
  Status open_tls();
  void on_accepted(const boost::system::error_code& error, Tcp::socket socket);

  TcpDoorOptions options_;
  Answerer answerer_;
  boost::asio::io_context& context_;
  Tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::optional<boost::asio::ssl::context> tls_;
  // Who is inside. The last connections end with the io_context, after this object.
  std::shared_ptr<Crowd> crowd_ = std::make_shared<Crowd>();
};

}  // namespace yishi::http
