#include "node/http/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>

#include "node/http/message.h"
#include "node/http/socket_path.h"

namespace yishi::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace protocol = boost::beast::http;
using Stream = beast::basic_stream<asio::local::stream_protocol>;

constexpr std::uint32_t kMaxAnswerHeaderBytes = 16 * 1024;

Error unreachable(const std::string& directory) {
  return {"http.unreachable", directory,
          "联系不上数据目录 " + directory + " 的节点：请先用 yishi serve --data " + directory +
              " 启动它，或用 --data 指定正确的目录",
          "cannot reach the node of data directory " + directory +
              ": start it with `yishi serve --data " + directory +
              "`, or name the right directory with --data"};
}

Error failed(const beast::error_code& error, const std::string& directory) {
  if (error == beast::error::timeout) {
    return {"http.timeout", directory, "数据目录 " + directory + " 的节点没有在规定时间内答复",
            "the node of data directory " + directory + " did not answer in time"};
  }
  return {"http.answer", directory, "数据目录 " + directory + " 的节点答复有误：" + error.message(),
          "the node of data directory " + directory + " answered wrongly: " + error.message()};
}

// One request on one connection: write, then read whatever is answered. A node that
// refuses early answers before it has read everything, so a failed write is no end.
class Exchange {
 public:
  Exchange() : stream_(context_) { parser_.body_limit(kMaxAnswerBytes); }

  beast::error_code connect(const std::string& path) {
    beast::error_code error;
    stream_.socket().connect(asio::local::stream_protocol::endpoint(path), error);
    return error;
  }

  beast::error_code run(const protocol::request<protocol::string_body>& request,
                        std::chrono::seconds time) {
    beast::error_code outcome;
    parser_.header_limit(kMaxAnswerHeaderBytes);
    stream_.expires_after(time);
    protocol::async_write(stream_, request, [](beast::error_code, std::size_t) {});
    protocol::async_read(stream_, buffer_, parser_,
                         [&outcome](beast::error_code error, std::size_t) { outcome = error; });
    context_.run();
    return outcome;
  }

  Answer answer() { return {parser_.get().result_int(), std::move(parser_.get().body())}; }

 private:
  asio::io_context context_;
  Stream stream_;
  beast::flat_buffer buffer_;
  protocol::response_parser<protocol::string_body> parser_;
};

}  // namespace

std::string socket_path(const std::string& data_directory) {
  return data_directory + (data_directory.ends_with('/') ? "" : "/") + "api.sock";
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos)) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

Result<Answer> Client::get(const std::string& target) const {
  return request("GET", target, {}, kAnswerTime);
}

Result<Answer> Client::post(const std::string& target, const std::string& json,
                            std::chrono::seconds time) const {
  return request("POST", target, json, time);
}

Result<Answer> Client::remove(const std::string& target) const {
  return request("DELETE", target, {}, kAnswerTime);
}

Result<Answer> Client::request(const char* method, const std::string& target,
                               const std::string& json, std::chrono::seconds time) const {
  const auto path = ReachablePath::of(socket_path(directory_));
  if (!path) return unreachable(directory_);
  Exchange exchange;
  if (exchange.connect(path->text())) return unreachable(directory_);
  const auto verb = protocol::string_to_verb(method);
  protocol::request<protocol::string_body> message(verb, target, kHttp11);
  message.set(protocol::field::host, "localhost");
  message.set(protocol::field::accept_language, chinese_ ? "zh" : "en");
  message.keep_alive(false);
  if (verb == protocol::verb::post) {
    message.set(protocol::field::content_type, "application/json");
    message.body() = json;
    message.prepare_payload();
  }
  if (const auto error = exchange.run(message, time)) return failed(error, directory_);
  return exchange.answer();
}

}  // namespace yishi::http
