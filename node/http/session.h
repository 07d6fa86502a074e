// One connection: reads a request within the limits, has it answered, writes the answer,
// and again while the client keeps the connection. For this folder only.
//
// Reading and writing on the thread of its executor; the answer is made by a worker. Lives
// as long as something of it is under way.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "node/http/message.h"

namespace yishi::http {

using Socket = boost::asio::local::stream_protocol::socket;

// Makes the answer to a request; hands it to `done` on whatever thread.
using Answerer = std::function<void(Request, std::function<void(Response)> done)>;

class Session : public std::enable_shared_from_this<Session> {
 public:
  // ended: called once, when the connection is gone.
  Session(Socket socket, std::chrono::milliseconds request_time, Answerer answerer,
          std::function<void()> ended);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void run();
  // Says why this connection is not served, and closes it.
  void refuse(const Error& error);

 private:
  using Code = boost::beast::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Reply = boost::beast::http::response<boost::beast::http::string_body>;

  void read_header();
  void look_for_header();
  void on_header_bytes(std::string_view header);
  void on_header(Code error);
  void send_continue();
  void read_body();
  void on_body(Code error, std::size_t bytes);
  void handle();
  void refuse_read(Code error);
  void write(Response response, bool keep);
  void on_written(Code error, bool keep);

  boost::beast::basic_stream<boost::asio::local::stream_protocol> stream_;
  std::chrono::milliseconds request_time_;
  Answerer answerer_;
  std::function<void()> ended_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<Reply> reply_;
  std::size_t body_bytes_ = 0;  // of this request's body as it came, framing included
  bool chinese_ = true;
};

}  // namespace yishi::http
