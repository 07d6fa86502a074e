#include "node/cli/output.h"

#include <fstream>

namespace yishi::cli {
namespace {

std::string format_of(const Invocation& invocation) {
  const auto& args = invocation.args;
  if (args.has("format")) return args.get("format");
  const std::string out = args.get("out");
  for (const char* ending : {"csv", "xlsx", "json"}) {
    if (out.ends_with(std::string(".") + ending)) return ending;
  }
  return "table";
}

Status write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file.good()) return {};
  return Error{"file.write", path, "不能写入文件 " + path, "cannot write the file " + path};
}

}  // namespace

const Option kFormatOption{"format", "table|csv|xlsx|json", "输出格式", "form of the output"};
const Option kOutOption{"out", "FILE", "写入文件；.csv、.xlsx、.json 决定格式",
                        "write to a file; .csv, .xlsx or .json says the form"};

bool wants_sheet(const Invocation& invocation) {
  const std::string format = format_of(invocation);
  return format == "csv" || format == "xlsx";
}

Outcome put_out(const Invocation& invocation, const Sheet& sheet, Json json, std::string text) {
  const std::string format = format_of(invocation);
  const std::string path = invocation.args.get("out");
  if (format != "table" && format != "csv" && format != "xlsx" && format != "json") {
    return usage("format", "--format 应当是 table、csv、xlsx 或 json",
                 "--format must be table, csv, xlsx or json");
  }
  if (format == "xlsx" && path.empty()) {
    return usage("out", "XLSX 需要用 --out 指定文件", "XLSX needs a file: --out FILE.xlsx");
  }
  if (format == "csv") text = sheet_csv(sheet);
  if (format == "json") text = json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
  Outcome outcome;
  outcome.json = std::move(json);
  if (path.empty()) {
    outcome.text = std::move(text);
    return outcome;
  }
  const Status written = format == "xlsx" ? write_xlsx(sheet, path) : write_text(path, text);
  if (!written.ok()) return failure(kFailed, written.error());
  const std::string rows = std::to_string(sheet.rows.size());
  outcome.text =
      invocation.pick(rows + " 行已写入 " + path + '\n', rows + " rows written to " + path + '\n');
  return outcome;
}

}  // namespace yishi::cli
