// topology plan, apply, propose: from the units that are to those of a divisions file.
#include <fstream>
#include <map>

#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/progress.h"
#include "node/cli/signing.h"
#include "node/cli/text.h"
#include "topology/plan.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kBatch = 32;  // operations of a change: what an interruption may cost

void collect(const Json& tree, std::vector<topology::PresentUnit>& out) {
  topology::PresentUnit one;
  const auto code = topology::Code::parse(text_of_key(tree, "code"));
  if (!code) return;
  one.unit.code = *code;
  one.unit.name = text_of_key(tree, "name");
  one.unit.level = text_of_key(tree.value("level", Json::object()), "id");
  one.unit.kind = text_of_key(tree, "kind");
  if (const auto parent = topology::Code::parse(text_of_key(tree, "parent"))) {
    one.unit.parent = *parent;
  }
  one.retired = tree.value("retired", false);
  out.push_back(std::move(one));
  for (const auto& child : tree.value("children", Json::array())) collect(child, out);
}

struct Present {
  std::vector<topology::PresentUnit> units;
  std::optional<Outcome> failed;
};

Present present_units(const Invocation& invocation) {
  const auto called = api_get(invocation, "/api/v1/topology?depth=16");
  if (called.failed) return {{}, called.failed};
  Present present;
  collect(called.body.value("tree", Json::object()), present.units);
  return present;
}

Outcome plan(const Invocation& invocation) {
  const auto csv = read_file(invocation.args.get("file"), topology::kMaxCsvBytes);
  if (!csv) return failure(kRefused, csv.error());
  const auto import = topology::import_divisions(view_of(*csv));
  if (!import.ok()) return failure(kRefused, import.summary());
  const auto present = present_units(invocation);
  if (present.failed) return *present.failed;
  const auto made = topology::make_plan(present.units, import.divisions);
  Outcome outcome;
  outcome.text = made.to_text();
  outcome.json = {{"operations", made.operations.size()},
                  {"undecided", made.undecided.size()},
                  {"plan", outcome.text}};
  if (!invocation.args.has("out")) return outcome;
  const std::string path = invocation.args.get("out");
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << outcome.text;
  out.close();
  if (!out) {
    return failure(kRefused,
                   {"file.write", path, "不能写文件 " + path, "cannot write the file " + path});
  }
  const std::string count = std::to_string(made.operations.size());
  const std::string open = std::to_string(made.undecided.size());
  outcome.text = invocation.pick(
      "方案写入 " + path + "：" + count + " 项变更，" + open + " 个单位待定\n",
      "plan written to " + path + ": " + count + " changes, " + open + " units to be decided\n");
  return outcome;
}

struct Reading {
  std::vector<topology::Operation> left;
  std::size_t all = 0;
  std::optional<Outcome> failed;
};

Reading read_what_is_left(const Invocation& invocation) {
  const auto text = read_file(invocation.args.get("file"), topology::kMaxPlanBytes);
  if (!text) return {{}, 0, failure(kRefused, text.error())};
  const auto parsed = topology::parse_plan(*text);
  if (!parsed) return {{}, 0, failure(kRefused, parsed.error())};
  auto present = present_units(invocation);
  if (present.failed) return {{}, 0, present.failed};
  return {topology::still_to_do(*parsed, present.units), parsed->size(), std::nullopt};
}

Outcome nothing_left(const Invocation& invocation, std::size_t all) {
  Outcome outcome;
  outcome.json = {{"done", 0}, {"already", all}};
  outcome.text =
      invocation.pick("方案中的各项都已生效\n", "all of the plan is in effect already\n");
  return outcome;
}

Outcome apply(const Invocation& invocation) {
  auto reading = read_what_is_left(invocation);
  if (reading.failed) return *reading.failed;
  if (reading.left.empty()) return nothing_left(invocation, reading.all);
  const auto prepared = prepare_signing(invocation, "/api/v1/topology/context");
  if (prepared.failed) return *prepared.failed;
  if (only_tried(invocation)) {
    return hand_in(invocation, prepared.signing, std::move(reading.left));
  }
  const std::size_t all = reading.left.size();
  std::size_t done = 0;
  Outcome outcome;
  Progress bar(invocation.pick("变更", "changing"), all);
  while (done < all) {
    const std::size_t to = std::min(all, done + kBatch);
    const auto start = reading.left.begin() + static_cast<std::ptrdiff_t>(done);
    outcome = hand_in(invocation, prepared.signing,
                      {start, reading.left.begin() + static_cast<std::ptrdiff_t>(to)});
    if (outcome.error) {
      outcome.error->zh += "（此前 " + std::to_string(done) + " 项已生效；改正后再运行即可接着做）";
      outcome.error->en += " (" + std::to_string(done) +
                           " before it are in effect; correct it and run again to go on)";
      return outcome;
    }
    done = to;
    bar.at(done);
  }
  outcome.json["done"] = done;
  outcome.json["already"] = reading.all - done;
  const std::string count = std::to_string(done);
  outcome.text = invocation.pick("完成 " + count + " 项变更\n", count + " changes are in effect\n");
  return outcome;
}

// As one file to be signed: for who may not sign alone.
Outcome propose(const Invocation& invocation) {
  auto reading = read_what_is_left(invocation);
  if (reading.failed) return *reading.failed;
  if (reading.left.empty()) return nothing_left(invocation, reading.all);
  const auto prepared = prepare_signing(invocation, "/api/v1/topology/context");
  if (prepared.failed) return *prepared.failed;
  return hand_in(invocation, prepared.signing, std::move(reading.left));
}

}  // namespace

std::vector<Command> plan_commands() {
  const Option file{"file", "PLAN", "方案文件", "the plan", false, true, true};
  auto signing = signing_options();
  signing.insert(signing.begin(), file);
  return {
      {"topology plan",
       "比较区划文件与现有单位，列出要做的变更",
       "compare a divisions file with the units that are, and list the changes",
       {{"file", "CSV", "新的区划文件", "the new divisions", false, true, true},
        {"out", "FILE", "写到文件", "write it to a file"}},
       "yishi topology plan huaian-2027.csv --out plan.txt",
       plan},
      {"topology apply", "执行方案（可中断、可重复）",
       "carry out a plan (may be interrupted and run again)", signing,
       "yishi topology apply plan.txt --dry-run", apply},
      {"topology propose",
       "把方案写成待签名的变更文件",
       "write a plan as a file of changes to sign",
       {file,
        {"propose", "FILE", "写到哪里", "where to write it", false, true},
        {"key", "FILE", "同时签名", "sign it at once", true},
        {"passphrase-file", "FILE", "密钥口令文件", "the key's passphrase"}},
       "yishi topology propose plan.txt --propose change.txt",
       propose},
  };
}

}  // namespace yishi::cli
