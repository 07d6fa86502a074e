// /registers: what a place keeps beside its issues.
#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/query.h"
#include "node/http/register_batch.h"
#include "node/http/register_json.h"
#include "node/turn/register_desk.h"

namespace yishi::http {
namespace {

using deliberation::EntryName;
constexpr std::size_t kMaxReferring = 1000;      // entries that point at one, shown
constexpr std::size_t kMaxFieldNameBytes = 200;  // label or id

deliberation::FieldValues read_field_values(Form& form, const Input& object) {
  deliberation::FieldValues fields;
  if (object.size() > deliberation::kMaxRegisterFields) {
    form.fail({"json.count", "fields", "fields：字段过多", "fields: too many"});
    return fields;
  }
  for (const auto& [name, value] : object.items()) {
    const auto wrong = [&] {
      form.fail({"json.type", "fields." + name.substr(0, kMaxFieldNameBytes),
                 "fields：每个值应为文字、整数或它们的列表",
                 "fields: each value is text, a whole number or a list of these"});
    };
    auto& out = fields[name];
    const auto take = [&](const Input& one) {
      if (one.is_string()) {
        if (!one.get_ref<const std::string&>().empty()) out.push_back(one.get<std::string>());
      } else if (one.is_number_integer()) {
        out.push_back(std::to_string(one.get<std::int64_t>()));
      } else if (!one.is_null()) {
        wrong();
      }
    };
    if (value.is_array() && value.size() <= deliberation::kMaxFieldValues) {
      for (const auto& one : value) take(one);
    } else if (value.is_array()) {
      wrong();
    } else {
      take(value);
    }
    if (out.empty()) fields.erase(name);
  }
  return fields;
}

turn::RegisterChange read_change(Form& form, const std::string& register_id) {
  turn::RegisterChange change;
  change.unit = form.code("unit");
  change.body.unit = form.code("as");
  change.body.register_id = register_id;
  change.body.key = form.text("key", deliberation::kMaxEntryKeyBytes);
  change.body.by = form.text("by", deliberation::kMaxShortBytes);
  change.body.reason = form.text("reason", deliberation::kMaxShortBytes);
  change.withdraw = form.flag("withdraw");
  if (const Input* fields = form.object("fields")) {
    change.body.fields = read_field_values(form, *fields);
  }
  return change;
}

Result<std::vector<turn::RegisterChange>> read_changes(Form& form, const std::string& register_id) {
  std::vector<turn::RegisterChange> changes;
  const Input* entries = form.objects("entries", turn::kMaxRegisterChanges);
  if (entries == nullptr) return changes;
  for (const auto& item : *entries) {
    Form one(item, "entries[" + std::to_string(changes.size()) + "].");
    changes.push_back(read_change(one, register_id));
    if (const auto status = one.finish(); !status) return status.error();
  }
  return changes;
}

}  // namespace

Result<Reply> list_registers(Call& call) {
  Query query(call.request());
  if (const auto status = query.finish(); !status) return status.error();
  const auto policy = open_policy(call);
  if (!policy) return policy.error();
  const auto counts = store::Registers(call.database()).counts();
  Json list = Json::array();
  for (const auto& one : (*policy)->registers) {
    Json json = register_json(one);
    const auto count = counts.find(one.label.id);
    json["entries"] = count == counts.end() ? 0 : count->second;
    list.push_back(std::move(json));
  }
  return Reply{{{"registers", std::move(list)}}};
}

Result<Reply> list_entries(Call& call) {
  Query query(call.request());
  store::EntryFilter filter;
  filter.unit = query.code("unit");
  filter.inside = query.code("inside");
  filter.withdrawn = query.flag("withdrawn");
  filter.after = query.text("after");
  filter.limit = query.number("limit", 100, kMaxIssuePage);
  const bool full = query.flag("full");
  if (const auto status = query.finish(); !status) return status.error();
  const auto opened = open_register(call);
  if (!opened) return opened.error();
  filter.register_id = opened->book.label.id;
  const auto entries = store::Registers(call.database()).list(filter, call.directory());
  Json list = Json::array();
  for (const auto& one : entries) list.push_back(entry_json(one, call.world(), full));
  const bool more = !entries.empty() && entries.size() >= filter.limit;
  const auto next = more ? entries.back().name.unit.text() + "/" + entries.back().name.key : "";
  return Reply{{{"register", register_json(opened->book)},
                {"entries", std::move(list)},
                {"next", more ? Json(next) : Json()}}};
}

Result<Reply> get_entry(Call& call) {
  Query query(call.request());
  const auto unit = query.code("unit");
  const std::string key = query.text("key");
  const bool full = query.flag("full");
  if (const auto status = query.finish(); !status) return status.error();
  const auto opened = open_register(call);
  if (!opened) return opened.error();
  const EntryName name{opened->book.label.id, unit.value_or(call.snapshot().unit), key};
  const store::Registers registers(call.database());
  const auto entry = registers.entry(name);
  if (!entry) {
    return Error{"http.missing", "key", "登记簿中没有条目 " + name.unit.text() + "/" + key,
                 "the register has no entry " + name.unit.text() + "/" + key};
  }
  Json body = entry_json(*entry, call.world(), full);
  body["history"] = Json::array();
  for (const auto& fact : registers.history(name)) {
    body["history"].push_back({{"time", times(fact.fact.time_ms)},
                               {"written_by", unit_json(call.directory(), fact.fact.body.unit)},
                               {"by", fact.fact.body.by},
                               {"withdrawn", fact.fact.withdrawn},
                               {"reason", fact.fact.body.reason},
                               {"revision", fact.fact.body.revision},
                               {"counts", fact.counts},
                               {"rule", fact.rule},
                               {"zh", fact.zh},
                               {"en", fact.en}});
  }
  body["referring"] = Json::array();
  Json counts = Json::object();
  for (const auto& one : registers.referring(name, kMaxReferring)) {
    const auto& id = one.name.register_id;
    counts[id] = counts.value(id, std::uint64_t{0}) + 1;
    body["referring"].push_back(entry_json(one, call.world(), false));
  }
  body["referring_counts"] = std::move(counts);
  return Reply{std::move(body)};
}

Result<Reply> post_entries(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  const auto opened = open_register(call);
  if (!opened) return opened.error();
  Form form(*object);
  turn::WriteRegisters command;
  auto changes = read_changes(form, opened->book.label.id);
  if (!changes) return changes.error();
  command.changes = std::move(*changes);
  const bool dry_run = form.flag("dry_run");
  if (const auto status = form.finish(); !status) return status.error();
  return write_batch(call, std::move(command), dry_run, {});
}

}  // namespace yishi::http
