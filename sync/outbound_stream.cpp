#include "sync/outbound_stream.h"

#include <algorithm>
#include <utility>

#include "crypto/assert.h"
#include "crypto/planted.h"

namespace yishi::sync {
namespace {

void assert_rows_follow(const std::vector<Row>& rows, std::uint64_t after, std::uint64_t upto) {
  std::uint64_t previous = after;
  for (const Row& row : rows) {
    YISHI_ASSERT(row.position > previous);
    previous = row.position;
  }
  YISHI_ASSERT(upto >= previous);
}

std::size_t bytes_of(const std::vector<Row>& rows) {
  std::size_t bytes = 0;
  for (const Row& row : rows) bytes += row.run.size();
  return bytes;
}

// How far our store goes in the life that a cursor names; nothing: it is none of ours.
std::optional<std::uint64_t> end_of(const Nonce& named, const Nonce& present,
                                    std::span<const Life> past, std::uint64_t last_position) {
  if (named == present || planted(Defect::kIncarnationIgnored)) return last_position;
  const auto life =
      std::find_if(past.begin(), past.end(), [&](const Life& one) { return one.name == named; });
  return life == past.end() ? std::nullopt : std::optional(life->end);
}

}  // namespace

bool OutboundStream::open(const Nonce& incarnation, std::span<const Life> past, const Cursor& held,
                          std::uint64_t last_position) {
  const auto end = end_of(held.incarnation, incarnation, past, last_position);
  const auto& oldest = past.empty() ? incarnation : past.front().name;
  const bool ours = end && held.position <= *end;
  const bool rolled_back =
      end ? !ours
          : of_one_store(held.incarnation, incarnation) && not_before(held.incarnation, oldest);
  close();
  open_ = true;
  incarnation_ = incarnation;
  greeted_ = held;
  began_ = acked_ = ours ? held.position : 0;
  sent_ = read_ = highest_sent_ = acked_;
  window_ = kWindowBytes;
  timeout_ms_ = kAckTimeoutMs;
  return !rolled_back;
}

void OutboundStream::close() {
  open_ = false;
  flight_.clear();
  flight_bytes_ = 0;
  sent_ = read_ = acked_;
  dry_at_ = 0;
  full_ = false;
}

std::optional<Pull> OutboundStream::pull(std::uint64_t last_position) const {
  if (!open_ || full_ || last_position <= std::max(read_, dry_at_)) return std::nullopt;
  // Room for a batch, or nothing: a stream of crumbs would cost a commit each.
  if (flight_bytes_ + kBatchBytes > window_) return std::nullopt;
  return Pull{.after = read_, .max_bytes = window_ - flight_bytes_};
}

std::vector<Entries> OutboundStream::push(std::uint64_t now_ms, std::vector<Row> rows,
                                          std::uint64_t upto, std::uint64_t last_position) {
  if (!open_) return {};
  assert_rows_follow(rows, read_, upto);
  if (rows.empty() && upto == read_) dry_at_ = last_position;
  const std::size_t fitting = rows_within_window(rows);
  if (fitting < rows.size()) {
    full_ = true;
    if (fitting == 0) return {};
    upto = rows[fitting - 1].position;
    rows.resize(fitting);
  }
  std::vector<Entries> messages;
  for (std::size_t next = 0; next < rows.size();) {
    Entries entries = next_message(rows, next);
    if (next == rows.size()) entries.upto = upto;
    launch(now_ms, entries);
    messages.push_back(std::move(entries));
  }
  read_ = upto;
  if (auto skips = flush_skips(now_ms)) messages.push_back(*std::move(skips));
  return messages;
}

std::size_t OutboundStream::rows_within_window(const std::vector<Row>& rows) const {
  std::size_t bytes = flight_bytes_;
  std::size_t count = 0;
  while (count < rows.size()) {
    bytes += rows[count].run.size();
    // One row must always be able to go, or a large one would never.
    if (bytes > window_ && bytes > rows[count].run.size()) break;
    ++count;
  }
  return count;
}

Entries OutboundStream::next_message(std::vector<Row>& rows, std::size_t& next) const {
  Entries entries{.incarnation = incarnation_, .after = sent_, .upto = sent_, .rows = {}};
  std::size_t bytes = 0;
  while (next < rows.size() && entries.rows.size() < kMaxRowsPerMessage) {
    bytes += rows[next].run.size();
    if (bytes > kBatchBytes && !entries.rows.empty()) break;
    entries.upto = rows[next].position;
    entries.rows.push_back(std::move(rows[next++]));
  }
  return entries;
}

std::optional<Entries> OutboundStream::flush_skips(std::uint64_t now_ms) {
  if (!open_ || read_ < sent_ + kSkipPositions || !flight_.empty()) return std::nullopt;
  Entries skips{.incarnation = incarnation_, .after = sent_, .upto = read_, .rows = {}};
  launch(now_ms, skips);
  return skips;
}

void OutboundStream::launch(std::uint64_t now_ms, const Entries& entries) {
  if (flight_.empty()) progress_ms_ = now_ms;
  const std::size_t bytes = bytes_of(entries.rows);
  flight_.push_back({.upto = entries.upto, .bytes = bytes});
  flight_bytes_ += bytes;
  sent_ = entries.upto;
  highest_sent_ = std::max(highest_sent_, sent_);
}

OutboundStream::Outcome OutboundStream::acknowledge(std::uint64_t now_ms, const Ack& ack) {
  auto position = ack.cursor.position;
  if (ack.cursor.incarnation != incarnation_) {
    if (ack.cursor != greeted_) return {.broken_rule = "ack.incarnation"};
    position = began_;  // of this session nothing is on disk there yet
  }
  if (position > highest_sent_) return {.broken_rule = "ack.beyond"};
  if (position < acked_) return {.broken_rule = "ack.behind"};
  if (position > acked_) advance(now_ms, position);
  if (ack.resend) go_back(now_ms);
  return {.broken_rule = {}};
}

void OutboundStream::advance(std::uint64_t now_ms, std::uint64_t position) {
  acked_ = position;
  // What we went back from may have arrived after all.
  sent_ = std::max(sent_, acked_);
  read_ = std::max(read_, sent_);
  while (!flight_.empty() && flight_.front().upto <= acked_) {
    flight_bytes_ -= flight_.front().bytes;
    flight_.pop_front();
  }
  progress_ms_ = now_ms;
  timeout_ms_ = kAckTimeoutMs;
  window_ = std::min(2 * window_, kWindowBytes);
  dry_at_ = 0;
  full_ = false;
}

void OutboundStream::go_back(std::uint64_t now_ms) {
  flight_.clear();
  flight_bytes_ = 0;
  sent_ = read_ = acked_;
  progress_ms_ = now_ms;
  dry_at_ = 0;
  full_ = false;
}

void OutboundStream::tick(std::uint64_t now_ms) {
  if (planted(Defect::kNeverGoesBack)) return;
  if (flight_.empty() || now_ms < progress_ms_ + timeout_ms_) return;
  go_back(now_ms);
  timeout_ms_ = std::min(2 * timeout_ms_, kMaxAckTimeoutMs);
  window_ = kBatchBytes;
}

std::optional<std::uint64_t> OutboundStream::next_tick_ms() const {
  if (flight_.empty()) return std::nullopt;
  return progress_ms_ + timeout_ms_;
}

}  // namespace yishi::sync
