#include "sync/log_check.h"

#include <map>

#include "crypto/planted.h"

namespace yishi::sync {
namespace {

using DigestAt = std::function<std::optional<crypto::Digest>(std::uint64_t)>;

std::string at_sequence(std::uint64_t sequence) { return std::to_string(sequence); }

Error log_error(std::string_view rule, std::string_view field, std::string zh, std::string en) {
  return {std::string(rule), std::string(field), std::move(zh), std::move(en)};
}

Error fork_by_sequence(std::uint64_t sequence) {
  return log_error(
      "log.fork", "sequence", "同一日志的第 " + at_sequence(sequence) + " 条有两个不同版本",
      "the log has two different signed entries with sequence " + at_sequence(sequence));
}

Error fork_by_previous(std::uint64_t sequence) {
  return log_error(
      "log.fork", "previous", "第 " + at_sequence(sequence) + " 条所接的前一条目与已存的不同",
      "entry " + at_sequence(sequence) + " follows another entry than the one held before it");
}

Error bad_signature(std::uint64_t sequence) {
  return log_error("log.signature", "signature", "第 " + at_sequence(sequence) + " 条的签名无效",
                   "the signature of entry " + at_sequence(sequence) + " is not valid");
}

// One check of one run: the verdict as it grows.
class Check {
 public:
  Check(const crypto::PublicKey& key, const crypto::Digest& network, const Run& run)
      : key_(key), network_(network), entries_(run.entries()) {
    verdict_.headers.reserve(entries_.size());
    verdict_.digests.reserve(entries_.size());
  }

  // Decodes entry i, checks it on its own and that it is of this log.
  bool read(std::size_t i) {
    auto header = check_entry(key_.suite(), network_, entries_[i]);
    if (!header) return invalid(i, header.error());
    if (header->log != key_.id()) {
      return invalid(i, log_error("log.foreign", "log", "条目属于另一个日志",
                                  "the entry belongs to another log"));
    }
    verdict_.headers.push_back(std::move(*header));
    verdict_.digests.push_back(
        entry_digest(key_.suite(), entries_[i].header, entries_[i].signature));
    return true;
  }

  // Entry i, i > 0, must be the next link of the chain.
  bool chained(std::size_t i) {
    const EntryHeader& before = verdict_.headers[i - 1];
    const EntryHeader& now = verdict_.headers[i];
    if (now.sequence != before.sequence + 1) {  // no overflow: see kMaxNumber
      return invalid(i, log_error("log.sequence", "sequence", "序号不连续",
                                  "the sequence does not rise by one"));
    }
    if (now.previous != verdict_.digests[i - 1] && !planted(Defect::kChainNotCompared)) {
      return invalid(i, log_error("log.previous", "previous", "前一条目的摘要不符",
                                  "the digest of the previous entry does not match"));
    }
    if (now.topology < before.topology && !planted(Defect::kTopologyGoesBack)) {
      return invalid(i, log_error("log.topology.rollback", "topology", "组织版本倒退",
                                  "the topology version goes back within the log"));
    }
    return true;
  }

  bool signed_at(std::size_t i) {
    if (signature_valid(key_, entries_[i])) return true;
    return invalid(i, bad_signature(header(i).sequence));
  }

  bool invalid(std::size_t i, Error error) { return stop(Standing::kInvalid, i, std::move(error)); }

  // A fork only if the log's key signed this very entry.
  bool forked(std::size_t i, Error error) {
    if (!signed_at(i)) return false;
    return stop(Standing::kForked, i, std::move(error));
  }

  Verdict finish(Standing standing, std::size_t first_new) {
    verdict_.standing = standing;
    verdict_.first_new = first_new;
    return take();
  }
  Verdict take() { return std::move(verdict_); }

  std::size_t size() const { return entries_.size(); }
  const EntryHeader& header(std::size_t i) const { return verdict_.headers[i]; }
  const crypto::Digest& digest(std::size_t i) const { return verdict_.digests[i]; }
  Verdict& verdict() { return verdict_; }

 private:
  bool stop(Standing standing, std::size_t i, Error error) {
    verdict_.standing = standing;
    verdict_.at = i;
    verdict_.error = std::move(error);
    return false;
  }

  const crypto::PublicKey& key_;
  const crypto::Digest& network_;
  const std::vector<Entry>& entries_;
  Verdict verdict_;
};

// What we hold of a log.
class Held {
 public:
  Held(const Head& head, const DigestAt& digest_at) : head_(head), digest_at_(digest_at) {}

  std::optional<crypto::Digest> at(std::uint64_t sequence) const {
    if (sequence == 0 || sequence > head_.sequence) return std::nullopt;
    if (sequence == head_.sequence) return head_.digest;
    return digest_at_ ? digest_at_(sequence) : std::nullopt;
  }

 private:
  const Head& head_;
  const DigestAt& digest_at_;
};

// Whether entry i stands against what we hold. Within a run only the first entry's
// predecessor can do so: the others' are in the run.
bool agrees(Check& check, std::size_t i, const Held& held) {
  const EntryHeader& header = check.header(i);
  const auto ours = held.at(header.sequence);
  if (ours && planted(Defect::kForkTakenForKnown)) return true;
  if (ours) return *ours == check.digest(i) || check.forked(i, fork_by_sequence(header.sequence));
  if (i > 0) return true;
  const auto before = held.at(header.sequence - 1);
  if (!before || *before == header.previous) return true;
  return check.forked(i, fork_by_previous(header.sequence));
}

}  // namespace

Verdict check_run(const crypto::PublicKey& key, const crypto::Digest& network, const Head& head,
                  const Run& run, const DigestAt& digest_at) {
  Check check(key, network, run);
  YISHI_ASSERT(check.size() > 0);
  const Held held(head, digest_at);
  for (std::size_t i = 0; i < check.size(); ++i) {
    if (!check.read(i) || (i > 0 && !check.chained(i)) || !agrees(check, i, held)) {
      return check.take();
    }
  }

  const std::size_t last = check.size() - 1;
  const EntryHeader& end = check.header(last);
  const auto ours = held.at(end.sequence);
  // What we hold was verified when it came, and the digest covers the signature.
  if (!ours && !check.signed_at(last)) return check.take();

  const std::uint64_t begin = check.header(0).sequence;
  if (begin > head.sequence + 1) {
    check.verdict().error =
        log_error("log.gap", "sequence", "缺少第 " + at_sequence(head.sequence + 1) + " 条起的条目",
                  "entries from sequence " + at_sequence(head.sequence + 1) + " on are missing");
    return check.finish(Standing::kGap, 0);
  }
  if (end.sequence <= head.sequence) return check.finish(Standing::kKnown, check.size());
  check.verdict().head = {end.sequence, check.digest(last), end.time_ms};
  return check.finish(Standing::kFollows, head.sequence + 1 - begin);
}

Verdict check_singly(const crypto::PublicKey& key, const crypto::Digest& network, const Run& run,
                     const DigestAt& digest_at) {
  Check check(key, network, run);
  std::map<std::uint64_t, crypto::Digest> seen;  // in this run
  std::size_t first_new = check.size();
  for (std::size_t i = 0; i < check.size(); ++i) {
    if (!check.read(i)) return check.take();
    const std::uint64_t sequence = check.header(i).sequence;
    const auto find = [&](std::uint64_t wanted) -> std::optional<crypto::Digest> {
      if (const auto found = seen.find(wanted); found != seen.end()) return found->second;
      return digest_at && wanted > 0 ? digest_at(wanted) : std::nullopt;
    };
    if (const auto ours = find(sequence)) {
      if (*ours == check.digest(i)) continue;
      check.forked(i, fork_by_sequence(sequence));
      return check.take();
    }
    if (!check.signed_at(i)) return check.take();
    const auto before = find(sequence - 1);
    if (before && *before != check.header(i).previous) {
      check.forked(i, fork_by_previous(sequence));
      return check.take();
    }
    if (first_new == check.size()) first_new = i;
    seen.emplace(sequence, check.digest(i));
  }
  return check.finish(first_new < check.size() ? Standing::kFollows : Standing::kKnown, first_new);
}

}  // namespace yishi::sync
