// Clients of the listener for people who do not come to an end: cut off when their time is over,
// with TLS and without. What else they try is in tests/e2e/attacks.py.
#include "people.h"

namespace yishi::http {
namespace {

class Doors : public People {
 protected:
  void listen_at(const char* address) {
    server_.reset();
    request_time_ = std::chrono::milliseconds(300);
    listens_at_ = address;
    start();
  }
};

TEST_F(Doors, half_a_header_is_cut_off_and_others_are_served_meanwhile) {
  listen_at("127.0.0.1:0");
  asio::io_context context;
  asio::ip::tcp::socket slow(context);
  slow.connect({asio::ip::make_address("127.0.0.1"), server_->port()});
  asio::write(slow, asio::buffer(std::string("GET / HTTP/1.1\r\nX-Slow: ")));
  EXPECT_EQ(browser().get("/healthz").status, 200U);
  std::array<char, 64> piece{};
  boost::system::error_code error;
  EXPECT_EQ(slow.read_some(asio::buffer(piece), error), 0U);
  EXPECT_EQ(error, asio::error::eof);
}

TEST_F(Doors, one_who_connects_to_tls_and_says_nothing_is_cut_off) {
  listen_at("0.0.0.0:0");
  asio::io_context context;
  asio::ip::tcp::socket silent(context);
  silent.connect({asio::ip::make_address("127.0.0.1"), server_->port()});
  std::array<char, 64> piece{};
  boost::system::error_code error;
  EXPECT_EQ(silent.read_some(asio::buffer(piece), error), 0U);
  EXPECT_TRUE(error == asio::error::eof || error == asio::error::connection_reset);
}

}  // namespace
}  // namespace yishi::http
