#include "node/http/register_batch.h"

#include <algorithm>

#include "node/turn/register_desk.h"

namespace yishi::http {

namespace {

constexpr std::size_t kMaxErrorsShown = 200;  // of one batch

Json error_json(std::size_t index, const std::vector<std::size_t>& lines, const Error& error) {
  return {{"index", index},     {"line", index < lines.size() ? Json(lines[index]) : Json()},
          {"rule", error.rule}, {"field", error.field},
          {"zh", error.zh},     {"en", error.en}};
}

Reply refused_batch(Json errors, std::size_t count, bool chinese) {
  const std::string number = std::to_string(count);
  const std::string zh = number + " 条有误，全部未写入";
  const std::string en = number + " entries are wrong; nothing was written";
  constexpr unsigned kRefusedByRule = 422;
  return {{{"type", "urn:yishi:rule:register.batch"},
           {"title", chinese ? "请求有误" : "The request was refused"},
           {"status", kRefusedByRule},
           {"detail", chinese ? zh : en},
           {"rule", "register.batch"},
           {"field", "entries"},
           {"zh", zh},
           {"en", en},
           {"errors", std::move(errors)}},
          kRefusedByRule,
          "application/problem+json"};
}

// What would be written of a batch, and each entry that would be refused.
struct Tried {
  std::uint64_t put = 0, withdrawn = 0, unchanged = 0;
  Json errors = Json::array();
  std::size_t wrong = 0;
};
Tried try_changes(Call& call, const std::vector<turn::RegisterChange>& changes,
                  const std::vector<std::size_t>& lines) {
  Tried tried;
  turn::RegisterDesk desk(call.database(), call.world(), call.snapshot().unit);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto draft = desk.prepare(changes[i]);
    if (!draft) {
      if (tried.wrong++ < kMaxErrorsShown)
        tried.errors.push_back(error_json(i, lines, draft.error()));
    } else if (!*draft) {
      ++tried.unchanged;
    } else {
      ++(changes[i].withdraw ? tried.withdrawn : tried.put);
    }
  }
  return tried;
}

Json tried_json(const Tried& tried, bool dry_run) {
  return {{"put", tried.put},
          {"withdrawn", tried.withdrawn},
          {"unchanged", tried.unchanged},
          {"dry_run", dry_run}};
}

}  // namespace

Result<std::shared_ptr<const deliberation::Policy>> open_policy(Call& call) {
  if (const auto opened = call.open(); !opened) return opened.error();
  auto policy = call.world().policy_at(call.directory().latest());
  if (policy != nullptr) return policy;
  return Error{"policy.none", "policy", "本网络还没有有效的规则", "no valid policy is set"};
}

Result<OpenRegister> open_register(Call& call) {
  constexpr std::size_t kRegisterSegment = 3;  // /api/v1/registers/REG
  auto policy = open_policy(call);
  if (!policy) return policy.error();
  const std::string& name = call.segment(kRegisterSegment);
  const auto* found = (*policy)->find_register(name);
  if (found != nullptr) return OpenRegister{std::move(*policy), *found};
  return Error{"http.missing", "register", "规则中没有登记簿 " + name,
               "the policy has no register " + name};
}

Result<Reply> write_batch(Call& call, turn::WriteRegisters command, bool dry_run,
                          const std::vector<std::size_t>& lines) {
  const Tried tried = try_changes(call, command.changes, lines);
  if (tried.wrong > 0) return refused_batch(tried.errors, tried.wrong, call.request().chinese);
  Json body = tried_json(tried, dry_run);
  if (dry_run) return Reply{std::move(body)};
  const auto done = call.ask(std::move(command));
  if (!done) return done.error();
  const auto put = std::count(done->kinds.begin(), done->kinds.end(), deliberation::kRegisterPut);
  body["put"] = put;
  body["withdrawn"] = done->kinds.size() - static_cast<std::size_t>(put);
  body["unchanged"] = done->unchanged;
  body["sequence"] = done->sequence;
  return Reply{std::move(body)};
}

}  // namespace yishi::http
