#include "tests/fuzz/naive_check.h"

#include <algorithm>

namespace yishi::fuzz {
namespace {

using sync::Standing;

// One entry with all that can be said of it alone.
struct Looked {
  bool sound = false;        // header, network, log, records
  bool signature = false;    // its own
  sync::EntryHeader header;  // when sound
  crypto::Digest digest;
};

Looked look(const crypto::PublicKey& key, const crypto::Digest& network, const sync::Entry& entry) {
  Looked looked;
  const auto header = sync::decode_header(entry.header);
  if (!header) return looked;
  looked.header = *header;
  looked.signature =
      key.verify("yishi/entry/1", entry.header, crypto::Signature::from(entry.signature));
  looked.digest = crypto::digest(key.suite(), "yishi/link/1", {entry.header, entry.signature});
  looked.sound = header->network == network && header->log == key.id() &&
                 header->records.size() == entry.records.size();
  for (std::size_t i = 0; looked.sound && i < entry.records.size(); ++i) {
    const auto& record = entry.records[i];
    looked.sound =
        !record || crypto::digest(key.suite(), "yishi/record/1", {*record}) == header->records[i];
  }
  return looked;
}

std::vector<Looked> look_at_all(const crypto::PublicKey& key, const crypto::Digest& network,
                                const std::vector<sync::Entry>& entries) {
  std::vector<Looked> all;
  for (const auto& entry : entries) all.push_back(look(key, network, entry));
  return all;
}

bool follows(const Looked& now, const Looked& before) {
  return now.header.sequence == before.header.sequence + 1 &&
         now.header.previous == before.digest && now.header.topology >= before.header.topology;
}

bool differs(const HeldDigests& held, std::uint64_t sequence, const crypto::Digest& digest) {
  const auto found = held.find(sequence);
  return found != held.end() && found->second != digest;
}

}  // namespace

NaiveVerdict naive_check_run(const crypto::PublicKey& key, const crypto::Digest& network,
                             std::uint64_t head, const HeldDigests& held,
                             const std::vector<sync::Entry>& entries) {
  const std::vector<Looked> all = look_at_all(key, network, entries);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].sound || (i > 0 && !follows(all[i], all[i - 1]))) {
      return {Standing::kInvalid, 0, i};
    }
    const bool other = differs(held, all[i].header.sequence, all[i].digest);
    const bool hangs_elsewhere = i == 0 && !held.contains(all[i].header.sequence) &&
                                 differs(held, all[i].header.sequence - 1, all[i].header.previous);
    if (other || hangs_elsewhere) {
      return {all[i].signature ? Standing::kForked : Standing::kInvalid, 0, i};
    }
  }
  const Looked& last = all.back();
  if (!held.contains(last.header.sequence) && !last.signature) {
    return {Standing::kInvalid, 0, all.size() - 1};
  }
  const std::uint64_t begin = all.front().header.sequence;
  if (begin > head + 1) return {Standing::kGap, 0, 0};
  if (last.header.sequence <= head) return {Standing::kKnown, all.size(), 0};
  return {Standing::kFollows, static_cast<std::size_t>(head + 1 - begin), 0};
}

NaiveVerdict naive_check_singly(const crypto::PublicKey& key, const crypto::Digest& network,
                                HeldDigests held, const std::vector<sync::Entry>& entries) {
  std::optional<std::size_t> first_new;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Looked looked = look(key, network, entries[i]);
    if (!looked.sound) return {Standing::kInvalid, 0, i};
    const std::uint64_t sequence = looked.header.sequence;
    const bool known = held.contains(sequence);
    if (known && !differs(held, sequence, looked.digest)) continue;
    if (!looked.signature) return {Standing::kInvalid, 0, i};
    if (known || differs(held, sequence - 1, looked.header.previous)) {
      return {Standing::kForked, 0, i};
    }
    held.emplace(sequence, looked.digest);
    first_new = first_new.value_or(i);
  }
  return {first_new ? Standing::kFollows : Standing::kKnown, first_new.value_or(entries.size()), 0};
}

}  // namespace yishi::fuzz
