#include "node/turn/repair.h"

#include "node/turn/rebuild.h"
#include "node/turn/row_check.h"

namespace yishi::turn {

namespace {

// Judges rows in order, and learns the keys from the topology log's among them.
class Judge {
 public:
  explicit Judge(const store::Identity& identity)
      : directory_(identity.network),
        check_(directory_, identity.network, identity.suite, RowCheck::Signatures::kEveryRun) {}

  store::RowVerdict operator()(const store::StoredRow& row) {
    auto verdict = check_.judge(row);
    const bool topology = directory_.empty() || row.log == directory_.topology_key().id();
    if (!verdict.fault && topology) learn(row);
    return verdict;
  }

 private:
  void learn(const store::StoredRow& row) {
    auto run = sync::Run::open(row.run);
    if (!run) return;
    for (const auto& entry : run->entries()) {
      auto header = sync::decode_header(entry.header);
      if (!header) continue;
      for (const auto& bytes : entry.records) {
        auto record = bytes ? sync::decode_record(*bytes) : Result<sync::Record>(Error{});
        auto change = record ? topology::decode_change(record->body)
                             : Result<topology::Change>(record.error());
        // One that broke a rule when it came has no effect now either.
        if (change) (void)directory_.apply(*change, {header->sequence, header->time_ms});
      }
    }
  }

  topology::Directory directory_;
  RowCheck check_;
};

void say(RepairReport& report, std::string zh, std::string en) {
  report.lines_zh.push_back(std::move(zh));
  report.lines_en.push_back(std::move(en));
}

void describe(RepairReport& report) {
  const auto& salvaged = report.salvaged;
  say(report, report.found.zh, report.found.en);
  for (const auto& damage : salvaged.mended) {
    say(report, damage.zh + "；已就地修复", damage.en + "; mended on the spot");
  }
  for (const auto& damage : salvaged.rows) {
    say(report, damage.zh + "；将向上下级索取", damage.en + "; neighbours will be asked for it");
  }
  for (const auto position : salvaged.lost) {
    const auto number = std::to_string(position);
    say(report, "第 " + number + " 行已无迹可寻；将请上下级从头再报",
        "nothing is left of position " + number + "; neighbours will tell everything again");
  }
  for (const auto& table : salvaged.tables) {
    say(report, "表 " + table + " 受损，已重新推导或将重新获知",
        "the table " + table + " had suffered: derived again, or to be learned again");
  }
  say(report, "受损的文件保存为 " + salvaged.kept, "the damaged file is kept as " + salvaged.kept);
}

// What is to be done with the fresh store before it serves.
Status finish(const std::string& directory, RepairReport& report) {
  auto database = store::Database::open(directory, store::Access::kWriter);
  if (!database) return database.error();
  store::Logs logs(**database);
  const bool whole = logs.open_damages() == 0 && report.salvaged.lost.empty();
  // Records that an older program kept without knowing them: derived again they count where they
  // came, as on a node that always knew them; judged now they would be the newest change.
  const bool learned = logs.value(kKnownKinds).value_or(known_kinds()) != known_kinds() &&
                       store::Issues(**database).has_unknown();
  const bool rebuild = learned || !report.salvaged.projections ||
                       logs.value(kRebuildBegun).value_or("") == "1" ||
                       (whole && logs.value(store::kProjectionsDue).value_or("") == "1");
  if (rebuild) {
    report.rebuilt = true;
    if (auto status = rebuild_projections(**database); !status.ok()) return status;
  }
  // A named value may have been read with a changed bit; this one the first row knows.
  const auto first = report.damaged ? logs.row(1) : std::nullopt;
  const bool due = rebuild && !whole;
  const bool unsure = !report.salvaged.heads && !whole;
  if (!rebuild && !due && !unsure && !first) return {};
  if (auto status = (*database)->begin(); !status.ok()) return status;
  if (rebuild) (void)logs.set_value(store::kProjectionsDue, due ? "1" : "");
  if (unsure) (void)logs.set_value(kOwnLogUnsure, "1");
  if (first) (void)logs.set_value(kTopologyLog, to_hex(first->log.view()));
  return (*database)->commit();
}

}  // namespace

Result<RepairReport> repair_store(const std::string& directory, std::uint64_t max_bytes,
                                  std::uint64_t now_ms, const std::optional<Error>& known) {
  RepairReport report;
  Status state = known ? Status(*known) : store::examine(directory, max_bytes);
  if (!state.ok()) {
    const auto& rule = state.error().rule;
    if (!known && rule != "store.corrupt" && rule != "store.io") return state.error();
    report.damaged = true;
    report.found = state.error();
    auto salvaged = store::salvage(
        directory,
        [](const store::Identity& identity) -> store::RowJudge {
          return [judge = std::make_shared<Judge>(identity)](const store::StoredRow& row) {
            return (*judge)(row);
          };
        },
        now_ms);
    if (!salvaged) return salvaged.error();
    report.salvaged = std::move(*salvaged);
    describe(report);
  }
  if (auto status = finish(directory, report); !status.ok()) return status.error();
  return report;
}

}  // namespace yishi::turn
