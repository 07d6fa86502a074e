// /topology/changes, /preview, /operators: what is changed, what would be, and who may.
#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/store/issues.h"
#include "topology/effects.h"

namespace yishi::http {
namespace {

Result<std::vector<Bytes>> changes_in(const Request& request) {
  constexpr std::size_t kMaxTextBytes = topology::kMaxChangeBytes * 4 / 3 + 4;  // base64url
  const auto object = parse_object(request.body);
  if (!object) return object.error();
  Form form(*object);
  const auto texts = form.texts("changes", topology::kMaxOperations, kMaxTextBytes);
  if (texts.empty()) {
    form.fail(
        {"json.missing", "changes", "changes：至少要有一项", "changes: at least one is required"});
  }
  if (const auto status = form.finish(); !status) return status.error();
  std::vector<Bytes> changes;
  for (const auto& text : texts) {
    auto bytes = from_base64url(text);
    if (!bytes) {
      return Error{"json.base64", "changes", "changes：不是合法的 base64url",
                   "changes: is not valid base64url"};
    }
    changes.push_back(std::move(*bytes));
  }
  return changes;
}

// Open ones whose keeper is another after the change.
std::uint64_t open_issues_of(Call& call, const topology::Directory& after,
                             const topology::Code& unit) {
  const auto& before = call.directory();
  if (unit.empty() || !before.unit(unit)) return 0;
  if (before.keeper_of(unit) == after.keeper_of(unit)) return 0;
  return store::Issues(call.database()).held_by(unit).size();
}

Json effect_json(Call& call, const topology::Directory& after, const topology::Effect& effect) {
  Json unit;
  if (!effect.unit.empty()) unit = unit_json(after, effect.unit);
  return {{"unit", std::move(unit)},
          {"zh", effect.zh},
          {"en", effect.en},
          {"open_issues", open_issues_of(call, after, effect.unit)}};
}

}  // namespace

Result<Reply> post_changes(Call& call) {
  auto changes = changes_in(call.request());
  if (!changes) return changes.error();
  turn::ChangeTopology command;
  command.changes = std::move(changes).value();
  const auto done = call.ask(std::move(command));
  if (!done) return done.error();
  return Reply{{{"version", done->version}}};
}

Result<Reply> post_preview(Call& call) {
  const auto changes = changes_in(call.request());
  if (!changes) return changes.error();
  if (const auto opened = call.open(); !opened) return opened.error();
  topology::Directory after = call.directory();
  for (const auto& bytes : *changes) {
    const auto change = topology::decode_change(bytes);
    if (!change) return change.error();
    if (auto status = after.apply(*change, after.latest() + 1); !status) return status.error();
  }
  const auto found = topology::effects(call.directory(), after);
  Json list = Json::array();
  for (const auto& effect : found.list) list.push_back(effect_json(call, after, effect));
  return Reply{{{"version", call.directory().latest()},
                {"effects", std::move(list)},
                {"left_out", found.left_out}}};
}

Result<Reply> get_operators(Call& call) {
  if (const auto opened = call.open(); !opened) return opened.error();
  const auto& directory = call.directory();
  const auto& root = directory.root_keys();
  Json keys = Json::array();
  for (const auto& key : root.keys) keys.push_back(to_hex(key.id().view()));
  Json operators = Json::array();
  for (const auto& one : directory.operators()) {
    const bool expired = one.expires_ms != 0 && one.expires_ms <= directory.time_ms();
    operators.push_back({{"key", to_hex(one.key.id().view())},
                         {"label", one.label},
                         {"unit", unit_json(directory, one.subtree)},
                         {"expires", one.expires_ms == 0 ? Json() : times(one.expires_ms)},
                         {"admitted", one.admitted},
                         {"ended", one.ended == 0 ? Json() : Json(one.ended)},
                         {"expired", expired}});
  }
  return Reply{
      {{"root", {{"threshold", root.threshold}, {"keys", std::move(keys)}, {"since", root.since}}},
       {"operators", std::move(operators)}}};
}

}  // namespace yishi::http
