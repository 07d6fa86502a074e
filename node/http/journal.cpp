// /journal: lines noted here, and all lines that this node holds, in the order stored.
//
// A cursor is "ROW" (that row is done) or "ROW.LINES" (so many journal lines of it are).
#include <charconv>
#include <string_view>

#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/query.h"
#include "node/store/logs.h"
#include "node/turn/ledger.h"
#include "sync/run.h"

namespace yishi::http {
namespace {

struct Place {  // rows up to `row` are done, and `lines` lines of the one after it
  std::uint64_t row = 0;
  std::uint64_t lines = 0;
};

std::optional<Place> parse_place(std::string_view text) {
  if (text.empty()) return Place{};
  std::uint64_t row = 0;
  std::uint64_t lines = 0;
  const char* end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, row);
  if (error != std::errc{} || row > sync::kMaxNumber) return std::nullopt;
  if (rest == end) return Place{row, 0};
  if (*rest != '.' || row == 0) return std::nullopt;
  const auto second = std::from_chars(rest + 1, end, lines);
  if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
  return Place{row - 1, lines};
}

std::string place_text(const Place& place) {
  if (place.lines == 0) return std::to_string(place.row);
  return std::to_string(place.row + 1) + '.' + std::to_string(place.lines);
}

// Collects lines until the page is full.
class Page {
 public:
  Page(Place place, std::uint64_t limit) : place_(place), limit_(limit) {}

  bool full() const { return count_ >= limit_ || bytes_ >= kMaxPageBytes; }
  const Place& place() const { return place_; }
  Json take() { return std::move(lines_); }

  // False when the page is full before the row's end. A run that does not open was checked
  // when it came; then nothing of it is shown, and verify will say so.
  bool add(const store::StoredRow& row) {
    const auto run = sync::Run::open(row.run);
    std::uint64_t seen = 0;
    if (run) {
      for (const auto& entry : run->entries()) {
        if (!add(row, entry, seen)) return false;
      }
    }
    place_ = {row.position, 0};
    return true;
  }

 private:
  bool add(const store::StoredRow& row, const sync::Entry& entry, std::uint64_t& seen) {
    std::optional<sync::EntryHeader> header;
    for (const auto& bytes : entry.records) {
      if (!bytes) continue;
      const auto record = sync::decode_record(*bytes);
      if (!record || record->kind != turn::kJournalKind || seen++ < place_.lines) continue;
      if (full()) return false;
      if (!header) {
        auto decoded = sync::decode_header(entry.header);
        if (!decoded) return true;
        header = std::move(decoded).value();
      }
      lines_.push_back({{"position", row.position},
                        {"unit", record->subject},
                        {"log", to_hex(header->log.view())},
                        {"sequence", header->sequence},
                        {"time", times(header->time_ms)},
                        {"line", text_of(record->body)}});
      ++count_;
      bytes_ += record->body.size();
      ++place_.lines;
    }
    return true;
  }

  Place place_;
  std::uint64_t limit_;
  std::uint64_t count_ = 0;
  std::size_t bytes_ = 0;
  Json lines_ = Json::array();
};

}  // namespace

Result<Reply> post_journal(Call& call) {
  const auto object = parse_object(call.request().body);
  if (!object) return object.error();
  Form form(*object);
  turn::NoteJournal command;
  command.lines = form.texts("lines", turn::kMaxJournalLines, turn::kMaxJournalLineBytes);
  if (command.lines.empty()) {
    form.fail({"json.missing", "lines", "lines：至少要有一行", "lines: at least one is required"});
  }
  if (const auto status = form.finish(); !status) return status.error();
  const auto records = command.lines.size();
  const auto done = call.ask(std::move(command));
  if (!done) return done.error();
  return Reply{{{"sequence", done->sequence}, {"records", records}}, 201};
}

Result<Reply> get_journal(Call& call) {
  Query query(call.request());
  const auto place = parse_place(query.text("after"));
  const auto limit = query.number("limit", 1000, kMaxJournalPage);
  if (const auto status = query.finish(); !status) return status.error();
  if (!place) {
    return Error{"query.number", "after", "参数 after：不是合法的位置",
                 "parameter after: is not a position"};
  }
  if (const auto opened = call.open(); !opened) return opened.error();
  const store::Logs logs(call.database());
  const auto last = logs.last_position();
  Page page(*place, limit);
  std::uint64_t scanned = 0;
  bool room = true;
  while (room && scanned < kMaxJournalScanRows) {
    const auto rows = logs.rows_after(page.place().row, kScanBytes, false);
    if (rows.empty()) break;
    scanned += rows.size();
    for (const auto& row : rows) {
      room = page.add(row);
      if (!room) break;
    }
  }
  const bool end = room && page.place().row >= last;
  const std::string next = place_text(page.place());
  return Reply{{{"lines", page.take()}, {"next", next}, {"end", end}}};
}

}  // namespace yishi::http
