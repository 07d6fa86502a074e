#include "room.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/key_file.h"
#include "node/turn/ledger.h"

namespace yishi::http {
namespace {

std::string policy_text() {
  return read_whole(YISHI_SOURCE_DIR "/node/deliberation/policies/huaian.toml");
}

topology::UnitAdded added(const char* unit, const char* name, const char* level,
                          const char* parent) {
  const auto above = *parent == '\0' ? topology::Code() : code(parent);
  return {{code(unit), name, level, above, "division"}};
}

Input read(const Result<Answer>& answer) {
  if (!answer) {
    ADD_FAILURE() << answer.error().rule << " " << answer.error().en;
    return Input::object();
  }
  auto body = Input::parse(answer->body, nullptr, false);
  if (body.is_discarded()) {
    ADD_FAILURE() << "no JSON: " << answer->body;
    return Input::object();
  }
  body["status"] = answer->status;
  return body;
}

}  // namespace

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

topology::Code code(std::string_view text) {
  auto parsed = topology::Code::parse(text);
  YISHI_ASSERT(parsed.ok());
  return *parsed;
}

void EmptyTransport::poll(std::uint64_t timeout_ms, std::size_t) {
  std::unique_lock lock(mutex_);
  ready_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return woken_; });
  woken_ = false;
}

void EmptyTransport::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  ready_.notify_one();
}

Room::Room(const Settings& settings) {
  auto pattern = (std::filesystem::temp_directory_path() / "yishi-http-XXXXXX").string();
  YISHI_ASSERT(::mkdtemp(pattern.data()) != nullptr);
  directory_ = pattern;
  make_network(settings.records);
  auto database = store::Database::open(directory_, store::Access::kWriter);
  YISHI_ASSERT(database.ok());
  database_ = std::move(database).value();
  turn::TurnOptions options;
  options.software = "test";
  options.endpoint = "tcp://127.0.0.1:7400";
  turn_ = std::make_unique<turn::Turn>(*database_, transport_, mailbox_, board_, clock_, random_,
                                       keys_, std::nullopt, options);
  YISHI_ASSERT(turn_->start().ok());
  YISHI_ASSERT(turn_->run_once(0).ok());
  if (settings.core) {
    core_ = std::thread([this] {
      constexpr std::uint64_t kLongestWait = 1000;  // ms
      while (!ending_) YISHI_ASSERT(turn_->run_once(kLongestWait).ok());
    });
  }
  auto server = start_server(settings.request_time);
  YISHI_ASSERT(server.ok());
  server_ = std::move(server).value();
}

Room::~Room() {
  server_.reset();
  ending_ = true;
  transport_.wake();
  if (core_.joinable()) core_.join();
  mailbox_.close();
  turn_.reset();
  database_.reset();
  std::filesystem::remove_all(directory_);
}

void Room::make_network(const std::vector<sync::Record>& records) {
  const Bytes curve = random_.bytes(topology::kCurveKeyBytes);
  const auto now = clock_.now().wall_ms;
  const auto first =
      topology::sign_change(root_, {}, now,
                            {topology::NetworkCreated{"淮安",
                                                      crypto::Suite::kEd25519Sha256,
                                                      {root_.public_key().raw()},
                                                      keys_.topology->public_key().raw()},
                             added(kDistrict, "淮安区", "district", ""),
                             added(kTownship, "河下街道", "township", kDistrict),
                             added(kVillage, "一村", "village", kTownship),
                             added(kOtherVillage, "二村", "village", kTownship),
                             topology::NodeAdmitted{code(kDistrict), keys_.node.public_key().raw(),
                                                    curve, "tcp://192.0.2.1:7400"},
                             topology::PolicySet{"huaian", policy_text()}},
                            random_);
  network_ = topology::network_id(crypto::Suite::kEd25519Sha256, first);
  store::Identity identity{network_, crypto::Suite::kEd25519Sha256, code(kDistrict), {}, now};
  random_.fill(identity.incarnation);
  YISHI_ASSERT(store::Database::create(directory_, identity).ok());
  auto database = store::Database::open(directory_, store::Access::kWriter);
  YISHI_ASSERT(database.ok());
  turn::Ledger ledger(**database);
  YISHI_ASSERT((*database)->begin().ok());
  YISHI_ASSERT(ledger.write_topology(*keys_.topology, {first.encode()}, now, random_).ok());
  for (const auto& record : records) {
    YISHI_ASSERT(ledger.write(keys_.node, {record}, now).ok());
  }
  YISHI_ASSERT((*database)->commit().ok());
}

Result<std::unique_ptr<Server>> Room::start_server(std::chrono::milliseconds request_time) {
  ServerOptions options;
  options.request_time = request_time;
  return start_server(std::move(options));
}

Result<std::unique_ptr<Server>> Room::start_server(ServerOptions options) {
  options.directory = directory_;
  options.socket_path = socket();
  return Server::start(options, mailbox_, board_);
}

std::string Room::signed_change(std::vector<topology::Operation> operations) {
  const auto change =
      topology::sign_change(root_, network_, clock_.now().wall_ms, std::move(operations), random_);
  return to_base64url(change.encode());
}

void Room::keep_operator_key() const {
  YISHI_ASSERT(crypto::save_key(directory_ + "/operator.key", root_, "open sesame").ok());
  YISHI_ASSERT(crypto::save_private_file(directory_ + "/secret", view_of("open sesame\n")).ok());
}

Input Room::get(const std::string& target, bool chinese) const {
  return read(Client(directory_, chinese).get(target));
}

Input Room::post(const std::string& target, const Input& body) const {
  return post_text(target, body.dump());
}

Input Room::post_text(const std::string& target, const std::string& body) const {
  return read(Client(directory_).post(target, body));
}

}  // namespace yishi::http
