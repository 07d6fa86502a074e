// register list, fields, show, put, withdraw, import, export: what is kept beside the issues.
#include <fstream>

#include "node/cli/catalog.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxValueBytes = std::size_t{48} * 1024;  // of a value read from a file
constexpr std::size_t kMaxImportBytes = std::size_t{4} * 1024 * 1024;  // the API's limit

std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  std::string out;
  for (const auto& one : value) {
    if (one.is_string()) out += (out.empty() ? "" : "；") + one.get<std::string>();
  }
  return out;
}

// A field of an entry as people read it.
std::string shown(const Invocation& invocation, const Json& entry, const std::string& field) {
  const Json words = at(at(entry, "words"), field.c_str());
  if (!words.is_array()) return value_text(at(at(entry, "fields"), field.c_str()));
  std::string out;
  for (const auto& one : words) out += (out.empty() ? "" : "；") + invocation.label(one);
  return out;
}

std::string target_of(const Invocation& invocation, const std::string& after = {}) {
  return "/api/v1/registers/" + invocation.args.get("register") + after;
}

Outcome list_registers(const Invocation& invocation) {
  const auto called = api_get(invocation, "/api/v1/registers");
  if (called.failed) return *called.failed;
  Table table({"ID", invocation.pick("登记簿", "Register"), invocation.pick("条目", "Entries"),
               invocation.pick("键", "Key")},
              {false, false, true, false});
  for (const auto& one : at(called.body, "registers")) {
    table.add({one.value("id", std::string()), invocation.label(one),
               std::to_string(one.value("entries", std::uint64_t{0})), value_text(at(one, "key"))});
  }
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = table.text();
  return outcome;
}

Outcome list_entries(const Invocation& invocation) {
  if (!invocation.args.has("register")) return list_registers(invocation);
  Target target(target_of(invocation));
  for (const char* key : {"unit", "inside", "after", "limit"}) {
    target.with(key, invocation.args.get(key));
  }
  target.with("full", invocation.args.has("full") ? "1" : "");
  target.with("withdrawn", invocation.args.has("withdrawn") ? "1" : "");
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  std::vector<std::string> heads{invocation.pick("单位", "Unit")};
  std::vector<std::string> ids;
  for (const auto& field : at(at(called.body, "register"), "fields")) {
    ids.push_back(field.value("id", std::string()));
    heads.push_back(invocation.label(field));
  }
  Table table(heads);
  for (const auto& entry : at(called.body, "entries")) {
    std::vector<std::string> cells{invocation.unit(at(entry, "unit"))};
    for (const auto& id : ids) cells.push_back(one_line(shown(invocation, entry, id)));
    table.add(std::move(cells));
  }
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = table.empty() ? invocation.pick("没有条目。\n", "No entries.\n") : table.text();
  const Json next = at(called.body, "next");
  if (next.is_string()) {
    outcome.text += invocation.pick("还有更多：--after ", "There is more: --after ") + "'" +
                    one_line(next.get<std::string>()) + "'\n";
  }
  return outcome;
}

Outcome show_fields(const Invocation& invocation) {
  const auto called = api_get(invocation, Target(target_of(invocation)).with("limit", "0").text());
  if (called.failed) return *called.failed;
  Table table({"ID", invocation.pick("字段", "Field"), invocation.pick("类型", "Type"),
               invocation.pick("说明", "Remarks")});
  for (const auto& field : at(at(called.body, "register"), "fields")) {
    std::string remarks;
    const auto remark = [&](const char* key, const std::string& words) {
      if (field.value(key, false)) remarks += (remarks.empty() ? "" : " ") + words;
    };
    remark("required", invocation.pick("必填", "required"));
    remark("many", invocation.pick("可多值", "several"));
    remark("personal", invocation.pick("个人信息", "personal"));
    for (const auto& option : at(field, "options")) {
      remarks += (remarks.empty() ? "" : " ") + option.value("id", std::string()) + "=" +
                 invocation.label(option);
    }
    table.add({field.value("id", std::string()), invocation.label(field),
               field.value("type", std::string()), remarks});
  }
  Outcome outcome;
  outcome.json = at(called.body, "register");
  outcome.text = table.text();
  return outcome;
}

std::string history_text(const Invocation& invocation, const Json& entry) {
  std::string out = invocation.pick("历史：\n", "History:\n");
  for (const auto& fact : at(entry, "history")) {
    const std::string rule = fact.value("rule", std::string());
    out += "  " + invocation.time(at(fact, "time")) + "  " +
           invocation.unit(at(fact, "written_by")) + "  " +
           (fact.value("withdrawn", false) ? invocation.pick("撤销", "withdrawn")
                                           : invocation.pick("登记", "put"));
    if (fact.value("counts", false)) out += invocation.pick("（现行）", " (counts)");
    if (!rule.empty()) {
      out += "  ✗ " + one_line(fact.value(invocation.chinese ? "zh" : "en", std::string()));
    }
    out += '\n';
  }
  return out;
}

Outcome show_entry(const Invocation& invocation) {
  Target target(target_of(invocation, "/entry"));
  target.with("unit", invocation.args.get("unit")).with("key", invocation.args.get("key"));
  target.with("full", invocation.args.has("full") ? "1" : "");
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = invocation.unit(at(called.body, "unit")) + " / " +
                 one_line(called.body.value("key", std::string())) + '\n';
  const Json fields = at(called.body, "fields");
  for (const auto& [field, value] : fields.items()) {
    outcome.text += "  " + field + ": " + printable(shown(invocation, called.body, field)) + '\n';
  }
  if (called.body.value("withdrawn", false)) {
    outcome.text += invocation.pick("已撤销\n", "withdrawn\n");
  }
  outcome.text += history_text(invocation, called.body);
  const Json counts = at(called.body, "referring_counts");
  for (const auto& [id, count] : counts.items()) {
    outcome.text += invocation.pick("被引用：", "Referred to by: ") + id + "  " +
                    std::to_string(count.get<std::uint64_t>()) + '\n';
  }
  for (const auto& one : at(called.body, "referring")) {
    outcome.text += "  " + one.value("register", std::string()) + "  " +
                    invocation.unit(at(one, "unit")) + "  " +
                    one_line(one.value("key", std::string())) + '\n';
  }
  return outcome;
}

std::string entries_text(const Invocation& invocation, const Json& body) {
  const auto number = [&](const char* key) {
    return std::to_string(body.value(key, std::uint64_t{0}));
  };
  const bool dry = body.value("dry_run", false);
  return invocation.pick((dry ? "试运行：" : "") + std::string("登记 ") + number("put") +
                             " 条，撤销 " + number("withdrawn") + " 条，未变 " +
                             number("unchanged") + " 条。\n",
                         (dry ? "Dry run: " : "") + number("put") + " put, " + number("withdrawn") +
                             " withdrawn, " + number("unchanged") + " unchanged.\n");
}

// Every refused entry, by its line when there are lines.
Outcome refused(const Invocation& invocation, Outcome outcome) {
  for (const auto& one : at(outcome.json, "errors")) {
    const auto line = at(one, "line");
    const auto place =
        line.is_number() ? line.get<std::size_t>() : one.value("index", std::size_t{0}) + 1;
    const std::string where = std::to_string(place);
    outcome.text += invocation.pick("第 " + where + (line.is_number() ? " 行 " : " 条 "),
                                    (line.is_number() ? "line " : "entry ") + where + ", ") +
                    one.value("field", std::string()) + invocation.pick("：", ": ") +
                    one_line(one.value(invocation.chinese ? "zh" : "en", std::string())) + '\n';
  }
  return outcome;
}

Outcome outcome_of(const Invocation& invocation, const Called& called) {
  if (called.failed) return refused(invocation, *called.failed);
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = entries_text(invocation, called.body);
  return outcome;
}

Outcome post_entry(const Invocation& invocation, const Json& entry) {
  const Json body = {{"entries", Json::array({entry})},
                     {"dry_run", invocation.args.has("dry-run")}};
  return outcome_of(invocation, api_post(invocation, target_of(invocation), body));
}

Outcome import_file(const Invocation& invocation) {
  const auto text = read_file(invocation.args.get("file"), kMaxImportBytes);
  if (!text) return failure(kRefused, text.error());
  Target target(target_of(invocation, "/csv"));
  target.with("unit", invocation.args.get("unit")).with("by", invocation.args.get("by"));
  target.with("dry_run", invocation.args.has("dry-run") ? "1" : "");
  return outcome_of(invocation, api_post_text(invocation, target.text(), *text));
}

Outcome export_file(const Invocation& invocation) {
  Target target(target_of(invocation, "/csv"));
  target.with("unit", invocation.args.get("unit")).with("inside", invocation.args.get("inside"));
  target.with("full", invocation.args.has("full") ? "1" : "");
  auto called = api_get_text(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  if (!invocation.args.has("file")) {
    outcome.json = {{"csv", called.body}};
    outcome.text = std::move(called.body);
    return outcome;
  }
  const std::string path = invocation.args.get("file");
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << called.body;
  file.flush();
  if (!file) {
    return failure(kFailed, {"file.write", path, "不能写入文件 " + path, "cannot write " + path});
  }
  outcome.json = {{"file", path}, {"bytes", called.body.size()}};
  outcome.text = invocation.pick("已导出到 ", "Exported to ") + printable(path) + '\n';
  return outcome;
}

Json entry_of(const Invocation& invocation) {
  Json entry = Json::object();
  for (const char* key : {"unit", "by", "as", "key", "reason"}) {
    if (invocation.args.has(key)) entry[key] = invocation.args.get(key);
  }
  return entry;
}

Outcome put_entry(const Invocation& invocation) {
  Json entry = entry_of(invocation);
  entry["fields"] = Json::object();
  for (const auto& pair : invocation.args.all("field")) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return usage("field", "字段应写成 字段=值：" + pair,
                   "a field is given as FIELD=VALUE: " + pair);
    }
    std::string value = pair.substr(equals + 1);
    if (value.starts_with('@')) {
      auto text = read_file(value.substr(1), kMaxValueBytes);
      if (!text) return failure(kRefused, text.error());
      value = std::move(*text);
    }
    entry["fields"][pair.substr(0, equals)].push_back(std::move(value));
  }
  return post_entry(invocation, entry);
}

Outcome withdraw_entry(const Invocation& invocation) {
  Json entry = entry_of(invocation);
  entry["withdraw"] = true;
  return post_entry(invocation, entry);
}

}  // namespace

std::vector<Command> register_commands() {
  const Option name{
      "register", "REGISTER", "登记簿的标识或名称", "the register's id or name", false, true, true};
  Option maybe = name;
  maybe.required = false;
  const Option key{"key", "KEY", "条目的键", "the entry's key", false, true, true};
  const Option unit{"unit", "CODE", "哪个单位的簿（默认本单位）",
                    "whose book (default: this node's unit)"};
  const Option by{"by", "WHO", "登记人或机关", "who writes it"};
  const Option as{"as", "CODE", "以哪个单位的名义", "in whose name"};
  const Option full{"full", "", "不遮盖个人信息", "do not mask personal data"};
  const Option dry{"dry-run", "", "只检查，不写入", "check only, write nothing"};
  return {
      {"register list",
       "列出规则设立的登记簿，或一本簿的条目",
       "list the policy's registers, or the entries of one",
       {maybe,
        {"unit", "CODE", "只看这个单位的簿", "only this unit's book"},
        {"inside", "CODE", "这个单位及以下", "of this unit and below"},
        {"withdrawn", "", "连同已撤销的", "withdrawn ones too"},
        {"after", "UNIT/KEY", "从这一条之后（上一页末尾给出）",
         "after this one (the last page names it)"},
        {"limit", "N", "最多几条（默认 100）", "at most so many (default 100)"},
        full},
       "yishi register list rooms --inside 320803000000",
       list_entries},
      {"register fields",
       "一本登记簿有哪些字段、怎样填",
       "the fields of a register and what they take",
       {name},
       "yishi register fields members",
       show_fields},
      {"register show",
       "一个条目：内容、历史，以及引用它的条目（如委员的履职档案）",
       "an entry: what it says, its history, and what refers to it (a member's duty record)",
       {name, key, unit, full},
       "yishi register show members 012 --unit 320800000000",
       show_entry},
      {"register put",
       "登记或更正一个条目；值写成 @文件 则从文件读取",
       "put or correct an entry; a value @FILE is read from the file",
       {name,
        {"field", "FIELD=VALUE", "字段和值", "a field and its value", true, true, true},
        unit,
        by,
        as,
        dry},
       "yishi register put rooms name=一村议事室 kind=territory --unit 320803001001",
       put_entry},
      {"register withdraw",
       "撤销一个条目（历史保留）",
       "withdraw an entry (its history stays)",
       {name, key, unit, {"reason", "TEXT", "原因", "why"}, by, as, dry},
       "yishi register withdraw rooms 一村议事室 --unit 320803001001 --reason 撤并",
       withdraw_entry},
      {"register import",
       "从 CSV 导入（UTF-8 或 GB18030）；有一行错误则全部不写入",
       "import a CSV file (UTF-8 or GB18030); when a line is wrong nothing is written",
       {name,
        {"file", "FILE", "文件；- 为标准输入", "the file; - is standard input", false, true, true},
        unit,
        by,
        dry},
       "yishi register import members 委员.csv --dry-run",
       import_file},
      {"register export",
       "导出为 CSV，表格软件可以打开；导出的可以再导入",
       "export as CSV for spreadsheets; what is exported can be imported",
       {name,
        {"file", "FILE", "写入这个文件（默认标准输出）",
         "write this file (default: standard output)"},
        {"unit", "CODE", "只导出这个单位的簿", "only this unit's book"},
        {"inside", "CODE", "这个单位及以下", "of this unit and below"},
        full},
       "yishi register export rooms --file 协商议事室.csv",
       export_file},
  };
}

}  // namespace yishi::cli
