#include "node/http/session.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <charconv>
#include <optional>
#include <sstream>
#include <string_view>
#include <type_traits>
#include <utility>

#include "node/http/feed.h"
#include "node/http/headers.h"
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

// RFC 9112, section 7.1.
std::string chunk_of(const std::string& bytes) {
  std::array<char, 2 * sizeof(std::size_t)> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  return std::string(size.data(), end) + "\r\n" + bytes + "\r\n";
}
constexpr std::string_view kLastChunk = "0\r\n\r\n";

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

using Plain = beast::basic_stream<asio::generic::stream_protocol>;
using Sealed = asio::ssl::stream<Plain>;

template <class Stream>
class Connection final : public Session, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  template <class... Arguments>
  explicit Connection(SessionSetup setup, Arguments&&... arguments)
      : stream_(std::forward<Arguments>(arguments)...),
        setup_(std::move(setup)),
        buffer_(kMaxHeaderBytes),
        stall_(stream_.get_executor()) {}
  ~Connection() override {
    if (feed_) feed_->leave();
    setup_.ended();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void run() override;
  void refuse(const Error& error) override { write(problem(error, chinese_), false); }

 private:
  using Code = beast::error_code;
  using Parser = protocol::request_parser<protocol::string_body>;
  using Reply = protocol::response<protocol::string_body>;

  auto& lowest() { return beast::get_lowest_layer(stream_); }
  void shake_hands();
  void read_header();
  void look_for_header();
  void on_header_bytes(std::string_view header);
  void on_header(Code error);
  void send_continue();
  void read_body();
  void on_body(Code error, std::size_t bytes);
  Status take_fields(Request& request) const;
  void handle();
  void refuse_read(Code error);
  void write(Response response, bool keep);
  void put_fields(const Response& response);
  void on_written(Code error, bool keep);
  void close();
  void begin_feed(Response response);
  void watch_reader();
  void feed();
  void send_out();
  void on_sent(Code error);

  Stream stream_;
  SessionSetup setup_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<Reply> reply_;
  std::size_t body_bytes_ = 0;  // of this request's body as it came, framing included
  bool chinese_ = true;
  bool head_ = false;  // the answer's body is not sent

  // A stream instead of an answer: nothing is read any more, and what comes is written.
  std::shared_ptr<Feed> feed_;
  std::string out_;  // on its way
  bool sending_ = false, last_ = false;
  asio::steady_timer stall_;  // a reader that takes nothing is left
};

template <class Stream>
void Connection<Stream>::run() {
  asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
    if constexpr (std::is_same_v<Stream, Sealed>) {
      self->shake_hands();
    } else {
      self->read_header();
    }
  });
}

// A client that says nothing, or speaks plain HTTP, is gone when its time is over.
template <class Stream>
void Connection<Stream>::shake_hands() {
  if constexpr (std::is_same_v<Stream, Sealed>) {
    lowest().expires_after(setup_.request_time);
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [self = this->shared_from_this()](Code error) {
                              if (!error) self->read_header();
                            });
  }
}

// The whole header is read before it is parsed, so that its lines can be looked at as
// they came: the parser joins folded ones.
template <class Stream>
void Connection<Stream>::read_header() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(kMaxHeaderBytes));
  parser_->body_limit(kMaxBodyBytes);
  body_bytes_ = 0;
  chinese_ = true;
  lowest().expires_after(setup_.request_time);
  look_for_header();
}

// Not asio::async_read_until: it works on a copy of a flat_buffer, and what it read is lost.
template <class Stream>
void Connection<Stream>::look_for_header() {
  const auto data = buffer_.cdata();
  const std::string_view bytes(static_cast<const char*>(data.data()), data.size());
  const auto end = bytes.find(kHeaderEnd);
  if (end != std::string_view::npos) return on_header_bytes(bytes.substr(0, end));
  if (bytes.size() >= kMaxHeaderBytes) return refuse(header_too_long());
  const auto room = std::min(kReadBytes, kMaxHeaderBytes - bytes.size());
  stream_.async_read_some(buffer_.prepare(room),
                          [self = this->shared_from_this()](Code error, std::size_t count) {
                            if (error) return;  // gone, or its time is over
                            self->buffer_.commit(count);
                            self->look_for_header();
                          });
}

template <class Stream>
void Connection<Stream>::on_header_bytes(std::string_view header) {
  if (has_folded_line(header)) return refuse(bad_request("obs-fold"));
  protocol::async_read_header(
      stream_, buffer_, *parser_,
      [self = this->shared_from_this()](Code fault, std::size_t) { self->on_header(fault); });
}

template <class Stream>
void Connection<Stream>::on_header(Code error) {
  if (error) return refuse_read(error);
  const auto& header = parser_->get();
  const auto language = header[protocol::field::accept_language];
  chinese_ = prefers_chinese({language.data(), language.size()});
  if (beast::iequals(header[protocol::field::expect], "100-continue")) return send_continue();
  read_body();
}

template <class Stream>
void Connection<Stream>::send_continue() {
  asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = this->shared_from_this()](Code error, std::size_t) {
                      if (!error) self->read_body();
                    });
}

template <class Stream>
void Connection<Stream>::read_body() {
  if (parser_->is_done()) return handle();
  protocol::async_read_some(stream_, buffer_, *parser_,
                            [self = this->shared_from_this()](Code error, std::size_t bytes) {
                              self->on_body(error, bytes);
                            });
}

// The parser limits what it stores; what arrives beside it is counted here: a chunk of one
// byte costs five of framing, and a turn of this function.
template <class Stream>
void Connection<Stream>::on_body(Code error, std::size_t bytes) {
  if (error) return refuse_read(error);
  body_bytes_ += bytes;
  if (body_bytes_ > parser_->get().body().size() + kMaxFramingBytes) return refuse(body_too_long());
  read_body();
}

template <class Stream>
void Connection<Stream>::refuse_read(Code error) {
  const bool gone = error == protocol::error::end_of_stream ||
                    error == protocol::error::partial_message || error == beast::error::timeout ||
                    error.category() == asio::error::get_system_category();
  if (!gone) refuse(named(error));
}

// A field that counts and comes twice is refused: two readers would take two different ones.
template <class Stream>
Status Connection<Stream>::take_fields(Request& request) const {
  for (const auto name : kFields) {
    const auto [first, last] =
        parser_->get().equal_range(beast::string_view(name.data(), name.size()));
    if (first == last) continue;
    if (std::next(first) != last) return bad_request(std::string(name) + " given twice");
    request.fields.emplace(name, std::string(first->value()));
  }
  return {};
}

template <class Stream>
void Connection<Stream>::handle() {
  Request request;
  if (const auto status = take_fields(request); !status) return refuse(status.error());
  auto message = parser_->release();
  request.chinese = chinese_;
  request.door = setup_.door;
  request.method = std::string(message.method_string());
  head_ = message.method() == protocol::verb::head;
  request.body = std::move(message.body());
  const auto target = message.target();
  const bool keep = message.keep_alive();
  if (const auto status = parse_target({target.data(), target.size()}, request); !status) {
    return write(problem(status.error(), chinese_), keep);
  }
  setup_.answerer(std::move(request), [self = this->shared_from_this(), keep](Response response) {
    asio::post(self->stream_.get_executor(), [self, keep, made = std::move(response)]() mutable {
      self->write(std::move(made), keep);
    });
  });
}

template <class Stream>
void Connection<Stream>::put_fields(const Response& response) {
  reply_.emplace(static_cast<protocol::status>(response.status), kHttp11);
  reply_->set(protocol::field::content_type, response.type);
  reply_->set(protocol::field::cache_control, "no-store");
  reply_->set(protocol::field::content_language, chinese_ ? "zh" : "en");
  if (!response.allow.empty()) reply_->set(protocol::field::allow, response.allow);
  for (const auto& [name, value] : security_fields(setup_.door)) reply_->set(name, value);
  for (const auto& [name, value] : response.fields) reply_->set(name, value);
}

template <class Stream>
void Connection<Stream>::write(Response response, bool keep) {
  if (response.feed) return begin_feed(std::move(response));
  put_fields(response);
  reply_->keep_alive(keep);
  const auto length = response.body.size();
  if (!head_) reply_->body() = std::move(response.body);
  reply_->prepare_payload();
  if (head_) reply_->content_length(length);
  head_ = false;
  lowest().expires_after(kReplyTime);
  protocol::async_write(stream_, *reply_,
                        [self = this->shared_from_this(), keep](Code error, std::size_t) {
                          self->on_written(error, keep);
                        });
}

template <class Stream>
void Connection<Stream>::on_written(Code error, bool keep) {
  reply_.reset();
  if (!error && keep) return read_header();
  close();
}

template <class Stream>
void Connection<Stream>::close() {
  Code ignored;
  lowest().socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

template <class Stream>
void Connection<Stream>::begin_feed(Response response) {
  feed_ = std::move(response.feed);
  put_fields(response);
  reply_->keep_alive(false);
  reply_->chunked(true);
  std::ostringstream head;
  head << reply_->base();
  reply_.reset();
  out_ = head.str();
  lowest().expires_never();  // the stream's own timer is for what is written
  feed_->on_ready([weak = this->weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    asio::post(self->stream_.get_executor(), [self] { self->feed(); });
  });
  watch_reader();
  send_out();
}

// It has nothing more to say: whatever comes, and the end of it, ends the stream. This read is
// also what keeps the connection.
template <class Stream>
void Connection<Stream>::watch_reader() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(1), [self = this->shared_from_this()](Code, std::size_t) {
    self->feed_->leave();
    self->stall_.cancel();
    self->close();
  });
}

template <class Stream>
void Connection<Stream>::feed() {
  if (sending_ || last_) return;
  last_ = feed_->finished();
  const std::string ready = feed_->take();
  if (ready.empty() && !last_) return;
  out_ = ready.empty() ? std::string() : chunk_of(ready);
  if (last_) out_ += kLastChunk;
  send_out();
}

template <class Stream>
void Connection<Stream>::send_out() {
  sending_ = true;
  stall_.expires_after(kReplyTime);
  stall_.async_wait([weak = this->weak_from_this()](Code stopped) {
    const auto self = weak.lock();
    if (!stopped && self) self->close();
  });
  asio::async_write(
      stream_, asio::buffer(out_),
      [self = this->shared_from_this()](Code error, std::size_t) { self->on_sent(error); });
}

template <class Stream>
void Connection<Stream>::on_sent(Code error) {
  sending_ = false;
  stall_.cancel();
  if (error || last_) return close();
  feed();
}

}  // namespace

std::shared_ptr<Session> make_session(Socket socket, SessionSetup setup) {
  if (setup.tls == nullptr) {
    return std::make_shared<Connection<Plain>>(std::move(setup), std::move(socket));
  }
  auto& tls = *setup.tls;
  return std::make_shared<Connection<Sealed>>(std::move(setup), Plain(std::move(socket)), tls);
}

}  // namespace yishi::http
