// Registers as CSV: what is exported can be imported.
#include <algorithm>

#include "node/http/call.h"
#include "node/http/csv.h"
#include "node/http/query.h"
#include "node/http/register_batch.h"
#include "node/http/register_json.h"

namespace yishi::http {
namespace {

using deliberation::Register;

constexpr std::size_t kExportPage = 1000;
constexpr std::string_view kSeveral = "；";  // between several values in one cell

// Columns besides the fields: whose book, and its name for people, which an import passes over.
constexpr std::string_view kUnitHead = "单位代码";
constexpr std::string_view kUnitHeadEn = "unit code";
constexpr std::string_view kNameHead = "单位名称";
constexpr std::string_view kNameHeadEn = "unit name";

std::string cell_of(const deliberation::RegisterField& field,
                    const deliberation::FieldValues& fields, bool chinese) {
  const auto values = fields.find(field.label.id);
  if (values == fields.end()) return {};
  std::string cell;
  for (const auto& value : values->second) {
    const auto* label = find_label(field.options, value);
    if (!cell.empty()) cell += kSeveral;
    cell += label == nullptr ? value : chinese ? label->zh : label->en;
  }
  return cell;
}

CsvTable csv_table_of(Call& call, const Register& its_register, store::EntryFilter filter,
                      bool full) {
  const bool chinese = call.request().chinese;
  CsvTable table;
  table.heads = {std::string(chinese ? kUnitHead : kUnitHeadEn),
                 std::string(chinese ? kNameHead : kNameHeadEn)};
  for (const auto& field : its_register.fields) {
    table.heads.push_back(chinese ? field.label.zh : field.label.en);
  }
  filter.limit = kExportPage;
  const store::Registers registers(call.database());
  for (;;) {
    const auto entries = registers.list(filter, call.directory());
    for (const auto& entry : entries) {
      auto fields = entry.body.fields;
      if (!full) fields = masked_fields(its_register, std::move(fields));
      const auto unit = call.directory().unit(entry.name.unit);
      std::vector<std::string> row{entry.name.unit.text(), unit ? unit->name : ""};
      for (const auto& field : its_register.fields) {
        row.push_back(cell_of(field, fields, chinese));
      }
      table.rows.push_back(std::move(row));
    }
    if (entries.size() < filter.limit || table.rows.size() >= kMaxCsvRows) return table;
    filter.after = entries.back().name.unit.text() + "/" + entries.back().name.key;
  }
}

// What each column is: a field's id, kUnitHeadEn (which is no id), or nothing for one that is
// passed over.
Result<std::vector<std::string>> columns_of(const Register& its_register,
                                            const std::vector<std::string>& heads) {
  std::vector<std::string> columns;
  for (const auto& head : heads) {
    const auto* field = its_register.field(head);
    if (field != nullptr) {
      columns.push_back(field->label.id);
    } else if (head == kUnitHead || head == kUnitHeadEn) {
      columns.emplace_back(kUnitHeadEn);
    } else if (head == kNameHead || head == kNameHeadEn || head.empty()) {
      columns.emplace_back();
    } else {
      return Error{"csv.head", "line 1", "登记簿没有这一列：" + head,
                   "the register has no such column: " + head};
    }
  }
  return columns;
}

Result<turn::RegisterChange> change_of(const std::vector<std::string>& columns,
                                       const std::vector<std::string>& cells,
                                       turn::RegisterChange change) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (cells[i].empty() || columns[i].empty()) continue;
    if (columns[i] == kUnitHeadEn) {
      auto code = topology::Code::parse(cells[i]);
      if (!code) return code.error();
      change.unit = std::move(*code);
    } else {
      change.body.fields[columns[i]] = {cells[i]};
    }
  }
  return change;
}

}  // namespace

Result<Reply> get_entries_csv(Call& call) {
  Query query(call.request());
  store::EntryFilter filter;
  filter.unit = query.code("unit");
  filter.inside = query.code("inside");
  const bool full = query.flag("full");
  if (const auto status = query.finish(); !status) return status.error();
  const auto opened = open_register(call);
  if (!opened) return opened.error();
  filter.register_id = opened->book.label.id;
  Reply reply;
  reply.type = "text/csv; charset=utf-8";
  reply.text = csv_of(csv_table_of(call, opened->book, filter, full));
  return reply;
}

Result<Reply> post_entries_csv(Call& call) {
  Query query(call.request());
  const auto unit = query.code("unit");
  const std::string by = query.text("by");
  const bool dry_run = query.flag("dry_run");
  if (const auto status = query.finish(); !status) return status.error();
  const auto opened = open_register(call);
  if (!opened) return opened.error();
  const auto read = read_csv(call.request().body);
  if (!read) return read.error();
  const auto columns = columns_of(opened->book, read->table.heads);
  if (!columns) return columns.error();
  turn::RegisterChange blank;
  blank.unit = unit.value_or(call.snapshot().unit);
  blank.body.register_id = opened->book.label.id;
  blank.body.by = by;
  turn::WriteRegisters command;
  for (std::size_t i = 0; i < read->table.rows.size(); ++i) {
    auto change = change_of(*columns, read->table.rows[i], blank);
    if (!change) {
      Error error = change.error();
      error.field = "line " + std::to_string(read->lines[i]);
      return error;
    }
    command.changes.push_back(std::move(*change));
  }
  return write_batch(call, std::move(command), dry_run, read->lines);
}

}  // namespace yishi::http
