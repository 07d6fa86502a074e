#include "node/turn/row_check.h"

namespace yishi::turn {

namespace {

Error fault(std::string rule, std::string zh, std::string en) {
  return {std::move(rule), "row", std::move(zh), std::move(en)};
}

Error metadata_fault() {
  return fault("row.metadata", "行的序号、条数或时间与其条目不符",
               "its sequences, number of records or time are not those of its entries");
}

// Records of 0: the row does not know.
bool tells(const store::StoredRow& row, std::uint64_t records, std::uint64_t time_ms) {
  return row.records == 0 || (row.records == records && row.time_ms == time_ms);
}

}  // namespace

std::optional<sync::Head> RowCheck::head_of(const crypto::Digest& log) const {
  const auto known = heads_.find(log);
  return known == heads_.end() ? std::nullopt : std::optional(known->second);
}

bool RowCheck::contiguous(const store::StoredRow& row) const {
  // Before there is a topology nothing but its log is taken.
  if (row.source != store::Source::kAbove || directory_->empty()) return true;
  return row.log == directory_->topology_key().id();
}

std::optional<crypto::PublicKey> RowCheck::key_of(const crypto::Digest& log) const {
  if (directory_->empty()) return std::nullopt;
  if (log == directory_->topology_key().id()) return directory_->topology_key();
  const auto* node = directory_->node_of_key(log);
  return node ? std::optional(node->key) : std::nullopt;
}

store::RowVerdict RowCheck::judge(const store::StoredRow& row) {
  store::RowVerdict verdict;
  verdict.fault = fault_of(row, verdict);
  if (verdict.fault) {
    verdict.fault = name_damage(*directory_, row, *verdict.fault);
    // The next row of the log cannot be held against this one.
    heads_.erase(row.log);
  } else if (verdict.head.sequence > 0) {
    heads_[row.log] = verdict.head;
  }
  return verdict;
}

std::optional<Error> RowCheck::fault_of(const store::StoredRow& row, store::RowVerdict& verdict) {
  if (row.run.empty()) return fault("row.unreadable", "读不出", "it cannot be read");
  if (row.source > store::Source::kAbove) return metadata_fault();
  auto run = sync::Run::open(row.run);
  if (!run) return run.error();
  return contiguous(row) ? chain_fault(row, *run, verdict) : singles_fault(row, *run, verdict);
}

// From below, our own, and the topology log: the run continues its log.
std::optional<Error> RowCheck::chain_fault(const store::StoredRow& row, const sync::Run& run,
                                           store::RowVerdict& verdict) {
  const auto known = heads_.find(row.log);
  std::uint64_t records = 0, time_ms = 0, sequence = 0;
  crypto::Digest before;
  for (const auto& entry : run.entries()) {
    auto header = sync::check_entry(suite_, network_, entry);
    if (!header) return header.error();
    if (header->log != row.log) return metadata_fault();
    const bool first = sequence == 0;
    if (!first && (header->sequence != sequence + 1 || header->previous != before)) {
      return fault("log.previous", "前一条目的摘要不符",
                   "the digest of the previous entry does not match");
    }
    sequence = header->sequence;
    const bool follows = known != heads_.end() && known->second.sequence + 1 == sequence;
    if (follows && header->previous != known->second.digest) {
      return fault("log.previous", "与上一行的条目不相接", "it does not follow the row before it");
    }
    before = sync::entry_digest(suite_, entry.header, entry.signature);
    if (sequence == row.first) time_ms = header->time_ms;
    if (sequence >= row.first) records += header->records.size();
    verdict.head = {sequence, before, header->time_ms};
    verdict.topology = header->topology;
  }
  const bool begins = run.entries().size() > sequence - std::min(sequence, row.first);
  if (sequence != row.last || !begins || !tells(row, records, time_ms)) return metadata_fault();
  verdict.records = records;
  verdict.time_ms = time_ms;
  const auto key = key_of(row.log);
  const bool checked = key && signatures_ == Signatures::kEveryRun;
  if (checked && !sync::signature_valid(*key, run.entries().back())) {
    return fault("log.signature", "签名无效", "the signature is not valid");
  }
  return std::nullopt;
}

std::optional<Error> RowCheck::singles_fault(const store::StoredRow& row, const sync::Run& run,
                                             store::RowVerdict& verdict) {
  std::uint64_t records = 0, first = 0, last = 0, time_ms = 0;
  const auto key = key_of(row.log);
  for (const auto& entry : run.entries()) {
    auto header = sync::check_entry(suite_, network_, entry);
    if (!header) return header.error();
    if (header->log != row.log) return metadata_fault();
    if (first == 0) {
      first = header->sequence;
      time_ms = header->time_ms;
    }
    last = header->sequence;
    records += header->records.size();
    if (key && !sync::signature_valid(*key, entry)) {
      return fault("log.signature", "签名无效", "the signature is not valid");
    }
  }
  if (first != row.first || last != row.last || !tells(row, records, time_ms)) {
    return metadata_fault();
  }
  verdict.records = records;
  verdict.time_ms = time_ms;
  return std::nullopt;
}

Error name_damage(const topology::Directory& directory, const store::StoredRow& row,
                  const Error& what) {
  std::string unit;
  if (!directory.empty() && row.log == directory.topology_key().id()) {
    unit = " (topology)";
  } else if (const auto* node = directory.empty() ? nullptr : directory.node_of_key(row.log)) {
    const auto found = directory.unit(node->unit);
    unit = " " + node->unit.text() + (found ? " " + found->name : "");
  }
  const auto log = to_hex(row.log.view()).substr(0, 16) + unit;
  const auto position = std::to_string(row.position);
  const auto first = std::to_string(row.first), last = std::to_string(row.last);
  return {what.rule, "position " + position,
          "第 " + position + " 行，日志 " + log + " 第 " + first + "–" + last + " 项：" + what.zh,
          "position " + position + ", log " + log + ", entries " + first + " to " + last + ": " +
              what.en};
}

}  // namespace yishi::turn
