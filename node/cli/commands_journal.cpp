// journal add, journal list.
#include <algorithm>

#include "node/cli/catalog.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{256} * 1024 * 1024;
constexpr std::size_t kLinesPerCall = 1024;  // the API's limit
constexpr std::size_t kBytesPerCall =
    std::size_t{2} * 1024 * 1024;  // of lines; JSON may make them longer
constexpr std::uint64_t kMaxPage = 10'000;

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Outcome add(const Invocation& invocation) {
  auto lines = invocation.args.all("line");
  if (invocation.args.has("file")) {
    const auto text = read_file(invocation.args.get("file"), kMaxFileBytes);
    if (!text) return failure(kRefused, text.error());
    for (auto& line : split_lines(*text)) lines.push_back(std::move(line));
  }
  if (lines.empty()) {
    return usage("line", "请给出要记录的内容，或用 --file 指定文件",
                 "give a line to note, or a file with --file");
  }
  Json sequence;
  std::size_t done = 0;
  while (done < lines.size()) {
    Json part = Json::array();
    for (std::size_t bytes = 0; done + part.size() < lines.size() && part.size() < kLinesPerCall;) {
      const auto& line = lines[done + part.size()];
      bytes += line.size();
      if (!part.empty() && bytes > kBytesPerCall) break;
      part.push_back(line);
    }
    const std::size_t count = part.size();
    auto called = api_post(invocation, "/api/v1/journal", {{"lines", std::move(part)}});
    if (called.failed) {
      if (done > 0 && called.failed->error) {  // what came before is written and stays
        called.failed->error->zh += "（此前 " + std::to_string(done) + " 行已记录）";
        called.failed->error->en += " (the " + std::to_string(done) + " lines before are noted)";
      }
      return *called.failed;
    }
    sequence = called.body.value("sequence", Json());
    done += count;
  }
  Outcome outcome;
  outcome.json = {{"records", done}, {"sequence", sequence}};
  outcome.text = invocation.pick("已记录 " + std::to_string(done) + " 行。\n",
                                 "Noted " + std::to_string(done) + " lines.\n");
  return outcome;
}

Outcome list(const Invocation& invocation) {
  const auto limit = whole_number(invocation.args.get("limit", "100"), kMaxPage);
  if (!limit) {
    return usage("limit", "--limit 应当是 0 到 10000 的整数",
                 "--limit must be a whole number from 0 to 10000");
  }
  Target target("/api/v1/journal");
  target.with("after", invocation.args.get("after")).with("limit", std::to_string(*limit));
  const auto called = api_get(invocation, target.text());
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  for (const auto& line : called.body.value("lines", Json::array())) {
    outcome.text += invocation.time(line.value("time", Json())) + "  " +
                    line.value("unit", std::string()) + "  " +
                    one_line(line.value("line", std::string())) + '\n';
  }
  if (!called.body.value("end", true)) {
    const std::string next = called.body.value("next", std::string());
    outcome.text += invocation.pick("还有更多：--after " + next + '\n',
                                    "There is more: --after " + next + '\n');
  }
  return outcome;
}

}  // namespace

std::vector<Command> journal_commands() {
  return {
      {"journal add",
       "在工作日志中记录若干行",
       "note lines in the room's journal",
       {{"line", "LINE", "一行内容", "a line", true, false, true},
        {"file", "FILE", "每行一条；- 为标准输入", "one entry a line; - is standard input"}},
       "yishi journal add \"上午九点，三组居民来访 4 人\"",
       add},
      {"journal list",
       "按存入的先后列出日志",
       "list journal lines in the order in which they were stored",
       {{"after", "POSITION", "从这个位置之后（上一页末尾给出）",
         "after this position (the last page names it)"},
        {"limit", "N", "最多几行（默认 100）", "at most so many lines (default 100)"}},
       "yishi journal list --limit 20",
       list},
  };
}

}  // namespace yishi::cli
