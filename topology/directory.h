// The directory: who exists, who reports to whom, whose key speaks for whom, at
// every version of the topology.
//
// Folding the topology log's changes gives it. The version is the sequence of the
// topology log's entry that brought the change (1, 2, …). Every question takes a
// version, so that an act is judged by the topology its author knew; latest() is
// the newest. Nothing is ever forgotten: a moved unit had its old parent before.
//
// Not thread-safe while apply() runs; const questions are. A copy is a snapshot. Pointers
// and references in answers live until the next apply() or the end of this Directory.
// Questions about unknown codes give nullptr, nullopt or an empty code: that is an
// answer, not an error.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "topology/change.h"

namespace yishi::topology {

struct DirectoryState;  // directory_state.h; this folder only

using Version = std::uint64_t;

inline constexpr std::uint64_t kAllItWrote = UINT64_MAX;

// The topology log's entry that brings a change: its sequence and the time it states. What
// expires is judged by the latest time any entry stated so far, this one's included: never by
// the clock of who reads it, so that all judge alike; never by an earlier time than before,
// so that the log cannot be dated back to revive a key.
struct Stamp {
  Version version = 0;
  std::uint64_t time_ms = 0;
};

// Who decides for the whole network: any `threshold` of these keys.
struct Root {
  std::vector<crypto::PublicKey> keys;
  std::uint64_t threshold = 1;
  Version since = 0;
};

// A key that may change what is in its subtree.
struct Operator {
  crypto::PublicKey key;
  Code subtree;
  std::string label;
  std::uint64_t expires_ms = 0;  // 0: never
  Version admitted = 0;
  Version ended = 0;  // 0: not ended (but perhaps expired)
};

// A log that speaks, or spoke, for a unit.
struct Node {
  Code unit;
  crypto::PublicKey key;
  Bytes curve;  // 32 bytes
  std::string endpoint;
  Version admitted = 0;
  Version ended = 0;  // 0: still speaks
  // When ended: the last entry that has standing. kAllItWrote when another node took its
  // place: nobody said where it stopped, so what it wrote under versions before `ended` stands.
  std::uint64_t last_sequence = 0;
  std::uint32_t incarnation = 0;  // how many nodes this unit had before
};

struct Policy {
  std::string id;
  std::string text;
  Version version = 0;  // set by
};

struct Ticket {
  Code unit;
  crypto::PublicKey key;
  Bytes curve;
  std::uint64_t expires_ms = 0;
  Version issued = 0;
  Version used = 0;  // 0: not yet
};

class Directory {
 public:
  // pinned: the network id this node was made with; nullopt trusts the first change
  // (only the one who creates a network does).
  explicit Directory(std::optional<crypto::Digest> pinned = std::nullopt);
  Directory(const Directory& other);
  Directory& operator=(const Directory& other);
  Directory(Directory&& other) noexcept;  // `other` may then only be assigned to or ended
  Directory& operator=(Directory&& other) noexcept;
  ~Directory();

  // Checks signature, scope and every operation, then applies all of them as
  // `version`, or none and says why (rules "change.*", "unit.*", "node.*", "ticket.*",
  // "operator.*"). One entry may carry several changes: they share its version.
  // trusted: skip the signature (a node reading its own store at start).
  Status apply(const Change& change, const Stamp& entry, bool trusted = false);
  // What apply would answer, changing nothing.
  Status check(const Change& change, const Stamp& entry) const;
  // The same in an entry that states the change's own time.
  Status apply(const Change& change, Version version, bool trusted = false) {
    return apply(change, Stamp{version, change.time_ms}, trusted);
  }
  Status check(const Change& change, Version version) const {
    return check(change, Stamp{version, change.time_ms});
  }

  Version latest() const;
  std::uint64_t time_ms() const;  // the latest that an entry stated
  // The latest that any entry up to this version stated; 0 for versions not known.
  std::uint64_t time_of(Version version) const;
  bool empty() const { return latest() == 0; }
  const crypto::Digest& network() const;  // zero while empty
  const std::string& network_name() const;
  crypto::Suite suite() const;
  const crypto::PublicKey& topology_key() const;  // of the topology log; asserts !empty()
  const Root& root_keys() const;                  // newest; asserts !empty()
  const std::deque<Operator>& operators() const;  // also ended ones, in order of admission
  const Operator* operator_of_key(const crypto::Digest& key_id) const;

  // Units. Unless said otherwise `at` defaults to the newest version.
  std::optional<Unit> unit(const Code& code, Version at = kNewest) const;
  const Code& root() const;  // empty while there is none
  Code parent_of(const Code& code, Version at = kNewest) const;
  std::vector<Code> children_of(const Code& code) const;  // newest; in order of codes
  std::vector<Code> all_units() const;                    // newest; in order of codes
  // Those of a level at or below a unit, newest, in no order: looks at what lies below and no more.
  std::vector<Code> units_inside(const Code& code, std::string_view level) const;
  std::size_t unit_count() const;
  bool suspended(const Code& code, Version at = kNewest) const;  // it or anyone above it
  // Retired: it is below its successor, which parent_of gives.
  bool retired(const Code& code, Version at = kNewest) const;
  // Versions at which its name, parent, suspension or retirement became what unit() says.
  std::vector<Version> chapters_of(const Code& code) const;
  bool inside(const Code& code, const Code& ancestor, Version at = kNewest) const;  // or equal
  std::vector<Code> path_to_root(const Code& code, Version at = kNewest) const;     // self first
  // The lowest unit that contains all of them; empty when there is none.
  Code common_ancestor(const std::vector<Code>& codes, Version at = kNewest) const;

  // Nodes.
  const Node* node_of_key(const crypto::Digest& key_id) const;             // also ended ones
  const Node* node_of_curve(View curve) const;                             // only speaking ones
  const Node* node_of_unit(const Code& unit, Version at = kNewest) const;  // speaking at `at`
  std::vector<const Node*> nodes() const;                                  // speaking now
  std::uint32_t incarnations_of(const Code& unit) const;  // how many nodes it ever had
  // The unit whose node keeps `unit`: itself when it has a node, else the nearest above.
  Code keeper_of(const Code& unit, Version at = kNewest) const;
  // True when `key_id` may write in the name of `unit` at `at`: it is the keeper's key, and
  // neither the unit nor any above it is suspended. False for a version not yet known, so
  // for kNewest too: an act names the version it was done under.
  bool may_write(const crypto::Digest& key_id, const Code& unit, Version at) const;
  // The unit whose node is the parent of the node of `unit`; empty for the root.
  Code parent_node(const Code& unit, Version at = kNewest) const;
  // Seen from the node of `here`: the child node through which `unit` is reached;
  // `here` itself when it keeps the unit; empty when the unit is not below.
  Code next_hop(const Code& here, const Code& unit) const;

  // Tickets, policy.
  const Ticket* ticket_of_key(const crypto::Digest& key_id) const;
  const Ticket* ticket_of_curve(View curve) const;
  std::optional<Policy> policy_at(Version at = kNewest) const;

  static constexpr Version kNewest = UINT64_MAX;

 private:
  std::unique_ptr<DirectoryState> state_;
};

}  // namespace yishi::topology
