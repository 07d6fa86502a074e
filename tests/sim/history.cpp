#include "tests/sim/history.h"

#include "crypto/digest.h"
#include "topology/change.h"

namespace yishi::sim {

namespace {

constexpr std::size_t kNameDigits = 8;

std::string name(const crypto::Digest& digest) {
  return to_hex(digest.view()).substr(0, kNameDigits);
}

std::string row_text(const store::StoredRow& row) {
  static const char* const kSources[] = {"own", "below", "above"};
  return "#" + std::to_string(row.position) + " " + name(row.log) + " " +
         std::to_string(row.first) + "-" + std::to_string(row.last) + " " +
         kSources[static_cast<std::size_t>(row.source)] + " " + std::to_string(row.records) +
         " records, run " +
         name(crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/sim/1", {row.run}));
}

std::string ack_text(const sync::Ack& ack) {
  return std::to_string(ack.cursor.position) + (ack.resend ? " resend" : "") + ", " +
         std::to_string(ack.heads.size()) + " heads";
}

struct Teller {
  std::string operator()(const Asked& asked) const {
    return "asked " + std::to_string(asked.number) + " " + std::visit(*this, asked.command);
  }
  std::string operator()(const turn::LogIssue& log) const {
    return "log " + log.body.category + " " + std::to_string(log.body.budget_fen.value_or(0)) +
           " home " + log.body.home.text();
  }
  std::string operator()(const turn::LogIssues& log) const {
    return "log " + std::to_string(log.issues.size()) +
           (log.dry_run ? " issues, dry run" : " issues");
  }
  std::string operator()(const turn::DoAct& act) const {
    return std::string(deliberation::info(act.act).name) + " " + act.issue;
  }
  std::string operator()(const turn::NoteJournal& journal) const {
    return "journal " + std::to_string(journal.lines.size());
  }
  std::string operator()(const turn::WriteRegisters& registers) const {
    std::string text = "registers";
    for (const auto& one : registers.changes) {
      text += " " + one.body.register_id + " of " + one.unit.text();
    }
    return text;
  }
  std::string operator()(const turn::ChangeTopology& topology) const {
    std::string text = "topology";
    for (const auto& bytes : topology.changes) {
      const auto change = topology::decode_change(bytes);
      if (!change) continue;
      for (const auto& operation : change->operations) {
        text += " " + topology::describe(operation, false).substr(0, 120);
      }
    }
    return text;
  }
  std::string operator()(const Answered& answered) const {
    const auto& answer = answered.answer;
    std::string text = "answered " + std::to_string(answered.number);
    if (!answer.ok()) return text + " refused " + answer.error().rule;
    text += " " + answer->issue + " at " + std::to_string(answer->sequence);
    for (const auto& kind : answer->kinds) text += " " + kind;
    return text;
  }
  std::string operator()(const Unanswered& unanswered) const {
    return "unanswered " + std::to_string(unanswered.number);
  }
  std::string operator()(const Stored& stored) const { return "stored " + row_text(stored.row); }
  std::string operator()(const Opened& opened) const {
    return "opened with " + std::to_string(opened.rows.size()) + " rows";
  }
  std::string operator()(const Died& died) const {
    return "died: " + died.cause + (died.power ? ", power cut" : "") +
           (died.last_error.empty() ? "" : ", " + died.last_error);
  }
  std::string operator()(const AckSent& ack) const {
    return "ack to " + ack.to.text() + " " + ack_text(ack.ack);
  }
  std::string operator()(const AckHeard& ack) const {
    return "ack from " + name(ack.sender) + " " + ack_text(ack.ack);
  }
  std::string operator()(const Told& told) const {
    return "tells: parent " + told.parent.text() + " holds to " +
           std::to_string(told.receipted.position) + ", waiting " +
           std::to_string(told.waiting.records);
  }
  std::string operator()(const Admitted&) const { return "admitted"; }
  std::string operator()(const TopologyHeld& held) const {
    return "topology " + std::to_string(held.version);
  }
  std::string operator()(const Forked& forked) const {
    return "FORKED its log at " + std::to_string(forked.sequence) + ": " + name(forked.a) + " " +
           name(forked.b);
  }
  std::string operator()(const RolledBack&) const { return "ROLLED BACK"; }
  std::string operator()(const Misdeed& misdeed) const {
    return "MISDEED " + misdeed.what + (misdeed.record ? " " + name(*misdeed.record) : "");
  }
};

}  // namespace

std::string describe(const Witness& witness, const Event& event) {
  const auto& node = witness.nodes[event.node];
  return std::to_string(event.at) + " " + std::to_string(event.node) + ":" + node.unit.text() +
         " " + std::visit(Teller{}, event.what);
}

std::string history_digest(const Witness& witness) {
  std::string all;
  for (const auto& event : witness.events) {
    all += describe(witness, event) + "\n";
    if (const auto* opened = std::get_if<Opened>(&event.what)) {
      for (const auto& row : opened->rows) all += row_text(row) + "\n";
    }
  }
  return to_hex(
      crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/sim/1", {view_of(all)}).view());
}

}  // namespace yishi::sim
