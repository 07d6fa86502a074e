#include "tests/sim/check_kept.h"

#include "topology/change.h"

namespace yishi::sim {
namespace {

struct Written {  // a record as it stands in an entry of the machine's own log
  std::string kind, subject;
  Bytes body;
};

std::vector<Written> records_of(const HeldEntry& entry) {
  std::vector<Written> written;
  for (const auto& bytes : entry.records) {
    auto record = bytes ? sync::decode_record(*bytes) : Error{"record.absent", {}, {}, {}};
    if (record) written.push_back({record->kind, record->subject, std::move(record->body)});
  }
  return written;
}

class Keeping {
 public:
  explicit Keeping(const Book& book)
      : book_(book), shelves_(book.witness().nodes.size(), Shelf(book)) {}

  Failures run() {
    for (const auto& event : book_.witness().events) hear(event);
    for (const auto& [number, promise] : promises_) redeem(promise);
    return std::move(failures_);
  }

 private:
  struct Promise {
    std::size_t node = 0;
    Millis at = 0;
    const turn::Command* command = nullptr;
    const turn::Done* done = nullptr;  // null: not answered with success
  };

  void hear(const Event& event) {
    if (const auto* stored = std::get_if<Stored>(&event.what)) {
      add(event, stored->row);
    } else if (const auto* opened = std::get_if<Opened>(&event.what)) {
      reopen(event, *opened);
    } else if (const auto* asked = std::get_if<Asked>(&event.what)) {
      promises_[asked->number] = {event.node, event.at, &asked->command, nullptr};
    } else if (const auto* answered = std::get_if<Answered>(&event.what)) {
      if (answered->answer.ok()) promises_[answered->number].done = &*answered->answer;
    }
  }

  void add(const Event& event, const store::StoredRow& row) {
    const auto& rows = shelves_[event.node].rows();
    const auto next = rows.empty() ? 1 : rows.rbegin()->first + 1;
    if (row.position != next) {
      fail(event.at, event.node,
           "took position " + std::to_string(row.position) + " after " + std::to_string(next - 1));
    }
    shelves_[event.node].add(row);
  }

  void reopen(const Event& event, const Opened& opened) {
    for (const auto position : shelves_[event.node].open(opened.rows)) {
      if (book_.witness().nodes[event.node].hostile) continue;  // or put back
      fail(event.at, event.node,
           "row " + std::to_string(position) + " was committed and is not on the disk any more");
    }
  }

  // Only of machines that are there at the end: of a disk that is gone nothing is promised.
  void redeem(const Promise& promise) {
    if (promise.done == nullptr || !book_.reliable(promise.node)) return;
    if (const auto* change = std::get_if<turn::ChangeTopology>(promise.command)) {
      for (const auto& bytes : change->changes) expect_change(promise, bytes);
      return;
    }
    const auto log = book_.witness().nodes[promise.node].key.id();
    const auto written = own_entry(promise, log, promise.done->sequence);
    if (const auto* noted = std::get_if<turn::NoteJournal>(promise.command)) {
      if (written.empty() || !ends_with(noted->lines, written)) lost(promise, "journal lines");
    } else if (std::holds_alternative<turn::WriteRegisters>(*promise.command)) {
      const bool any = promise.done->sequence > 0;  // else all was said already
      if (any && written.empty()) lost(promise, "register entries");
    } else if (const auto* logged = std::get_if<turn::LogIssue>(promise.command)) {
      if (!has(written, "issue.logged", promise.done->issue, logged->body.title)) {
        lost(promise, "the logging of " + promise.done->issue);
      }
    } else if (const auto* act = std::get_if<turn::DoAct>(promise.command)) {
      if (!has(written, deliberation::info(act->act).kind, act->issue, {})) {
        lost(promise, std::string(deliberation::info(act->act).kind) + " of " + act->issue);
      }
    }
  }

  std::vector<Written> own_entry(const Promise& promise, const crypto::Digest& log,
                                 std::uint64_t sequence) {
    for (const auto& [position, held] : shelves_[promise.node].rows()) {
      if (held.row->log != log || sequence < held.row->first || sequence > held.row->last) continue;
      for (const auto* entry : held.entries) {
        if (entry->header.sequence == sequence) return records_of(*entry);
      }
    }
    return {};
  }

  static bool has(const std::vector<Written>& written, std::string_view kind,
                  const std::string& issue, const std::string& title) {
    for (const auto& one : written) {
      if (one.kind != kind || one.subject != issue) continue;
      const auto body = deliberation::decode_body(one.body);
      if (body.ok() && (title.empty() || body->title == title)) return true;
    }
    return false;
  }

  // A long command takes several entries; the last of them is the one that is named.
  static bool ends_with(const std::vector<std::string>& lines,
                        const std::vector<Written>& written) {
    if (written.size() > lines.size()) return false;
    for (std::size_t i = 0; i < written.size(); ++i) {
      const auto& line = lines[lines.size() - written.size() + i];
      if (std::string(written[i].body.begin(), written[i].body.end()) != line) return false;
    }
    return true;
  }

  void expect_change(const Promise& promise, const Bytes& change) {
    for (const auto& [position, held] : shelves_[promise.node].rows()) {
      if (held.row->log != book_.witness().topology_log) continue;
      for (const auto* entry : held.entries) {
        for (const auto& one : records_of(*entry)) {
          if (one.kind == topology::kChangeKind && one.body == change) return;
        }
      }
    }
    lost(promise, "a topology change");
  }

  void lost(const Promise& promise, const std::string& what) {
    fail(promise.at, promise.node, what + " was acknowledged and is lost");
  }
  void fail(Millis at, std::size_t node, const std::string& what) {
    failures_.push_back("[kept] " + at_ms(at) + book_.name(node) + ": " + what);
  }

  const Book& book_;
  std::vector<Shelf> shelves_;
  std::map<std::size_t, Promise> promises_;
  Failures failures_;
};

}  // namespace

Failures check_kept(const Book& book) { return Keeping(book).run(); }

}  // namespace yishi::sim
