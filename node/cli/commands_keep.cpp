// backup, restore: keeping a node, and bringing it back.
#include <filesystem>
#include <fstream>

#include "node/cli/catalog.h"
#include "node/cli/issue_text.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxRestoreTicketBytes = std::size_t{64} * 1024;

Outcome backup(const Invocation& invocation) {
  YISHI_ASSERT(invocation.hooks.backup_passphrase);
  const auto& args = invocation.args;
  if (args.get("to").empty() || args.get("backup-passphrase-file").empty()) {
    return usage("to", "请给出 --to 和 --backup-passphrase-file",
                 "give --to and --backup-passphrase-file");
  }
  const auto passphrase = invocation.hooks.backup_passphrase(args.get("backup-passphrase-file"));
  if (!passphrase) return failure(kRefused, passphrase.error());
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(args.get("to"), ignored).lexically_normal();
  constexpr std::chrono::hours kLongestBackup{6};
  const auto called =
      api_post(invocation, "/api/v1/backup",
               {{"folder", folder.string()}, {"passphrase", *passphrase}}, kLongestBackup);
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  const auto path = text_of_key(called.body, "path");
  const auto records = std::to_string(called.body.value("records", std::uint64_t{0}));
  const auto bytes = std::to_string(called.body.value("bytes", std::uint64_t{0}));
  outcome.text = invocation.pick(
      "已备份到 " + path + "：" + records + " 条记录核验无误，加密后 " + bytes + " 字节\n",
      "backed up to " + path + ": " + records + " records verified, " + bytes +
          " bytes encrypted\n");
  for (const auto& old : called.body.value("removed", Json::array())) {
    const auto name = one_line(old.is_string() ? old.get<std::string>() : "");
    outcome.text += invocation.pick("已删除旧备份：", "removed an old one: ") + name + '\n';
  }
  return outcome;
}

Outcome restore(const Invocation& invocation) {
  YISHI_ASSERT(invocation.hooks.restore && invocation.hooks.backup_passphrase);
  const auto& args = invocation.args;
  RestoreOptions options;
  options.data = invocation.data;
  options.file = args.get("file");
  options.bind = args.get("bind");
  options.advertise = args.get("advertise");
  options.passphrase_file = args.get("passphrase-file");
  options.ticket = args.get("ticket");
  if (options.file.empty() || args.get("backup-passphrase-file").empty()) {
    return usage("file", "请给出备份文件和 --backup-passphrase-file",
                 "give the backup and --backup-passphrase-file");
  }
  const bool names_file = !options.ticket.empty() && !options.ticket.starts_with("yishi") &&
                          std::ifstream(options.ticket).good();
  if (names_file) {
    auto text = read_file(options.ticket, kMaxRestoreTicketBytes);
    if (!text) return failure(kRefused, text.error());
    options.ticket = std::move(text).value();
  }
  auto passphrase = invocation.hooks.backup_passphrase(args.get("backup-passphrase-file"));
  if (!passphrase) return failure(kRefused, passphrase.error());
  options.backup_passphrase = std::move(*passphrase);
  const auto summary = invocation.hooks.restore(options);
  if (!summary) return failure(kRefused, summary.error());
  Outcome outcome;
  for (const auto& [key, value] : summary->fields) outcome.json[key] = value;
  outcome.text = invocation.pick(summary->zh, summary->en) + '\n';
  outcome.text +=
      invocation.pick("接下来运行：", "Now run: ") + "yishi serve --data " + invocation.data + '\n';
  return outcome;
}

}  // namespace

std::vector<Command> keep_commands() {
  const Option secret{"backup-passphrase-file", "FILE", "备份口令文件（权限 0600）",
                      "file with the passphrase of backups (mode 0600)"};
  return {
      {"backup",
       "备份运行中的节点：核验、加密，留 7 日 4 周",
       "back up the running node: verified, encrypted; 7 days and 4 weeks are kept",
       {{"to", "FOLDER", "备份目录", "the folder of backups"}, secret},
       "yishi backup --to /mnt/usb --backup-passphrase-file pass.txt",
       backup},
      {"restore",
       "由备份恢复数据目录；有新票才可续写",
       "a data directory from a backup; it writes again only with a new ticket",
       {{"file", "FILE", "备份文件", "the backup", true, false, true},
        secret,
        {"ticket", "TICKET", "新票：另起一本日志（没有则只读）",
         "a new ticket: begins a new log (without one it only reads)"},
        {"bind", "tcp://…", "监听下级的地址（没有下级可不填）",
         "where to listen for children (none: leave out)"},
        {"advertise", "tcp://…", "下级连接的地址", "where children connect"},
        {"passphrase-file", "FILE", "新密钥的口令文件",
         "file with the passphrase of the new keys"}},
       "yishi --data village restore FILE --backup-passphrase-file pass.txt --ticket ticket.txt",
       restore},
  };
}

}  // namespace yishi::cli
