// The command line. A client of the API over the Unix socket in the data directory; what
// cannot go through a running node (making one, running one) comes in as Hooks, made in
// main.cpp, so that this folder knows nothing else of node/.
//
// Exit codes: 0 done; 1 refused (the rule and field are printed); 2 wrong usage; 3 the node
// cannot be reached; 4 verification found a fault; 5 the node or program failed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crypto/result.h"

namespace yishi::cli {

struct ServeOptions {  // file, flags and environment, merged; flags win over environment over file
  std::string data;
  std::string bind;    // tcp://host:port for children; empty: as the directory says
  std::string parent;  // overrides the parent's endpoint; empty: as the directory says
  std::string http;    // address:port for people; empty: none
  std::string http_certificate, http_key;  // PEM files; empty: made when needed
  bool serve_public = false;
  std::string http_names;  // with commas between
  std::string passphrase_file;
  std::string backup, backup_passphrase_file;  // folder of daily backups; empty: none
  std::string log_level = "info";
  std::string log_file;                                 // empty: standard error
  std::uint64_t status_interval_ms = 15'000;            // how often the frontier is told upward
  std::uint64_t scrub_interval_ms = 7ULL * 86'400'000;  // how often the store is looked through
  bool chinese = true;
};
struct CreateOptions {  // topology create: a network and its root's node
  std::string data, name, divisions, suite, policy, bind, advertise, passphrase_file;
  std::vector<std::string> roots;  // key files; none: a new key beside the data directory
  std::uint64_t threshold = 1;
  std::uint64_t operator_days = 0;  // how long the operator's key made here is good for
};
struct JoinOptions {  // prepare a data directory from a ticket
  std::string data, ticket, bind, advertise, passphrase_file;
};
struct RestoreOptions {  // a data directory from a backup; without a ticket it only reads
  std::string data, file, backup_passphrase, ticket, bind, advertise, passphrase_file;
};
struct Summary {  // what was made, in lines to print, and as fields for --json
  std::string zh, en;
  std::vector<std::pair<std::string, std::string>> fields;
};
struct VerifyOutcome {
  bool ok = false;
  Summary summary;
  std::vector<std::string> faults_zh, faults_en;
};

struct PolicyView {  // a policy that is in order, and its flow as text
  std::string id, zh, en, flow_zh, flow_en;
};
struct PolicyChange {  // empty: it is not there
  std::string path, before, after;
};

struct RepairOutcome {
  bool damaged = false;                         // something was found, and mended as far as it can
  std::vector<std::string> lines_zh, lines_en;  // what, and what became of it
};

struct RebuildOutcome {
  std::uint64_t rows = 0, records = 0, issues = 0;
  double seconds = 0;
};
using OnProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

struct Hooks {
  std::function<int(const ServeOptions&)> serve;  // returns an exit code when stopped
  std::function<Result<Summary>(const CreateOptions&)> create;
  std::function<Result<Summary>(const JoinOptions&)> join;
  std::function<Result<Summary>(const RestoreOptions&)> restore;
  std::function<Result<std::string>(const std::string& file)> backup_passphrase;
  std::function<Result<VerifyOutcome>(const std::string& data)> verify;  // when no node runs
  std::function<Result<RepairOutcome>(const std::string& data)> repair;
  std::function<Result<RebuildOutcome>(const std::string& data, const OnProgress&)> rebuild;
  std::function<Result<PolicyView>(const std::string& text)> view_policy;
  std::function<Result<std::vector<PolicyChange>>(const std::string& before,
                                                  const std::string& after)>
      compare_policies;
  std::string version;  // of the software
};

int run(int argc, char** argv, const Hooks& hooks);

}  // namespace yishi::cli
