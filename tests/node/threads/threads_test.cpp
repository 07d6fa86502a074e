// The core thread and the HTTP threads at once: a real turn, a real server, and clients that
// write and read together. It is run under the thread sanitizer; under the others it checks
// that what was answered is there.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
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
