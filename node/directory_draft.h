// A data directory in the making: built in a folder beside its place and renamed into it,
// or gone without a trace. One thread.
#pragma once

#include <string>
#include <utility>

#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/result.h"
#include "node/store/database.h"
#include "sync/zmq_transport.h"
#include "topology/ticket.h"

namespace yishi::node {

class DirectoryDraft {
 public:
  // Rule "data.exists" when the place is taken by anything but an empty folder.
  static Result<DirectoryDraft> make(const std::string& target);
  DirectoryDraft(DirectoryDraft&& other) noexcept
      : path_(std::exchange(other.path_, {})),
        target_(std::move(other.target_)),
        passphrase_(std::move(other.passphrase_)) {}
  DirectoryDraft& operator=(DirectoryDraft&&) = delete;
  ~DirectoryDraft();

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  // The passphrase of every key saved here: of the file that is named, or a new one that is
  // kept beside the keys. Call first.
  Status choose_passphrase(const std::string& file, crypto::Random& random);
  Status save_key(std::string_view name, const crypto::PrivateKey& key) const;
  Result<sync::CurvePair> make_curve(crypto::Random& random) const;
  Status finish();

 private:
  DirectoryDraft(std::string path, std::string target)
      : path_(std::move(path)), target_(std::move(target)) {}
  std::string path_, target_, passphrase_;
};

store::Identity new_identity(const crypto::Digest& network, crypto::Suite suite,
                             const topology::Code& unit, std::uint64_t now_ms,
                             crypto::Random& random);

// Read, and good by this machine's clock (rules "ticket.…", "clock.behind"); never nothing.
Result<std::optional<topology::TicketText>> usable_ticket(const std::string& text,
                                                          std::uint64_t now_ms);
// New keys in the draft, and the ticket with the change that it signs for them.
Status make_ticket_file(DirectoryDraft& draft, const topology::TicketText& ticket,
                        const std::string& endpoint, std::uint64_t now_ms, crypto::Random& random);

// Where children will connect: what is advertised, or else what is bound; empty when neither
// is given. Rule "transport.endpoint" names the field.
Result<std::string> reachable_endpoint(const std::string& bind, const std::string& advertise);

Error unusable(std::string_view rule, const std::string& path, const std::string& why);
Result<Bytes> read_file(const std::string& path, std::size_t max_bytes);
// Of the file that is named, or the one in the data directory.
Result<std::string> read_passphrase(const std::string& directory, const std::string& file);

}  // namespace yishi::node
