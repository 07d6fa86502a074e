// yishi: hands the command line what it cannot do through a running node.
#include "node/cli/cli.h"
#include "node/daemon.h"
#include "node/data_directory.h"
#include "node/deliberation/policy_document.h"
#include "node/deliberation/policy_flow.h"
#include "node/software.h"
#include "node/turn/clock.h"
#include "node/turn/rebuild.h"
#include "node/turn/repair.h"
#include "node/turn/verify.h"

namespace {

std::vector<std::pair<std::string, std::string>> fields_of(
    const yishi::turn::VerifyReport& report) {
  return {{"rows", std::to_string(report.rows)},
          {"entries", std::to_string(report.entries)},
          {"records", std::to_string(report.records)},
          {"withheld", std::to_string(report.withheld)},
          {"logs", std::to_string(report.logs)},
          {"issues", std::to_string(report.issues)},
          {"signatures", std::to_string(report.signatures)}};
}

yishi::Result<yishi::cli::VerifyOutcome> verify(const std::string& data) {
  auto report = yishi::turn::verify_store(data, {});
  if (!report) return report.error();
  yishi::cli::VerifyOutcome outcome;
  outcome.ok = report->ok();
  outcome.summary.fields = fields_of(*report);
  outcome.faults_zh = report->faults_zh;
  outcome.faults_en = report->faults_en;
  return outcome;
}

yishi::Result<yishi::cli::RepairOutcome> repair(const std::string& data) {
  yishi::turn::SystemClock clock;
  auto report = yishi::turn::repair_store(data, UINT64_MAX, clock.now().wall_ms);
  if (!report) return report.error();
  return yishi::cli::RepairOutcome{report->damaged, report->lines_zh, report->lines_en};
}

yishi::Result<yishi::cli::RebuildOutcome> rebuild(const std::string& data,
                                                  const yishi::cli::OnProgress& progress) {
  const auto report = yishi::turn::rebuild_store(data, progress);
  if (!report) return report.error();
  return yishi::cli::RebuildOutcome{report->rows, report->records, report->issues, report->seconds};
}

yishi::Result<yishi::cli::PolicyView> view_policy(const std::string& text) {
  const auto policy = yishi::deliberation::parse_policy(text);
  if (!policy) return policy.error();
  const auto& label = (*policy)->label;
  return yishi::cli::PolicyView{label.id, label.zh, label.en, policy_flow(**policy, true),
                                policy_flow(**policy, false)};
}

yishi::Result<std::vector<yishi::cli::PolicyChange>> compare_policies(const std::string& before,
                                                                      const std::string& after) {
  auto found = yishi::deliberation::policy_difference(before, after);
  if (!found) return found.error();
  std::vector<yishi::cli::PolicyChange> changes;
  for (auto& one : *found) {
    changes.push_back({std::move(one.path), std::move(one.before), std::move(one.after)});
  }
  return changes;
}

}  // namespace

int main(int argc, char** argv) {
  return yishi::cli::run(argc, argv,
                         {.serve = yishi::node::serve,
                          .create = yishi::node::create_network,
                          .join = yishi::node::prepare_join,
                          .restore = yishi::node::restore_backup,
                          .backup_passphrase = yishi::node::read_backup_passphrase,
                          .verify = verify,
                          .repair = repair,
                          .rebuild = rebuild,
                          .view_policy = view_policy,
                          .compare_policies = compare_policies,
                          .version = yishi::node::kVersion});
}
