// HTTP: the server's session on a pair of sockets, with an answerer that says what it was
// asked. The same bytes must be answered alike however the line cuts them, and every answer
// must be one that a client can read.
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "node/http/json.h"
#include "node/http/limits.h"
#include "node/http/session.h"
#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr std::size_t kMaxInputBytes = 60'000;  // fits a socket's buffer: nobody reads meanwhile
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::chrono::hours kNoHurry{1};
// An answer to HEAD says how long its body would be, and has none.
constexpr const char* kOfHead = "text/x-head";

http::Response say_what_was_asked(const http::Request& request) {
  YISHI_ASSERT(request.body.size() <= http::kMaxBodyBytes);
  YISHI_ASSERT(request.query.size() <= http::kMaxQueryFields);
  std::string text = request.method + ' ' + (request.chinese ? "zh" : "en");
  for (const auto& segment : request.segments) {
    YISHI_ASSERT(is_utf8(segment));
    text += '/' + segment;
  }
  for (const auto& [key, value] : request.query) text += '&' + key + '=' + value;
  const auto body = http::parse_object(request.body);
  text += body.ok() ? http::to_text(http::Json(*body)) : body.error().rule;
  return {200, request.method == "HEAD" ? kOfHead : "text/plain", text, {}};
}

// What comes back when the client sends these pieces, each after the one before was read.
std::string exchange(std::initializer_list<View> pieces) {
  asio::io_context context;
  asio::local::stream_protocol::socket client(context);
  asio::local::stream_protocol::socket server(context);
  asio::local::connect_pair(client, server);
  client.non_blocking(true);
  bool ended = false;
  http::make_session(
      http::Socket(std::move(server)),
      {{},
       kNoHurry,
       [](const http::Request& request, const std::function<void(http::Response)>& done) {
         done(say_what_was_asked(request));
       },
       [&] { ended = true; }})
      ->run();
  std::string got;
  std::string part(kReadBytes, '\0');
  beast::error_code error;
  const auto settle = [&] {
    while (context.poll() > 0) {
      const std::size_t count = client.read_some(asio::buffer(part), error);
      got.append(part.data(), count);
    }
  };
  for (const View piece : pieces) {
    asio::write(client, asio::buffer(piece.data(), piece.size()), error);
    settle();
  }
  client.shutdown(asio::socket_base::shutdown_send, error);
  settle();
  YISHI_ASSERT(ended);  // a client that hangs up holds nothing
  return got;
}

// Splits what came back into answers; all of it must be answers.
void hold_answers(std::string_view bytes) {
  beast::flat_buffer buffer;
  while (!bytes.empty()) {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    if (bytes.starts_with(kContinue)) {
      bytes.remove_prefix(kContinue.size());
      continue;
    }
    beast::http::response_parser<beast::http::string_body> parser;
    parser.eager(true);
    parser.skip(bytes.substr(0, bytes.find("\r\n\r\n")).find(kOfHead) != std::string_view::npos);
    beast::error_code error;
    const std::size_t used = parser.put(asio::buffer(bytes.data(), bytes.size()), error);
    YISHI_ASSERT(!error && parser.is_done());
    const unsigned status = parser.get().result_int();
    YISHI_ASSERT(status == 200 || (status >= 400 && status < 500));
    bytes.remove_prefix(used);
  }
}

}  // namespace

void fuzz_request(View input) {
  const View bytes = input.first(std::min(input.size(), kMaxInputBytes));
  const std::string whole = exchange({bytes});
  hold_answers(whole);
  const std::size_t cut = bytes.empty() ? 0 : bytes.back() * bytes.size() / 256;
  const std::string halves = exchange({bytes.first(cut), bytes.subspan(cut)});
  YISHI_ASSERT(whole == halves);
}

}  // namespace yishi::fuzz
