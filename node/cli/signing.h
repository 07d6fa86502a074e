// Signing changes of the topology with people's keys, here, where the keys are: the node is
// given signed changes and never a key. Every command that changes the topology can be tried
// (--dry-run: the node says what would change for whom) and can be written to a file instead of
// being sent (--propose FILE), which then goes from signer to signer (topology sign) and to the
// node (topology submit).
//
// A proposal, to the byte: lines; those that begin with # are for people; each other is a
// change (topology/change.h), signed or not, in base64url without padding. At most
// kMaxProposalBytes.
#pragma once

#include <memory>
#include <vector>

#include "crypto/key.h"
#include "node/cli/catalog.h"
#include "topology/change.h"

namespace yishi::cli {

inline constexpr std::size_t kMaxProposalBytes = std::size_t{16} << 20;

// What every signing command takes: --key, --passphrase-file, --dry-run, --propose.
std::vector<Option> signing_options();

struct Signing {  // what the node said, and the keys
  crypto::Digest network;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  Json context = Json::object();
  std::vector<std::shared_ptr<const crypto::PrivateKey>> keys;  // none for --propose
};
struct Prepared {
  Signing signing;
  std::optional<Outcome> failed;
};
// target: of the context, with the units asked for.
Prepared prepare_signing(const Invocation& invocation, const std::string& target);

// Signs the operations, in changes of at most kMaxOperations that take effect one after the
// other, and hands them in: on success json is the node's answer {version}, and there is no
// text. With --dry-run and --propose nothing is sent, and the text says what would have been.
Outcome hand_in(const Invocation& invocation, const Signing& signing,
                std::vector<topology::Operation> operations);
// Nothing took effect: it was a try or a proposal.
bool only_tried(const Invocation& invocation);

std::vector<Command> proposal_commands();  // topology sign, submit

}  // namespace yishi::cli
