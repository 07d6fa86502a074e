// The core thread and the HTTP threads at once: a real turn, a real server, and clients that
// write and read together. It is run under the thread sanitizer; under the others it checks
// that what was answered is there.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <set>
#include <thread>

#include "node/http/client.h"
#include "node/http/server.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

// No neighbours; only the waiting and the waking are real.
class NoTransport final : public sync::Transport {
 public:
  bool send_to_parent(View) override { return false; }
  bool send_to_child(const sync::PeerKey&, View) override { return false; }
  void poll(std::uint64_t timeout_ms, std::size_t) override {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return rung_; });
    rung_ = false;
  }
  std::vector<sync::Delivery> take_deliveries() override { return {}; }
  std::vector<sync::LineEvent> take_events() override { return {}; }
  void wake() override {
    std::lock_guard lock(mutex_);
    rung_ = true;
    woken_.notify_one();
  }
  Status connect(const std::optional<Upstream>&) override { return {}; }

 private:
  std::mutex mutex_;
  std::condition_variable woken_;
  bool rung_ = false;
};

constexpr char kIssue[] =
    R"({"title":"路灯不亮","text":"村口","category":"environment","budget_yuan":8000,"by":"市"})";

// Reads a stream of events until it has told of so many issues.
std::set<std::string> issues_told(const std::string& socket_path, std::size_t count) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::local::stream_protocol::socket socket(context);
  socket.connect(asio::local::stream_protocol::endpoint(socket_path));
  asio::write(socket, asio::buffer(std::string("GET /api/v1/events HTTP/1.1\r\nHost: x\r\n"
                                               "Last-Event-ID: 0-0\r\n\r\n")));
  const std::string before = "data: {\"id\":\"";
  std::set<std::string> told;
  std::string text;
  std::array<char, 4096> piece{};
  boost::system::error_code error;
  while (told.size() < count && !error) {
    text.append(piece.data(), socket.read_some(asio::buffer(piece), error));
    for (auto at = text.find(before); at != std::string::npos; at = text.find(before)) {
      const auto end = text.find('"', at + before.size());
      if (end == std::string::npos) break;
      told.insert(text.substr(at + before.size(), end - at - before.size()));
      text.erase(0, end);
    }
  }
  return told;
}

TEST(Threads, WritersAndReadersTogetherLoseNothing) {
  constexpr int kWriters = 3;
  constexpr int kEach = 12;
  SimulatedNetwork network;
  network.kill(kCity);
  auto& city = network.at(kCity);
  auto database = store::Database::open(city.directory, store::Access::kWriter);
  ASSERT_TRUE(database.ok()) << database.error().en;
  NoTransport transport;
  Mailbox mailbox([&] { transport.wake(); });
  Board board;
  SystemClock clock;
  crypto::SystemRandom random;
  Turn turn(**database, transport, mailbox, board, clock, random, city.keys, {}, {});
  ASSERT_TRUE(turn.start().ok());
  std::atomic<bool> stop = false;
  std::thread core([&] {
    while (!stop) EXPECT_TRUE(turn.run_once(100).ok());
  });
  auto server =
      http::Server::start({city.directory, http::socket_path(city.directory), 1}, mailbox, board);
  ASSERT_TRUE(server.ok()) << server.error().en;

  std::atomic<int> written = 0;
  std::vector<std::thread> people;
  for (int i = 0; i < kWriters; ++i) {
    people.emplace_back([&] {
      for (int k = 0; k < kEach; ++k) {
        const auto answer = http::Client(city.directory).post("/api/v1/issues", kIssue);
        EXPECT_TRUE(answer.ok() && answer->status == 201) << (answer ? answer->body : "");
        if (answer && answer->status == 201) ++written;
      }
    });
  }
  people.emplace_back([&] {
    for (int k = 0; k < 2 * kEach; ++k) {
      for (const auto* path : {"/api/v1/status", "/api/v1/issues", "/api/v1/report"}) {
        const auto answer = http::Client(city.directory).get(path);
        EXPECT_TRUE(answer.ok() && answer->ok()) << path;
      }
    }
  });
  people.emplace_back([&] {
    const std::size_t all = kWriters * kEach;
    EXPECT_EQ(issues_told(http::socket_path(city.directory), all).size(), all);
  });
  for (auto& person : people) person.join();
  EXPECT_EQ(written, kWriters * kEach);
  stop = true;
  transport.wake();
  core.join();
  mailbox.close();
  (*server)->stop();
  EXPECT_EQ(store::Issues(**database).count(), static_cast<std::uint64_t>(kWriters * kEach));
}

}  // namespace
}  // namespace yishi::turn
