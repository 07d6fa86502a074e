// What a Directory holds: units, nodes, operators and tickets in arrays, found by
// hash, pointing at each other by index. For this folder only.
//
// A unit's history is a row of chapters: name, parent and suspension as they were from
// a version on. Most units have one chapter; 1,723 units take about half a MiB.
// Questions cost O(depth), each with a search among the few chapters of a unit.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "topology/directory.h"

namespace yishi::topology {

using Index = std::uint32_t;
inline constexpr Index kNone = UINT32_MAX;

struct Chapter {
  Version since = 0;
  std::string name;
  Index parent = kNone;
  bool suspended = false;  // this unit itself, not one above it
  bool retired = false;    // its parent is its successor
};

struct UnitHistory {
  Code code;
  const Level* level = nullptr;
  std::vector<Chapter> chapters;  // never empty, by rising version
  std::vector<Index> children;    // newest, in no order
  std::vector<Index> nodes;       // in order of admission
};

struct NonceHash {
  std::size_t operator()(const std::array<std::uint8_t, kNonceBytes>& nonce) const;
};

struct DirectoryState {
  std::optional<crypto::Digest> pinned;
  crypto::Digest network;
  std::string network_name;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  Root root_keys;                                                    // no keys while empty
  std::unordered_set<crypto::Digest, crypto::DigestHash> ever_root;  // ids, former ones too
  std::optional<crypto::PublicKey> log_key;
  Version latest = 0;
  std::vector<std::uint64_t> times;  // of each version: the latest time stated up to it
  Index root = kNone;

  using KeyMap = std::unordered_map<crypto::Digest, Index, crypto::DigestHash>;
  std::vector<UnitHistory> units;
  std::unordered_map<Code, Index> unit_index;
  std::deque<Node> nodes;  // a deque: pointers in answers survive growth
  KeyMap node_by_key;
  KeyMap node_by_curve;  // speaking ones; a CURVE key is 32 bytes, as a Digest is
  std::deque<Operator> operators;
  KeyMap operator_by_key;
  std::deque<Ticket> tickets;
  KeyMap ticket_by_key;
  KeyMap ticket_by_curve;
  std::vector<Policy> policies;  // by rising version
  std::unordered_set<std::array<std::uint8_t, kNonceBytes>, NonceHash> nonces;

  std::uint64_t time_ms() const { return times.empty() ? 0 : times.back(); }
  Index find(const Code& code) const;  // kNone when unknown
  // The chapter that holds at `at`; nullptr when the unit was not there yet.
  const Chapter* chapter(Index unit, Version at) const;
  Index parent(Index unit, Version at) const;  // kNone for the root and where it was not
  bool inside(Index unit, Index ancestor, Version at) const;
  bool suspended(Index unit, Version at) const;
  std::size_t depth(Index unit) const;   // units from here up to the root, both counted
  std::size_t height(Index unit) const;  // units down to the deepest below, this one counted
  Index speaking(Index unit, Version at) const;    // index of its node, or kNone
  Index keeper(Index unit, Version at) const;      // index of a unit, or kNone
  bool key_known(const crypto::Digest& id) const;  // in whatever part it ever played
};

// nullopt when it is not 32 bytes.
std::optional<crypto::Digest> curve_id(View curve);

}  // namespace yishi::topology
