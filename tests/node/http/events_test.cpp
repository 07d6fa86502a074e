// Streams of events: what changed is told, and told again to one that was away; a stream ends
// with its session; too many are refused, and hold up nobody.
#include <boost/asio/local/stream_protocol.hpp>

#include "node/http/feed.h"
#include "people.h"

namespace yishi::http {
namespace {

// A client that reads a stream as far as a test wants it.
template <class Protocol>
class Listener {
 public:
  Listener(const typename Protocol::endpoint& where, const std::string& more) : socket_(context_) {
    socket_.connect(where);
    asio::write(socket_, asio::buffer("GET /api/v1/events HTTP/1.1\r\n" + more + "\r\n"));
  }
  // What has come when `text` is there, and is taken; all there is when the stream ends before.
  std::string until(const std::string& text) {
    while (true) {
      const auto at = heard_.find(text);
      if (at != std::string::npos) {
        auto out = heard_.substr(0, at + text.size());
        heard_.erase(0, at + text.size());
        return out;
      }
      std::array<char, 4096> piece{};
      boost::system::error_code error;
      heard_.append(piece.data(), socket_.read_some(asio::buffer(piece), error));
      if (error) return std::exchange(heard_, {}) + " (over)";
    }
  }
  // The id of the next event of that kind.
  std::string id_of(const std::string& kind) {
    until("event: " + kind + "\nid: ");
    auto id = until("\n");
    id.pop_back();
    return id;
  }

 private:
  asio::io_context context_;
  typename Protocol::socket socket_;
  std::string heard_;
};
using AtSocket = Listener<asio::local::stream_protocol>;
using AtDoor = Listener<asio::ip::tcp>;

const std::string kChunkEnd = "0\r\n\r\n";

AtSocket listen(const Room& room, const std::string& more = {}) {
  return AtSocket(asio::local::stream_protocol::endpoint(room.socket()), "Host: x\r\n" + more);
}

std::string log_one(const Room& room, const char* title) {
  const auto answer = room.post(
      "/api/v1/issues",
      {{"title", title}, {"text", "三盏不亮"}, {"category", "公共设施"}, {"home", kVillage}});
  EXPECT_EQ(answer.at("status"), 201) << answer.dump();
  return answer.value("id", "");
}

TEST(Events, what_changes_is_told_to_all_who_listen) {
  const Room room;
  auto first = listen(room);
  auto second = listen(room);
  first.until("event: ready\n");
  second.until("event: ready\n");
  const auto id = log_one(room, "路灯");
  for (auto* one : {&first, &second}) {
    EXPECT_FALSE(one->id_of("issue").empty());
    const auto data = one->until("\n\n");
    EXPECT_NE(data.find(id), std::string::npos) << data;
    EXPECT_NE(data.find("路灯"), std::string::npos) << data;
  }
}

TEST(Events, status_is_told_when_a_stream_begins) {
  const Room room;
  auto stream = listen(room);
  const auto told = stream.until("event: status\n");
  EXPECT_NE(told.find("HTTP/1.1 200"), std::string::npos);
  EXPECT_NE(told.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(stream.until("\n\n").find("已存本机（本级为最高一级）"), std::string::npos);
}

TEST(Events, what_was_missed_is_told_to_one_who_says_what_it_saw_last) {
  const Room room;
  std::string seen;
  {
    auto stream = listen(room);
    stream.until("event: ready\n");
    log_one(room, "一");
    seen = stream.id_of("issue");
  }
  const auto missed = log_one(room, "二");
  auto again = listen(room, "Last-Event-ID: " + seen + "\r\n");
  EXPECT_NE(again.id_of("issue"), seen);
  const auto data = again.until("\n\n");
  EXPECT_NE(data.find(missed), std::string::npos) << data;
  // And nothing that it had seen.
  EXPECT_EQ(again.until("event: status").find("event: issue"), std::string::npos);
}

TEST(Events, one_who_saw_what_is_not_known_here_reads_all_anew) {
  const Room room;
  for (const char* id : {"999999-0", "0-999999", "12", "x-y", "-", "99999999999999999999999-1"}) {
    auto stream = listen(room, "Last-Event-ID: " + std::string(id) + "\r\n");
    EXPECT_NE(stream.until("event: status").find("event: reset"), std::string::npos) << id;
  }
}

TEST(Events, more_than_a_stream_is_to_carry_at_once_is_one_event) {
  const Room room;
  auto stream = listen(room);
  const auto before = stream.id_of("ready");
  Input issues = Input::array();
  for (std::size_t i = 0; i <= kMaxEventsAtOnce; ++i) {
    issues.push_back({{"title", "第" + std::to_string(i) + "件"},
                      {"text", "三盏不亮"},
                      {"category", "公共设施"},
                      {"home", kVillage}});
  }
  ASSERT_EQ(room.post("/api/v1/import", {{"issues", issues}}).at("status"), 200);
  EXPECT_NE(stream.id_of("reset"), before);
  auto again = listen(room, "Last-Event-ID: " + before + "\r\n");
  EXPECT_NE(again.until("event: status").find("event: reset"), std::string::npos);
}

TEST(Events, written_entry_of_a_register_is_told) {
  const Room room;
  auto stream = listen(room);
  stream.until("event: ready\n");
  const auto wrote = room.post(
      "/api/v1/registers/rooms",
      {{"entries",
        {{{"unit", kVillage}, {"fields", {{"name", "一村议事室"}, {"kind", "territory"}}}}}}});
  ASSERT_EQ(wrote.at("status"), 200) << wrote.dump();
  stream.id_of("register");
  EXPECT_NE(stream.until("\n\n").find("\"rooms\""), std::string::npos);
}

TEST(Events, streams_beyond_the_limit_are_refused_and_one_that_goes_makes_room) {
  const Room room;
  std::vector<std::unique_ptr<AtSocket>> held;
  const asio::local::stream_protocol::endpoint where(room.socket());
  for (std::size_t i = 0; i < kMaxStreamsOfCaller; ++i) {
    held.push_back(std::make_unique<AtSocket>(where, "Host: x\r\n"));
    held.back()->until("event: ready");
  }
  EXPECT_NE(listen(room, "Connection: close\r\n").until("never").find("http.streams"),
            std::string::npos);
  EXPECT_EQ(room.get("/api/v1/status").at("status"), 200);
  held.clear();
  std::string told;
  while (told.find("event: ready") == std::string::npos) {
    told = AtSocket(where, "Host: x\r\nConnection: close\r\n").until("event: ready");
  }
}

TEST(Events, server_stops_while_streams_are_open) {
  Room room;
  auto stream = listen(room);
  stream.until("event: ready\n");
  room.stop_server();
  EXPECT_NE(stream.until("never").find("(over)"), std::string::npos);
}

class Streams : public People {
 protected:
  AtDoor listen_as(const Browser& who) const {
    return AtDoor({asio::ip::make_address("127.0.0.1"), server_->port()},
                  "Host: " + who.host() + "\r\nCookie: " + who.cookie + "\r\n");
  }
};

TEST_F(Streams, stranger_is_refused) { EXPECT_EQ(browser().get("/api/v1/events").status, 401U); }

TEST_F(Streams, quiet_stream_beats) {
  auto op = operator_browser();
  auto stream = listen_as(op);
  stream.until("event: status");
  EXPECT_EQ(stream.until("\n: \n\n").find("(over)"), std::string::npos);
}

TEST_F(Streams, end_with_the_sign_out) {
  auto op = operator_browser();
  auto stream = listen_as(op);
  stream.until("event: ready");
  ASSERT_EQ(op.send("DELETE", "/api/v1/session").status, 200U);
  EXPECT_EQ(stream.until("event: end").find("(over)"), std::string::npos);
  EXPECT_NE(stream.until("never").find(kChunkEnd + " (over)"), std::string::npos);
}

TEST_F(Streams, keep_no_session_alive) {
  auto op = operator_browser();
  pass(kSessionIdleMs - 1000);
  auto stream = listen_as(op);
  stream.until("event: ready");
  pass(2000);
  EXPECT_EQ(stream.until("event: end").find("(over)"), std::string::npos);
  EXPECT_EQ(op.get("/api/v1/status").status, 401U);
}

TEST(Feed, reader_that_is_too_slow_is_cut_off) {
  Feed feed;
  const auto piece = std::make_shared<const std::string>(kMaxFeedBytes / 4, 'x');
  for (int i = 0; i < 4; ++i) feed.push(piece);
  EXPECT_FALSE(feed.over());
  feed.push(piece);
  EXPECT_TRUE(feed.over());
  EXPECT_TRUE(feed.finished());
  EXPECT_EQ(feed.take(), "");
}

TEST(Feed, what_was_pushed_before_the_end_is_still_taken) {
  Feed feed;
  feed.push(std::make_shared<const std::string>("a"));
  feed.push(std::make_shared<const std::string>("b"));
  feed.end();
  EXPECT_FALSE(feed.finished());
  EXPECT_EQ(feed.take(), "ab");
  EXPECT_TRUE(feed.finished());
}

}  // namespace
}  // namespace yishi::http
