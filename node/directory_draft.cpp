#include "node/directory_draft.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "crypto/key_file.h"
#include "node/data_directory.h"
#include "sync/endpoint.h"

namespace yishi::node {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPassphraseBytes = 24;
constexpr std::size_t kMaxPassphraseFileBytes = 1024;

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<std::string> passphrase_in(const std::string& file) {
  auto bytes = crypto::load_private_file(file, kMaxPassphraseFileBytes);
  if (!bytes) return bytes.error();
  return trimmed(std::string(text_of(*bytes)));
}

}  // namespace

Error unusable(std::string_view rule, const std::string& path, const std::string& why) {
  return {std::string(rule), path, "无法处理 " + path + "：" + why,
          "cannot use " + path + ": " + why};
}

Result<Bytes> read_file(const std::string& path, std::size_t max_bytes) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return unusable("file.read", path, error.message());
  if (size > max_bytes) return unusable("file.size", path, "> " + std::to_string(max_bytes) + " B");
  std::ifstream in(path, std::ios::binary);
  return Bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

Result<DirectoryDraft> DirectoryDraft::make(const std::string& target) {
  std::error_code error;
  if (fs::exists(target, error) && !fs::is_empty(target, error)) {
    return Error{"data.exists", "data", "目录已存在且不为空：" + target,
                 "the directory exists and is not empty: " + target};
  }
  auto path = fs::path(target).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  auto pattern = path.string() + ".new-XXXXXX";
  if (!::mkdtemp(pattern.data())) return unusable("data.create", pattern, "mkdtemp");
  return DirectoryDraft(pattern, path.string());
}

DirectoryDraft::~DirectoryDraft() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Status DirectoryDraft::finish() {
  std::error_code error;
  fs::remove(target_, error);  // an empty folder, or nothing
  fs::rename(path_, target_, error);
  if (error) return unusable("data.create", target_, error.message());
  path_.clear();
  return {};
}

Status DirectoryDraft::choose_passphrase(const std::string& given, crypto::Random& random) {
  if (given.empty()) {
    passphrase_ = to_base64url(random.bytes(kPassphraseBytes));
    return crypto::save_private_file(file("secret"), view_of(passphrase_ + "\n"));
  }
  auto passphrase = passphrase_in(given);
  if (!passphrase) return passphrase.error();
  passphrase_ = std::move(*passphrase);
  return {};
}

Status DirectoryDraft::save_key(std::string_view name, const crypto::PrivateKey& key) const {
  return crypto::save_key(file(name), key, passphrase_);
}

Result<sync::CurvePair> DirectoryDraft::make_curve(crypto::Random& random) const {
  sync::PeerKey secret{};
  random.fill(secret);
  auto status = crypto::save_private_file(file("curve.key"), secret);
  if (!status.ok()) return status.error();
  return sync::curve_from_secret(secret);
}

store::Identity new_identity(const crypto::Digest& network, crypto::Suite suite,
                             const topology::Code& unit, std::uint64_t now_ms,
                             crypto::Random& random) {
  store::Identity identity;
  identity.network = network;
  identity.suite = suite;
  identity.unit = unit;
  random.fill(identity.incarnation);
  identity.created_ms = now_ms;
  return identity;
}

Result<std::string> reachable_endpoint(const std::string& bind, const std::string& advertise) {
  if (!bind.empty()) {
    auto listens = sync::parse_endpoint(bind, sync::EndpointUse::kListen, "bind");
    if (!listens) return listens.error();
  }
  const auto& endpoint = advertise.empty() ? bind : advertise;
  if (endpoint.empty()) return std::string();
  auto reached = sync::parse_endpoint(endpoint, sync::EndpointUse::kConnect,
                                      advertise.empty() ? "bind" : "advertise");
  if (!reached) return reached.error();
  return endpoint;
}

Result<std::string> read_backup_passphrase(const std::string& file) { return passphrase_in(file); }

Result<std::string> read_passphrase(const std::string& directory, const std::string& file) {
  return passphrase_in(file.empty() ? directory + "/secret" : file);
}

}  // namespace yishi::node
