#include "node/deliberation/fold.h"

namespace yishi::deliberation {

std::shared_ptr<const Policy> World::policy_at(topology::Version version) const {
  const auto known = asked_.find(version);
  if (known != asked_.end()) return known->second;
  const auto document = directory_.policy_at(version);
  std::shared_ptr<const Policy> policy;
  if (document) {
    auto [entry, fresh] = cache_.try_emplace(document->version);
    if (fresh) {
      auto parsed = parse_policy(document->text);
      if (parsed) entry->second = *parsed;
    }
    policy = entry->second;
  }
  if (version <= directory_.latest()) asked_[version] = policy;
  return policy;
}

}  // namespace yishi::deliberation
