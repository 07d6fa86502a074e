#include "node/http/session.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <string_view>
#include <utility>

#include "node/http/limits.h"
#include "node/http/problem.h"

namespace yishi::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace protocol = boost::beast::http;

constexpr std::string_view kHeaderEnd = "\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kReadBytes = 4096;  // asked for at once while a header comes

Error bad_request(const std::string& why) {
  return {"http.malformed", "request", "请求不符合 HTTP/1.1（" + why + "）",
          "the request is not HTTP/1.1 (" + why + ")"};
}

Error header_too_long() {
  const std::string limit = std::to_string(kMaxHeaderBytes);
  return {"http.header.long", "header", "请求头超过 " + limit + " 字节",
          "the request's header is longer than " + limit + " bytes"};
}

Error body_too_long() {
  const std::string limit = std::to_string(kMaxBodyBytes);
  return {"http.body.long", "body", "请求内容超过 " + limit + " 字节",
          "the request's body is longer than " + limit + " bytes"};
}

// A field's line that goes on in the next (RFC 9112, section 5.2): readers disagree on it.
bool has_folded_line(std::string_view header) {
  return header.find("\r\n ") != std::string_view::npos ||
         header.find("\r\n\t") != std::string_view::npos;
}

Error named(const beast::error_code& error) {
  if (error == protocol::error::body_limit) return body_too_long();
  if (error == protocol::error::header_limit || error == protocol::error::buffer_overflow) {
    return header_too_long();
  }
  return bad_request(error.message());
}

}  // namespace

Session::Session(Socket socket, std::chrono::milliseconds request_time, Answerer answerer,
                 std::function<void()> ended)
    : stream_(std::move(socket)),
      request_time_(request_time),
      answerer_(std::move(answerer)),
      ended_(std::move(ended)),
      buffer_(kMaxHeaderBytes) {}

Session::~Session() { ended_(); }

void Session::run() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->read_header(); });
}

void Session::refuse(const Error& error) { write(problem(error, chinese_), false); }

// The whole header is read before it is parsed, so that its lines can be looked at as
// they came: the parser joins folded ones.
void Session::read_header() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(kMaxHeaderBytes));
  parser_->body_limit(kMaxBodyBytes);
  body_bytes_ = 0;
  chinese_ = true;
  stream_.expires_after(request_time_);
  look_for_header();
}

// Not asio::async_read_until: it works on a copy of a flat_buffer, and what it read is lost.
void Session::look_for_header() {
  const auto data = buffer_.cdata();
  const std::string_view bytes(static_cast<const char*>(data.data()), data.size());
  const auto end = bytes.find(kHeaderEnd);
  if (end != std::string_view::npos) return on_header_bytes(bytes.substr(0, end));
  if (bytes.size() >= kMaxHeaderBytes) return refuse(header_too_long());
  const auto room = std::min(kReadBytes, kMaxHeaderBytes - bytes.size());
  stream_.async_read_some(buffer_.prepare(room),
                          [self = shared_from_this()](Code error, std::size_t count) {
                            if (error) return;  // gone, or its time is over
                            self->buffer_.commit(count);
                            self->look_for_header();
                          });
}

void Session::on_header_bytes(std::string_view header) {
  if (has_folded_line(header)) return refuse(bad_request("obs-fold"));
  protocol::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](Code fault, std::size_t) { self->on_header(fault); });
}

void Session::on_header(Code error) {
  if (error) return refuse_read(error);
  const auto& header = parser_->get();
  const auto language = header[protocol::field::accept_language];
  chinese_ = prefers_chinese({language.data(), language.size()});
  if (beast::iequals(header[protocol::field::expect], "100-continue")) return send_continue();
  read_body();
}

void Session::send_continue() {
  asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = shared_from_this()](Code error, std::size_t) {
                      if (!error) self->read_body();
                    });
}

void Session::read_body() {
  if (parser_->is_done()) return handle();
  protocol::async_read_some(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](Code error, std::size_t bytes) { self->on_body(error, bytes); });
}

// The parser limits what it stores; what arrives beside it is counted here: a chunk of one
// byte costs five of framing, and a turn of this function.
void Session::on_body(Code error, std::size_t bytes) {
  if (error) return refuse_read(error);
  body_bytes_ += bytes;
  if (body_bytes_ > parser_->get().body().size() + kMaxFramingBytes) return refuse(body_too_long());
  read_body();
}

void Session::refuse_read(Code error) {
  const bool gone = error == protocol::error::end_of_stream ||
                    error == protocol::error::partial_message || error == beast::error::timeout ||
                    error.category() == asio::error::get_system_category();
  if (!gone) refuse(named(error));
}

void Session::handle() {
  auto message = parser_->release();
  Request request;
  request.chinese = chinese_;
  request.method = std::string(message.method_string());
  request.body = std::move(message.body());
  const auto target = message.target();
  const bool keep = message.keep_alive();
  if (const auto status = parse_target({target.data(), target.size()}, request); !status) {
    return write(problem(status.error(), chinese_), keep);
  }
  answerer_(std::move(request), [self = shared_from_this(), keep](Response response) {
    asio::post(self->stream_.get_executor(), [self, keep, made = std::move(response)]() mutable {
      self->write(std::move(made), keep);
    });
  });
}

void Session::write(Response response, bool keep) {
  reply_.emplace(static_cast<protocol::status>(response.status), kHttp11);
  reply_->set(protocol::field::content_type, response.type);
  reply_->set(protocol::field::cache_control, "no-store");
  reply_->set(protocol::field::content_language, chinese_ ? "zh" : "en");
  if (!response.allow.empty()) reply_->set(protocol::field::allow, response.allow);
  reply_->body() = std::move(response.body);
  reply_->keep_alive(keep);
  reply_->prepare_payload();
  stream_.expires_after(kReplyTime);
  protocol::async_write(stream_, *reply_,
                        [self = shared_from_this(), keep](Code error, std::size_t) {
                          self->on_written(error, keep);
                        });
}

void Session::on_written(Code error, bool keep) {
  reply_.reset();
  if (!error && keep) return read_header();
  Code ignored;
  stream_.socket().shutdown(Socket::shutdown_both, ignored);
}

}  // namespace yishi::http
