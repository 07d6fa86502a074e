// What lies in a data directory, and how one is made. All secrets have mode 0600, the
// directory 0700. Making one is all or nothing: it is built beside and renamed into place.
//
//   store.db, lock, reserve   node/store
//   node.key                  this node's signing key, encrypted PKCS#8
//   curve.key                 32 bytes: its CURVE secret
//   topology.key              the topology log's key; at the root only
//   operator.key              the root key, at the root only: better kept elsewhere
//   ticket                    while joining: the ticket's text and the change it signed
//   secret                    the passphrase of the keys, unless another file is named
//   backup.last               when the last good backup was made, and where
//   accounts.db               accounts, sessions, tokens, the audit log: node/store
//   matters.db, pending.db    what the public handed in; acts that can still be undone: node/store
//   http.crt, http.key        certificate of the pages, made by the node; off loopback only
//   api.sock                  the API, while a node runs
#pragma once

#include <optional>
#include <string>

#include "crypto/result.h"
#include "node/cli/cli.h"
#include "node/turn/admission.h"
#include "node/turn/clerk.h"
#include "sync/zmq_transport.h"

namespace yishi::node {

Result<cli::Summary> create_network(const cli::CreateOptions& options);
Result<cli::Summary> prepare_join(const cli::JoinOptions& options);
Result<cli::Summary> restore_backup(const cli::RestoreOptions& options);
// Of backups, in a file with mode 0600. Rules of load_private_file.
Result<std::string> read_backup_passphrase(const std::string& file);

struct OpenedKeys {
  turn::Keys keys;
  sync::CurvePair curve;
  std::optional<turn::Admission::Joining> joining;
};
Result<OpenedKeys> open_keys(const std::string& directory, const std::string& passphrase_file);

}  // namespace yishi::node
