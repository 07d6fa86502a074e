// fold: one record into the state of its issue. Pure; no SQL, clock or socket.
//
// The same set of records gives the same state in whatever order they come:
//  - Transitions apply in the order of their numbers, each to the digest before it. One
//    that comes early waits; when two valid ones claim a number the one with the smaller
//    record digest counts and the other is shown as a conflict.
//  - Remarks commute: each is counted once, and where the latest counts, latest is by
//    (time, digest).
//  - Judged by the topology and policy that the entry of the record names, and the
//    policy by the version under which the issue was logged.
// What breaks a rule has no effect and says why (kVoid): it is kept and shown.
// Guards are not judged here, only when an act is made (make_act in react.h): some of them look
// at remarks, and a state must not depend on which of them have arrived.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/deliberation/issue.h"
#include "node/deliberation/policy.h"
#include "topology/directory.h"

namespace yishi::deliberation {

// The topology and the policies by version: what an act is judged by. The policies are
// parsed once each and cached. One thread.
class World {
 public:
  explicit World(const topology::Directory& directory) : directory_(directory) {}
  const topology::Directory& directory() const { return directory_; }
  // nullptr when no policy was set at that version, or when it does not parse.
  std::shared_ptr<const Policy> policy_at(topology::Version version) const;

 private:
  const topology::Directory& directory_;
  mutable std::map<topology::Version, std::shared_ptr<const Policy>> cache_;  // by setting version
  // By asked version, so that a question does not copy the policy's text. Only versions the
  // directory has reached: for those the answer never changes.
  mutable std::map<topology::Version, std::shared_ptr<const Policy>> asked_;
};

struct Fact {             // a record about an issue, in its place in the world
  crypto::Digest digest;  // of the record
  crypto::Digest author;  // key id = log id
  std::uint64_t sequence = 0;
  std::uint64_t time_ms = 0;  // of its entry
  topology::Version topology = 0;
  std::string kind;
  std::string issue;
  ActBody body;
};

// The rule of facts whose kind this program does not know: they are kept and shown without effect,
// and judged again by a program that knows it.
inline constexpr std::string_view kUnknownKind = "act.kind";
// Whether a record is a fact of an issue: its kind is known, or its subject is an issue's id.
bool speaks_of_issue(std::string_view kind, std::string_view subject);
// decode_body; of a kind that is not known, what can be read of it.
Result<ActBody> read_body(std::string_view kind, View bytes);

enum class Effect {
  kApplied,
  kWaits,   // an earlier transition, or what a remark speaks of, is not here yet
  kRefold,  // it changes what was already folded: call refold() with all facts
  kVoid,    // breaks a rule: no effect, error says which
};

struct Folded {
  Effect effect = Effect::kVoid;
  std::optional<Error> error;  // kVoid
};

// The state after kApplied equals refold() of all facts given so far plus this one, as long
// as none of them waits; with any other effect the state is unchanged but for its id. When the
// store must refold instead stands in the README ("When the store refolds"). An empty Issue is one
// that nothing is known of yet. Each fact is given once.
Folded fold(Issue& issue, const Fact& fact, const World& world);

struct Refolded {
  Issue issue;
  std::vector<Folded> effects;  // beside the facts given
};
Refolded refold(const std::string& id, const std::vector<Fact>& facts, const World& world);

}  // namespace yishi::deliberation
