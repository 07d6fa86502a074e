// issue import: a file of issues, judged as a whole before anything is written.
#include <algorithm>
#include <map>
#include <set>

#include "crypto/digest.h"
#include "node/cli/catalog.h"
#include "node/cli/issue_sheet.h"
#include "node/cli/issue_text.h"
#include "node/cli/progress.h"
#include "node/cli/text.h"
#include "topology/csv_lines.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxImportBytes = std::size_t{256} * 1024 * 1024;
constexpr std::size_t kIssuesPerCall = 500;                        // the API takes 1000
constexpr std::size_t kBytesPerImport = std::size_t{1536} * 1024;  // of their JSON
constexpr std::size_t kErrorsShown = 20;
constexpr std::chrono::seconds kImportTime{120};

struct ImportLine {
  std::size_t line = 0;  // in the file
  Json issue;
};

struct ImportError {
  std::size_t line = 0;
  Json error;  // {rule, field, zh, en}
};

std::string trimmed_head(std::string_view head) {
  const auto begin = head.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string(head.substr(begin, head.find_last_not_of(" \t") - begin + 1));
}

// Beside each column of the file, the field of the API; empty: it is only told.
Result<std::vector<std::string>> fields_of(const topology::CsvLine& heads) {
  std::vector<std::string> fields;
  for (const auto& cell : heads.fields) {
    const std::string head = trimmed_head(plain_text(cell));
    const auto& columns = issue_columns();
    const auto known = std::find_if(columns.begin(), columns.end(), [&](const IssueColumn& one) {
      return head == one.zh || head == one.en || (one.field != nullptr && head == one.field);
    });
    if (known == columns.end()) {
      return Error{"import.column", head, "没有名为“" + head + "”的列",
                   "there is no column called \"" + head + "\""};
    }
    fields.emplace_back(known->field == nullptr ? "" : known->field);
    if (!fields.back().empty() && std::count(fields.begin(), fields.end(), fields.back()) > 1) {
      return Error{"import.column", head, "列“" + head + "”出现了两次",
                   "the column \"" + head + "\" stands there twice"};
    }
  }
  for (const char* needed : {"title", "category"}) {
    if (std::find(fields.begin(), fields.end(), needed) != fields.end()) continue;
    return Error{"import.column", needed, std::string("缺少列 ") + needed + "（标题、类别必须有）",
                 std::string("the column ") + needed + " is missing"};
  }
  return fields;
}

Json reach_of(const std::string& text) {
  Json codes = Json::array();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" ,;\t", at), text.size());
    if (end > at) codes.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return codes;
}

void put_import(Json& issue, const std::string& field, const std::string& value) {
  if (value.empty()) return;
  if (field == "reach") {
    issue[field] = reach_of(value);
  } else if (field.starts_with("reporter.")) {
    issue["reporter"][field.substr(field.find('.') + 1)] = value;
  } else {
    issue[field] = value;
  }
}

// A line without an id of its own is known again by what it says and how often it was said.
std::string key_of(const Json& issue, std::map<std::string, std::uint64_t>& seen) {
  constexpr std::size_t kDigits = 40;
  const std::string text = issue.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string times = std::to_string(++seen[text]);
  const auto digest = crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/import/1",
                                     {view_of(text), view_of(times)});
  return "line-" + to_hex(digest.view()).substr(0, kDigits);
}

std::vector<ImportLine> lines_of(const std::vector<topology::CsvLine>& csv,
                                 const std::vector<std::string>& fields,
                                 std::vector<ImportError>& errors) {
  std::vector<ImportLine> lines;
  std::map<std::string, std::uint64_t> seen;
  for (std::size_t i = 1; i < csv.size(); ++i) {
    const topology::CsvLine& row = csv[i];
    if (row.fields.size() > fields.size()) {
      errors.push_back({row.line,
                        {{"rule", "import.fields"},
                         {"field", ""},
                         {"zh", "列数比表头多"},
                         {"en", "there are more columns than heads"}}});
      continue;
    }
    ImportLine line{row.line, Json::object()};
    for (std::size_t k = 0; k < row.fields.size(); ++k) {
      if (!fields[k].empty()) put_import(line.issue, fields[k], plain_text(row.fields[k]));
    }
    if (!line.issue.contains("key")) line.issue["key"] = key_of(line.issue, seen);
    lines.push_back(std::move(line));
  }
  return lines;
}

struct ImportSums {
  std::uint64_t written = 0, known = 0;
};

// Sends the lines in parts; errors are collected. A call that fails ends it.
std::optional<Outcome> send(const Invocation& invocation, const std::vector<ImportLine>& lines,
                            bool dry_run, std::vector<ImportError>& errors, ImportSums& sums) {
  Progress progress(
      dry_run ? invocation.pick("检查", "checking") : invocation.pick("导入", "importing"),
      lines.size());
  for (std::size_t at = 0; at < lines.size();) {
    Json part = Json::array();
    for (std::size_t bytes = 0; at + part.size() < lines.size() && part.size() < kIssuesPerCall;) {
      const Json& issue = lines[at + part.size()].issue;
      bytes += issue.dump(-1, ' ', false, Json::error_handler_t::replace).size();
      if (!part.empty() && bytes > kBytesPerImport) break;
      part.push_back(issue);
    }
    const std::size_t count = part.size();
    auto called = api_post(invocation, "/api/v1/import",
                           {{"issues", std::move(part)}, {"dry_run", dry_run}}, kImportTime);
    if (called.failed) return std::move(called.failed);
    const Json results = called.body.value("lines", Json::array());
    for (std::size_t i = 0; i < count && i < results.size(); ++i) {
      const Json error = cli::at(results[i], "error");
      if (error.is_object()) errors.push_back({lines[at + i].line, error});
    }
    sums.written += called.body.value("written", std::uint64_t{0});
    sums.known += called.body.value("known", std::uint64_t{0});
    at += count;
    progress.at(at);
  }
  return std::nullopt;
}

std::string error_lines(const Invocation& invocation, const std::vector<ImportError>& errors) {
  std::string out;
  for (std::size_t i = 0; i < errors.size() && i < kErrorsShown; ++i) {
    const auto& [line, error] = errors[i];
    const std::string number = std::to_string(line);
    const std::string field = text_of_key(error, "field");
    out += invocation.pick("第 " + number + " 行 ", "line " + number + " ") + one_line(field) +
           (field.empty() ? "" : "：") +
           one_line(text_of_key(error, invocation.chinese ? "zh" : "en")) + " [" +
           text_of_key(error, "rule") + "]\n";
  }
  if (errors.size() > kErrorsShown) {
    const std::string more = std::to_string(errors.size() - kErrorsShown);
    out += invocation.pick("另有 " + more + " 行有错\n", "and " + more + " more lines\n");
  }
  return out;
}

Outcome told_import(const Invocation& invocation, std::size_t lines, const ImportSums& sums,
                    const std::vector<ImportError>& errors, bool dry_run) {
  const auto n = [](std::uint64_t number) { return std::to_string(number); };
  Outcome outcome;
  outcome.json = {{"lines", lines},     {"written", sums.written},  {"known", sums.known},
                  {"dry_run", dry_run}, {"refused", errors.size()}, {"errors", Json::array()}};
  for (const auto& [line, error] : errors) {
    Json one = error;
    one["line"] = line;
    outcome.json["errors"].push_back(std::move(one));
  }
  outcome.text = error_lines(invocation, errors);
  outcome.text += invocation.pick(
      n(lines) + " 行：登记 " + n(sums.written) + " 件，此前已有 " + n(sums.known) + " 件，有错 " +
          n(errors.size()) + " 行" + (dry_run ? "（试运行，未写入）\n" : "\n"),
      n(lines) + " lines: " + n(sums.written) + " logged, " + n(sums.known) + " known before, " +
          n(errors.size()) + " refused" + (dry_run ? " (dry run, nothing written)\n" : "\n"));
  return outcome;
}

Outcome import_issues(const Invocation& invocation) {
  const auto bytes = read_file(invocation.args.get("file"), kMaxImportBytes);
  if (!bytes) return failure(kRefused, bytes.error());
  const auto csv = topology::read_csv_lines(*bytes);
  if (!csv) return failure(kRefused, csv.error());
  const auto fields = fields_of(csv->front());
  if (!fields) return failure(kRefused, fields.error());

  std::vector<ImportError> errors;
  auto lines = lines_of(*csv, *fields, errors);
  const std::size_t count = csv->size() - 1;
  const bool dry_run = invocation.args.has("dry-run");
  ImportSums judged;
  if (auto failed = send(invocation, lines, true, errors, judged)) return *failed;
  std::sort(errors.begin(), errors.end(),
            [](const ImportError& a, const ImportError& b) { return a.line < b.line; });
  if (dry_run) return told_import(invocation, count, {0, judged.known}, errors, true);
  if (!errors.empty() && !invocation.args.has("skip-bad")) {
    Outcome outcome = told_import(invocation, count, {}, errors, true);
    outcome.code = kRefused;
    outcome.error = Error{"import.refused", "file",
                          "有错的行没有改正之前，一件也没有登记（--skip-bad 跳过它们）",
                          "nothing was logged while lines are wrong (--skip-bad leaves them out)"};
    return outcome;
  }
  std::set<std::size_t> bad;
  for (const auto& error : errors) bad.insert(error.line);
  std::erase_if(lines, [&](const ImportLine& line) { return bad.contains(line.line); });
  ImportSums sums;
  std::vector<ImportError> late;
  if (auto failed = send(invocation, lines, false, late, sums)) return *failed;
  errors.insert(errors.end(), late.begin(), late.end());
  return told_import(invocation, count, sums, errors, false);
}

}  // namespace

std::vector<Command> import_commands() {
  return {{"issue import",
           "从 CSV 文件登记多件事项（issue list --out 的格式）",
           "log many issues from a CSV file (as issue list --out writes it)",
           {{"file", "FILE", "CSV 文件（UTF-8 或 GB18030）；- 为标准输入",
             "CSV file (UTF-8 or GB18030); - is standard input", false, true, true},
            {"dry-run", "", "只检查，不写入", "judge it and write nothing"},
            {"skip-bad", "", "跳过有错的行，登记其余的", "leave out the lines that are wrong"}},
           "yishi issue import issues.csv --dry-run",
           import_issues}};
}

}  // namespace yishi::cli
