// A small real node for the API's tests: a root with a turn on its own thread, a store on
// disk, a directory of four units, and a server on a socket. Only the transport is not real:
// there is no other node.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "crypto/random.h"
#include "node/http/client.h"
#include "node/http/json.h"
#include "node/http/server.h"
#include "node/turn/turn.h"
#include "topology/directory.h"

namespace yishi::http {

inline constexpr const char* kDistrict = "320803000000";
inline constexpr const char* kTownship = "320803001000";
inline constexpr const char* kVillage = "320803001001";
inline constexpr const char* kOtherVillage = "320803001002";

topology::Code code(std::string_view text);
std::string read_whole(const std::string& path);

// Nobody is there: nothing is delivered, and waiting ends when someone wakes it.
class EmptyTransport final : public sync::Transport {
 public:
  bool send_to_parent(View) override { return false; }
  bool send_to_child(const sync::PeerKey&, View) override { return false; }
  void poll(std::uint64_t timeout_ms, std::size_t max_bytes) override;
  std::vector<sync::Delivery> take_deliveries() override { return {}; }
  std::vector<sync::LineEvent> take_events() override { return {}; }
  void wake() override;
  Status connect(const std::optional<Upstream>&) override { return {}; }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  bool woken_ = false;
};

class Room {
 public:
  struct Settings {
    std::chrono::milliseconds request_time = kRequestTime;
    bool core = true;                        // false: the core thread never runs, so commands wait
    std::vector<sync::Record> records = {};  // in the node's log before it starts, asked by nobody
  };
  Room() : Room(Settings()) {}
  explicit Room(const Settings& settings);
  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  const std::string& directory() const { return directory_; }
  std::string socket() const { return socket_path(directory_); }
  Result<std::unique_ptr<Server>> start_server(std::chrono::milliseconds request_time);
  Result<std::unique_ptr<Server>> start_server(ServerOptions options);
  void stop_server() { server_->stop(); }

  // Through the client; "status" is put into what came back.
  Input get(const std::string& target, bool chinese = true) const;
  Input post(const std::string& target, const Input& body) const;
  Input post_text(const std::string& target, const std::string& body) const;
  // A change of the topology that the root signed, encoded.
  std::string signed_change(std::vector<topology::Operation> operations);
  // operator.key and secret in the data directory, as creating a network leaves them.
  void keep_operator_key() const;

 private:
  void make_network(const std::vector<sync::Record>& records);

  std::string directory_;
  crypto::SystemRandom random_;
  turn::SystemClock clock_;
  crypto::PrivateKey root_ = crypto::PrivateKey::generate(crypto::Suite::kEd25519Sha256);
  turn::Keys keys_{crypto::PrivateKey::generate(crypto::Suite::kEd25519Sha256),
                   crypto::PrivateKey::generate(crypto::Suite::kEd25519Sha256)};
  crypto::Digest network_;
  EmptyTransport transport_;
  turn::Board board_;
  turn::Mailbox mailbox_{[this] { transport_.wake(); }};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<turn::Turn> turn_;
  std::atomic<bool> ending_{false};
  std::thread core_;
  std::unique_ptr<Server> server_;
};

}  // namespace yishi::http
