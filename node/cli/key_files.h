// Keys of people, in files of theirs: root keys and operators' keys. No node and no network is
// needed to make one or to sign with it, so that a root key never has to see a machine that has
// either.
//
// FILE         the private key, PKCS#8, encrypted, mode 0600
// FILE.secret  its passphrase, mode 0600, when none was given: to be kept apart from it
// FILE.pub     one line: suite, blank, the public key in hex
#pragma once

#include <string>
#include <vector>

#include "crypto/key.h"
#include "node/cli/catalog.h"

namespace yishi::cli {

// passphrase_file: empty looks for FILE.secret and then for fallback_secret.
Result<crypto::PrivateKey> load_person_key(const std::string& path,
                                           const std::string& passphrase_file,
                                           const std::string& fallback_secret);
// Rule "key.exists" when a file is there already: no key is ever written over.
Status save_person_key(const std::string& path, const crypto::PrivateKey& key,
                       const std::string& passphrase_file);

struct PublicFile {
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  crypto::PublicKey key;
};
Result<PublicFile> read_public_key(const std::string& path);  // rule "key.public"

std::vector<Command> key_commands();  // topology root-key, operator-key

}  // namespace yishi::cli
