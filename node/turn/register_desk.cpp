#include "node/turn/register_desk.h"

namespace yishi::turn {

using deliberation::EntryName;
using deliberation::RegisterDraft;

RegisterDesk::Known RegisterDesk::known(const EntryName& name) const {
  if (const auto found = prepared_.find(name); found != prepared_.end()) return found->second;
  const auto entry = registers_.entry(name);
  if (!entry) return {};
  return {entry->body.revision, !entry->withdrawn, entry->body.fields};
}

topology::Code RegisterDesk::writer(const RegisterChange& change) const {
  if (!change.body.unit.empty()) return change.body.unit;
  const auto& directory = world_.directory();
  const auto policy = world_.policy_at(directory.latest());
  const auto* its_register = policy ? policy->find_register(change.body.register_id) : nullptr;
  const bool own = its_register != nullptr && its_register->by_own;
  return own && directory.keeper_of(change.unit) == here_ ? change.unit : here_;
}

Status RegisterDesk::check_references(const RegisterDraft& draft) const {
  const auto& directory = world_.directory();
  const auto policy = world_.policy_at(directory.latest());
  const auto* its_register = policy->find_register(draft.body.register_id);
  for (const auto& name : deliberation::references_of(*its_register, draft.body.fields)) {
    const bool ours = !name.register_id.empty() && directory.inside(name.unit, here_);
    if (!ours || known(name).there) continue;
    const auto text = name.unit.text() + "/" + name.key;
    return Error{"register.entry.unknown", name.register_id,
                 "登记簿 " + name.register_id + " 中没有条目 " + text,
                 "there is no entry " + text + " in register " + name.register_id};
  }
  return {};
}

Result<std::optional<RegisterDraft>> RegisterDesk::prepare(RegisterChange change) {
  if (change.unit.empty()) change.unit = here_;
  change.body.unit = writer(change);
  const auto policy = world_.policy_at(world_.directory().latest());
  const auto* its_register = policy ? policy->find_register(change.body.register_id) : nullptr;
  if (its_register != nullptr && !change.withdraw) {
    // The key first: what is known of the entry decides what masked values mean.
    auto keyed = deliberation::make_register_put(change.unit, change.body, world_, here_);
    if (!keyed) return keyed.error();
    const auto before = known({keyed->body.register_id, change.unit, keyed->body.key});
    deliberation::unmask_fields(*its_register, change.body.fields, before.fields);
  }
  auto draft = change.withdraw
                   ? deliberation::make_register_withdrawal(change.unit, change.body, world_, here_)
                   : deliberation::make_register_put(change.unit, change.body, world_, here_);
  if (!draft) return draft.error();
  const EntryName name{draft->body.register_id, draft->subject, draft->body.key};
  const auto before = known(name);
  if (change.withdraw && !before.there) {
    return Error{"register.entry.unknown", "key", "没有可撤销的条目 " + name.key,
                 "there is no entry " + name.key + " to withdraw"};
  }
  if (!change.withdraw && before.there && before.fields == draft->body.fields) {
    return std::optional<RegisterDraft>();
  }
  if (auto status = check_references(*draft); !status.ok()) return status.error();
  draft->body.revision = std::min(before.revision + 1, deliberation::kMaxRevision);
  prepared_[name] = {draft->body.revision, !change.withdraw, draft->body.fields};
  return std::optional(std::move(*draft));
}

}  // namespace yishi::turn
