// `yishi restore`: a data directory from a backup.
//
// With a ticket it becomes the unit's next node: what the backup holds, a new key, a new log.
// The old key is not taken along, so nothing can be signed with it twice, however old the backup
// is. What the old log said after the backup comes from the parent and from those below, as it
// does to any machine that takes another's place. Without a ticket it has its old key and only
// reads.
#include <filesystem>

#include "node/data_directory.h"
#include "node/directory_draft.h"
#include "node/store/logs.h"
#include "node/store/snapshot.h"
#include "node/turn/backup.h"
#include "node/turn/clock.h"
#include "node/turn/repair.h"
#include "node/turn/verify.h"

namespace yishi::node {

namespace {

// Beside the data directory's place, gone without a trace.
class Unpacked {
 public:
  static Result<std::unique_ptr<Unpacked>> make(const std::string& near) {
    auto path = std::filesystem::path(near).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    std::error_code error;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    auto pattern = path.string() + ".backup-XXXXXX";
    if (!::mkdtemp(pattern.data())) return unusable("data.create", pattern, "mkdtemp");
    return std::unique_ptr<Unpacked>(new Unpacked(pattern));
  }
  ~Unpacked() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit Unpacked(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

Result<turn::VerifyReport> verified(const std::string& directory) {
  auto report = turn::verify_store(directory, {});
  if (!report) return report.error();
  if (report->ok()) return std::move(*report);
  return Error{"backup.verify", "file", "备份与其记录不符：" + report->faults_zh.front(),
               "the backup does not agree with its entries: " + report->faults_en.front()};
}

Result<store::Identity> identity_in(const std::string& directory) {
  auto database = store::Database::open(directory, store::Access::kReader);
  if (!database) return database.error();
  return (*database)->identity();
}

Status fits_unit(const topology::TicketText& ticket, const store::Identity& identity) {
  if (ticket.network == identity.network && ticket.unit == identity.unit) return {};
  const auto unit = identity.unit.text();
  return Error{"ticket.other", "ticket",
               "票据是给 " + ticket.unit.text() + " 的，备份属于 " + unit + "：什么也没有改动",
               "the ticket is for " + ticket.unit.text() + ", and the backup is of " + unit +
                   ": nothing was changed"};
}

Status move_files(const std::string& from, const DirectoryDraft& draft,
                  const std::vector<std::string_view>& names) {
  for (const auto name : names) {
    const auto file = std::filesystem::path(from) / name;
    std::error_code error;
    if (!std::filesystem::exists(file, error)) continue;
    std::filesystem::rename(file, draft.file(name), error);
    if (error) return unusable("data.create", draft.file(name), error.message());
  }
  return {};
}

Status set_value(const std::string& directory, std::string_view name, const std::string& value) {
  auto database = store::Database::open(directory, store::Access::kWriter);
  if (!database) return database.error();
  store::Logs logs(**database);
  if (auto status = (*database)->begin(); !status.ok()) return status;
  if (auto status = logs.set_value(name, value); !status.ok()) return status;
  return (*database)->commit();
}

// The key, the CURVE pair and the ticket of a new node around the old store.
Status become_next(DirectoryDraft& draft, const topology::TicketText& ticket,
                   const cli::RestoreOptions& options, const std::string& endpoint,
                   std::uint64_t now_ms) {
  crypto::SystemRandom random;
  if (auto s = draft.choose_passphrase(options.passphrase_file, random); !s.ok()) return s;
  if (auto s = make_ticket_file(draft, ticket, endpoint, now_ms, random); !s.ok()) return s;
  sync::Nonce incarnation{};
  random.fill(incarnation);
  if (auto s = store::renew_store(draft.path(), incarnation); !s.ok()) return s;
  return options.bind.empty() ? Status() : set_value(draft.path(), "bind", options.bind);
}

cli::Summary summary_of(const cli::RestoreOptions& options, const store::Identity& identity,
                        const turn::VerifyReport& report, bool next) {
  const auto records = std::to_string(report.records);
  const auto unit = identity.unit.text();
  const std::string zh =
      next
          ? "另起一本日志：启动后向上级报到，获准后即可登记；备份之后的记录由上级和下级补来"
          : "没有票据：启动后只读，不登记任何事项。要恢复登记，请向管理员要一张新票，删去这个目录，"
            "再用 --ticket 恢复一次";
  const std::string en =
      next ? "It begins a new log: once started it knocks at its parent, and writes when it is "
             "admitted; what was written after the backup comes from the parent and from below"
           : "There was no ticket: once started it only reads and logs nothing. To write again, "
             "ask the operator for a new ticket, remove this directory, and restore with --ticket";
  return {unit + " 已由备份恢复，" + records + " 条记录核验无误。\n" + zh + "。",
          unit + " was restored; its " + records + " records were verified.\n" + en + ".",
          {{"unit", unit},
           {"records", records},
           {"issues", std::to_string(report.issues)},
           {"writes", next ? "when_admitted" : "no"},
           {"data", options.data}}};
}

}  // namespace

Result<cli::Summary> restore_backup(const cli::RestoreOptions& options) {
  const auto now = turn::SystemClock().now().wall_ms;
  auto ticket = options.ticket.empty() ? Result<std::optional<topology::TicketText>>(std::nullopt)
                                       : usable_ticket(options.ticket, now);
  if (!ticket) return ticket.error();
  auto endpoint = reachable_endpoint(options.bind, options.advertise);
  if (!endpoint) return endpoint.error();
  auto draft = DirectoryDraft::make(options.data);
  if (!draft) return draft.error();
  auto unpacked = Unpacked::make(options.data);
  if (!unpacked) return unpacked.error();
  const auto& from = (*unpacked)->path();
  if (auto s = turn::unpack_backup(options.file, options.backup_passphrase, from); !s.ok()) {
    return s.error();
  }
  auto report = verified(from);
  if (!report) return report.error();
  auto identity = identity_in(from);
  if (!identity) return identity.error();
  auto status = move_files(from, *draft, {"store.db", "accounts.db", "matters.db"});
  if (*ticket) {
    if (status.ok()) status = fits_unit(**ticket, *identity);
    if (status.ok()) status = become_next(*draft, **ticket, options, *endpoint, now);
  } else {
    if (status.ok()) {
      status = move_files(from, *draft,
                          {"node.key", "curve.key", "topology.key", "operator.key", "ticket",
                           "secret", "http.crt", "http.key"});
    }
    if (status.ok()) status = set_value(draft->path(), turn::kOwnLogRestored, "1");
  }
  if (status.ok()) status = draft->finish();
  if (!status.ok()) return status.error();
  return summary_of(options, *identity, *report, ticket->has_value());
}

}  // namespace yishi::node
