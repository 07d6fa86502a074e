// What a hostile client may try on the socket, and that an honest one is served meanwhile.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fstream>

#include "node/http/limits.h"
#include "room.h"

namespace yishi::http {
namespace {

namespace asio = boost::asio;

// Bytes as they are, to the server and back.
class Raw {
 public:
  explicit Raw(const Room& room) : socket_(context_) {
    socket_.connect(asio::local::stream_protocol::endpoint(room.socket()));
  }
  // The server may answer and close before it has read all.
  Raw& send(const std::string& bytes) {
    boost::system::error_code ignored;
    asio::write(socket_, asio::buffer(bytes), ignored);
    return *this;
  }
  std::string until_closed() {
    std::string all;
    std::array<char, 4096> piece{};
    boost::system::error_code error;
    while (!error) {
      const auto count = socket_.read_some(asio::buffer(piece), error);
      all.append(piece.data(), count);
    }
    return all;
  }

 private:
  asio::io_context context_;
  asio::local::stream_protocol::socket socket_;
};

std::string status_line_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? answer.substr(9, 3) : "closed: " + answer.substr(0, 40);
}

std::string told(const Room& room, const std::string& bytes) {
  return Raw(room).send(bytes).until_closed();
}

const std::string kGet = "GET /api/v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
const std::string kPost = "POST /api/v1/journal HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

std::string chunk(std::size_t bytes) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx", bytes);
  return std::string(size.data()) + "\r\n" + std::string(bytes, 'x') + "\r\n";
}

TEST(Attack, honest_request_is_answered) {
  const Room room;
  EXPECT_EQ(status_line_of(told(room, kGet + "\r\n")), "200");
}

TEST(Attack, half_a_header_is_cut_off_when_its_time_is_over_and_others_are_served_meanwhile) {
  Room::Settings settings;
  settings.request_time = std::chrono::milliseconds(300);
  const Room room(settings);
  Raw slow(room);
  slow.send("GET /api/v1/status HTTP/1.1\r\nX-Slow: ");
  EXPECT_EQ(status_line_of(told(room, kGet + "\r\n")), "200");
  EXPECT_EQ(slow.until_closed(), "");  // closed without an answer
}

TEST(Attack, half_a_body_is_cut_off_when_its_time_is_over) {
  Room::Settings settings;
  settings.request_time = std::chrono::milliseconds(300);
  const Room room(settings);
  Raw slow(room);
  slow.send(kPost + "Content-Length: 100\r\n\r\n{\"lines\"");
  EXPECT_EQ(slow.until_closed(), "");
}

TEST(Attack, header_of_50000_fields_is_refused_by_its_size) {
  const Room room;
  std::string header = kGet;
  for (int i = 0; i < 50'000; ++i) header += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(status_line_of(told(room, header + "\r\n")), "431");
  EXPECT_EQ(room.get("/api/v1/status").at("status"), 200);
}

TEST(Attack, header_without_end_is_refused_at_the_limit) {
  const Room room;
  EXPECT_EQ(status_line_of(told(room, kGet + "X: " + std::string(2 * kMaxHeaderBytes, 'a'))),
            "431");
}

TEST(Attack, declared_body_over_the_limit_is_refused_before_it_is_sent) {
  const Room room;
  const auto length = std::to_string(kMaxBodyBytes + 1);
  EXPECT_EQ(status_line_of(told(room, kPost + "Content-Length: " + length + "\r\n\r\n")), "413");
}

TEST(Attack, chunked_body_over_the_limit_is_refused_while_it_comes) {
  const Room room;
  std::string request = kPost + "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t sent = 0; sent <= kMaxBodyBytes + 65'536; sent += 65'536)
    request += chunk(65'536);
  EXPECT_EQ(status_line_of(told(room, request + "0\r\n\r\n")), "413");
}

TEST(Attack, chunks_of_one_byte_are_refused_by_what_they_cost_on_the_wire) {
  const Room room;
  std::string request = kPost + "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t wire = 0; wire <= 2 * kMaxFramingBytes; wire += 6) request += "1\r\nx\r\n";
  EXPECT_EQ(status_line_of(told(room, request)), "413");
}

TEST(Attack, content_length_together_with_transfer_encoding_is_refused) {
  const Room room;
  EXPECT_EQ(
      status_line_of(told(room, kPost + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        "0\r\n\r\n")),
      "400");
}

TEST(Attack, content_length_given_twice_is_refused) {
  const Room room;
  EXPECT_EQ(status_line_of(told(room, kPost + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")),
            "400");
}

TEST(Attack, folded_header_line_is_refused) {
  const Room room;
  EXPECT_EQ(status_line_of(told(room, kGet + "X-Long: one\r\n two\r\n\r\n")), "400");
  EXPECT_EQ(status_line_of(told(room, kGet + "X-Long: one\r\n\ttwo\r\n\r\n")), "400");
}

TEST(Attack, what_is_not_http_is_refused) {
  const Room room;
  EXPECT_EQ(status_line_of(told(room, "\x16\x03\x01\x02 hello\r\n\r\n")), "400");
  EXPECT_EQ(status_line_of(told(room, "GET /api/v1/status HTTP/9.9\r\n\r\n")), "400");
}

TEST(Attack, paths_that_climb_out_lead_nowhere) {
  const Room room;
  for (const char* path :
       {"/../../etc/passwd", "/api/v1/../../etc/passwd", "/api/v1/../v1/status",
        "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/api/v1/issues/..%2fstatus"}) {
    const auto answer = told(
        room, std::string("GET ") + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_line_of(answer), "404") << path;
  }
  EXPECT_EQ(
      status_line_of(told(room, "GET /api/v1/issues/%00 HTTP/1.1\r\nConnection: close\r\n\r\n")),
      "400");
  EXPECT_EQ(status_line_of(told(room, "GET /api/%zz HTTP/1.1\r\nConnection: close\r\n\r\n")),
            "400");
}

TEST(Attack, requests_sent_in_one_piece_are_answered_one_after_another) {
  const Room room;
  const std::string keep = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto answers = told(room, keep + keep + kGet + "\r\n");
  std::size_t count = 0;
  for (auto at = answers.find("HTTP/1.1 200"); at != std::string::npos;
       at = answers.find("HTTP/1.1 200", at + 1)) {
    ++count;
  }
  EXPECT_EQ(count, 3U);
}

TEST(Attack, connection_beyond_the_limit_is_told_so_and_one_that_ends_makes_room) {
  const Room room;
  std::vector<std::unique_ptr<Raw>> held;
  for (std::size_t i = 0; i < kMaxConnections; ++i) {
    held.push_back(std::make_unique<Raw>(room));
    held.back()->send("GET ");
  }
  EXPECT_EQ(status_line_of(told(room, kGet + "\r\n")), "503");
  held.clear();
  std::string status = "503";
  for (int i = 0; i < 10'000 && status == "503"; ++i)
    status = status_line_of(told(room, kGet + "\r\n"));
  EXPECT_EQ(status, "200");
}

TEST(Attack, reads_are_answered_while_a_command_waits_for_the_core_thread) {
  Room::Settings settings;
  settings.core = false;
  Room room(settings);
  Raw waiting(room);
  waiting.send(kPost + "Content-Length: 15\r\n\r\n{\"lines\":[\"x\"]}");
  EXPECT_EQ(room.get("/api/v1/status").at("status"), 200);
  room.stop_server();  // does not wait for the command's whole time
  EXPECT_EQ(waiting.until_closed(), "");
}

TEST(Server, socket_is_the_owners_alone) {
  const Room room;
  struct stat found {};
  ASSERT_EQ(::stat(room.socket().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(Server, second_server_on_a_living_socket_is_refused) {
  Room room;
  const auto second = room.start_server(kRequestTime);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().rule, "http.socket.busy");
  EXPECT_EQ(room.get("/healthz").at("status"), 200);
}

TEST(Server, socket_that_a_dead_process_left_is_replaced) {
  Room room;
  room.stop_server();
  {
    asio::io_context context;  // bound and closed, as after a kill: the file stays
    asio::local::stream_protocol::acceptor left(context, room.socket());
  }
  ASSERT_TRUE(std::filesystem::exists(room.socket()));
  const auto server = room.start_server(kRequestTime);
  ASSERT_TRUE(server.ok()) << server.error().en;
  EXPECT_EQ(room.get("/healthz").at("status"), 200);
}

TEST(Server, file_in_the_sockets_place_is_not_removed) {
  Room room;
  room.stop_server();
  std::ofstream(room.socket()) << "precious";
  const auto server = room.start_server(kRequestTime);
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().rule, "http.bind");
  EXPECT_TRUE(std::filesystem::exists(room.socket()));
}

TEST(Client, says_which_directory_and_what_to_do_when_no_node_answers) {
  const auto answer = Client("/nonexistent/room").get("/healthz");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().rule, "http.unreachable");
  EXPECT_NE(answer.error().en.find("yishi serve --data /nonexistent/room"), std::string::npos);
  EXPECT_NE(answer.error().zh.find("/nonexistent/room"), std::string::npos);
}

TEST(Client, reaches_a_socket_whose_path_is_longer_than_an_address_holds) {
  const Room room;
  const std::string deep = room.directory() + "/" + std::string(120, 'd');
  std::filesystem::create_directories(deep);
  std::filesystem::create_symlink(room.socket(), deep + "/api.sock");
  const auto answer = Client(deep).get("/healthz");
  ASSERT_TRUE(answer.ok()) << answer.error().en;
  EXPECT_EQ(answer->status, 200U);
}

}  // namespace
}  // namespace yishi::http
