// /backup: a verified, encrypted copy of everything this node needs to come back.
#include "node/turn/backup.h"

#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/quantities.h"
#include "node/http/status_json.h"

namespace yishi::http {

Result<Reply> post_backup(Call& call) {
  // It writes files wherever the path says, and opens what the passphrase protects.
  if (call.caller().via != "socket") {
    return Error{"backup.socket", "", "备份只能在本机用命令行进行",
                 "backups are made on the node's own machine, by the command line"};
  }
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  const auto text = [&](const char* name) {
    const auto found = object->find(name);
    return found != object->end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto folder = text("folder");
  if (folder.empty() || folder.front() != '/') {
    return Error{"backup.folder", "folder", "folder 应当是备份目录的绝对路径",
                 "folder is the absolute path of the folder of backups"};
  }
  crypto::SystemRandom random;
  const auto& shared = call.shared();
  const auto report =
      turn::take_backup(shared.directory, folder, text("passphrase"), shared.gate.now_ms(), random);
  if (!report) return report.error();
  return Reply{{{"path", report->path},
                {"bytes", report->bytes},
                {"rows", report->rows},
                {"records", report->records},
                {"issues", report->issues},
                {"removed", report->removed}}};
}

Json backup_json(const std::string& directory) {
  const auto last = turn::last_backup(directory);
  if (!last) return nullptr;
  const auto now = now_ms();
  return {{"time", times(last->time_ms)},
          {"age_s", now > last->time_ms ? (now - last->time_ms) / 1000 : 0},
          {"path", last->path}};
}

}  // namespace yishi::http
