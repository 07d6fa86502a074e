// Runs. Bytes that begin with a codec are a packed run: what opens must pack to the same
// entries. Any other input is a script that puts a run together from logs written beforehand
// and spoils it here and there; check_run and check_singly must then say what the naive
// verifier says, which checks every signature.
#include "sync/run.h"

#include "tests/fuzz/cutter.h"
#include "tests/fuzz/logs.h"
#include "tests/fuzz/naive_check.h"
#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

constexpr std::size_t kMaxScriptEntries = 12;
constexpr std::uint8_t kLastCodec = 1;

const Logs& logs() {
  static const Logs kLogs;
  return kLogs;
}

bool same_records(const sync::Entry& a, const sync::Entry& b) {
  return std::equal(a.records.begin(), a.records.end(), b.records.begin(), b.records.end(),
                    [](const auto& x, const auto& y) {
                      return x.has_value() == y.has_value() && (!x || equal(*x, *y));
                    });
}

bool same_entries(const std::vector<sync::Entry>& a, const std::vector<sync::Entry>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return equal(x.header, y.header) && equal(x.signature, y.signature) && same_records(x, y);
  });
}

void hold_packing(const std::vector<sync::Entry>& entries) {
  // Forms longer than ours may take what ours would not, at the very limit only.
  if (sync::raw_run_size(entries) > sync::kMaxRunBytes) return;
  for (const bool compress : {false, true}) {
    const Bytes packed = sync::pack_run(entries, compress);
    YISHI_ASSERT(packed.size() <= sync::raw_run_size(entries) + 1);
    const auto again = sync::Run::open(packed);
    YISHI_ASSERT(again.ok());
    YISHI_ASSERT(same_entries(again->entries(), entries));
  }
}

struct HeldLog {
  sync::Head head;
  HeldDigests digests;
};

// The first entries of the main log, some of their digests forgotten.
HeldLog cut_held(Cutter& in) {
  HeldLog held;
  held.head.sequence = in.below(Logs::kMainEntries + 1);
  const std::uint8_t kept = in.byte();
  for (std::uint64_t at = 1; at <= held.head.sequence; ++at) {
    if (at == held.head.sequence || (kept >> at & 1) != 0) {
      held.digests[at] = logs().digests[at - 1];
    }
  }
  if (held.head.sequence > 0) held.head.digest = logs().digests[held.head.sequence - 1];
  return held;
}

void flip(std::span<std::uint8_t> bytes, std::size_t bit) {
  if (!bytes.empty()) bytes[bit / 8 % bytes.size()] ^= static_cast<std::uint8_t>(1U << bit % 8);
}

void spoil(sync::SealedEntry& entry, Cutter& in) {
  const std::size_t which = in.below(entry.records.size());
  auto& record = entry.records[which];
  switch (in.below(8)) {
    case 0:
      return flip(entry.header, in.word());
    case 1:
      return flip(entry.signature.bytes, in.word());
    case 2:
      if (record) flip(*record, in.word());
      return;
    case 3:
      record.reset();
      return;
    case 4:
      std::swap(record, entry.records.front());
      return;
    case 5:
      entry.records.push_back(record);
      return;
    case 6:
      if (entry.records.size() > 1) entry.records.pop_back();
      return;
    default:
      return;
  }
}

std::vector<sync::SealedEntry> cut_entries(Cutter& in) {
  std::vector<sync::SealedEntry> entries;
  do {
    const std::size_t choice = in.byte();
    entries.push_back(logs().pool[choice % logs().pool.size()]);
    if (choice >= 192) spoil(entries.back(), in);
  } while (!in.empty() && entries.size() < kMaxScriptEntries);
  return entries;
}

void hold_verdicts(const sync::Run& run, const HeldLog& held) {
  const crypto::PublicKey& key = logs().key.public_key();
  const auto digest_at = [&](std::uint64_t sequence) -> std::optional<crypto::Digest> {
    const auto found = held.digests.find(sequence);
    return found == held.digests.end() ? std::nullopt : std::optional(found->second);
  };
  const auto agrees = [](const sync::Verdict& ours, const NaiveVerdict& naive) {
    return ours.standing == naive.standing && ours.first_new == naive.first_new &&
           ours.at == naive.at;
  };
  const auto whole = sync::check_run(key, logs().network, held.head, run, digest_at);
  YISHI_ASSERT(agrees(whole, naive_check_run(key, logs().network, held.head.sequence, held.digests,
                                             run.entries())));
  const auto single = sync::check_singly(key, logs().network, run, digest_at);
  YISHI_ASSERT(
      agrees(single, naive_check_singly(key, logs().network, held.digests, run.entries())));
  if (whole.standing != sync::Standing::kFollows) return;
  YISHI_ASSERT(whole.head.digest == whole.digests.back());
  YISHI_ASSERT(whole.head.sequence == whole.headers.back().sequence);
}

void hold_script(View script) {
  Cutter in(script);
  in.byte();  // no codec
  const HeldLog held = cut_held(in);
  const auto sealed = cut_entries(in);
  std::vector<sync::Entry> views;
  for (const auto& entry : sealed) views.push_back(entry.view());
  const auto run = sync::Run::open(sync::pack_run(views, false));
  YISHI_ASSERT(run.ok() && same_entries(run->entries(), views));
  hold_verdicts(*run, held);
}

}  // namespace

void fuzz_run(View input) {
  if (!input.empty() && input[0] > kLastCodec) return hold_script(input);
  const auto run = sync::Run::open(input);
  if (!run) {
    YISHI_ASSERT(run.error().rule.starts_with("run."));
    return;
  }
  hold_packing(run->entries());
  hold_verdicts(*run, {});
}

}  // namespace yishi::fuzz
