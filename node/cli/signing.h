// Signing changes of the topology with an operator's key, here, where the key is: the node
// is given signed changes and never the key.
#pragma once

#include <memory>
#include <vector>

#include "crypto/key.h"
#include "node/cli/catalog.h"
#include "topology/change.h"

namespace yishi::cli {

// What every signing command takes: --key, --passphrase-file.
std::vector<Option> signing_options();

struct Signing {  // what the node said, and the key
  crypto::Digest network;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  Json context = Json::object();
  std::shared_ptr<const crypto::PrivateKey> key;  // null when it failed
};
struct Prepared {
  Signing signing;
  std::optional<Outcome> failed;
};
// target: of the context, with the units asked for.
Prepared prepare_signing(const Invocation& invocation, const std::string& target);

// Signs the operations, in changes of at most kMaxOperations, and hands them in. On
// success json is the node's answer {version}.
Outcome hand_in(const Invocation& invocation, const Signing& signing,
                std::vector<topology::Operation> operations);

}  // namespace yishi::cli
