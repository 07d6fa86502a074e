#include "node/data_directory.h"

#include <algorithm>
#include <filesystem>

#include "crypto/key_file.h"
#include "node/directory_draft.h"

namespace yishi::node {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxTicketFileBytes = 64 * 1024;

Result<std::optional<turn::Admission::Joining>> open_ticket(const std::string& directory) {
  const auto path = directory + "/ticket";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::optional<turn::Admission::Joining>();
  auto bytes = crypto::load_private_file(path, kMaxTicketFileBytes);
  if (!bytes) return bytes.error();
  const std::string text(text_of(*bytes));
  const auto line = text.find('\n');
  auto ticket = topology::TicketText::parse(text.substr(0, line));
  if (!ticket) return ticket.error();
  const auto change =
      line == std::string::npos
          ? std::nullopt
          : from_base64url(text.substr(line + 1, text.find('\n', line + 1) - line - 1));
  if (!change) return unusable("ticket.file", path, "no change in its second line");
  return std::optional(turn::Admission::Joining{std::move(*ticket), *change});
}

}  // namespace

Result<OpenedKeys> open_keys(const std::string& directory, const std::string& passphrase_file) {
  auto passphrase = read_passphrase(directory, passphrase_file);
  if (!passphrase) return passphrase.error();
  auto node = crypto::load_key(directory + "/node.key", *passphrase);
  if (!node) return node.error();
  OpenedKeys opened{{std::move(*node), std::nullopt}, {}, std::nullopt};
  std::error_code ignored;
  if (fs::exists(directory + "/topology.key", ignored)) {
    auto topology = crypto::load_key(directory + "/topology.key", *passphrase);
    if (!topology) return topology.error();
    opened.keys.topology = std::move(*topology);
  }
  auto secret = crypto::load_private_file(directory + "/curve.key", sync::PeerKey{}.size());
  if (!secret) return secret.error();
  if (secret->size() != sync::PeerKey{}.size()) {
    return unusable("file.size", directory + "/curve.key", "32 B expected");
  }
  sync::PeerKey curve{};
  std::copy(secret->begin(), secret->end(), curve.begin());
  opened.curve = sync::curve_from_secret(curve);
  auto joining = open_ticket(directory);
  if (!joining) return joining.error();
  opened.joining = std::move(*joining);
  return opened;
}

}  // namespace yishi::node
