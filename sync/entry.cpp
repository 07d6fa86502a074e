#include "sync/entry.h"

#include "crypto/pack.h"
#include "crypto/planted.h"
#include "sync/decoding.h"

namespace yishi::sync {
namespace {

constexpr std::string_view kSignatureDomain = "yishi/entry/1";
constexpr std::string_view kLinkDomain = "yishi/link/1";
constexpr std::string_view kEntryFormat = "entry";
constexpr std::uint64_t kEntryVersion = 1;

bool numbers_in_range(const EntryHeader& header) {
  return header.sequence >= 1 && header.sequence <= kMaxNumber && header.time_ms <= kMaxNumber &&
         header.topology <= kMaxNumber;
}

// Only the first entry of a log has nothing before it.
bool previous_fits(const EntryHeader& header) {
  return (header.sequence == 1) == header.previous.is_zero();
}

Error header_error(std::string rule, std::string_view field, std::string zh, std::string en) {
  return {std::move(rule), "entry header, " + std::string(field), std::move(zh), std::move(en)};
}

}  // namespace

Entry SealedEntry::view() const {
  Entry entry{header, signature.view(), {}};
  entry.records.reserve(records.size());
  for (const auto& record : records) {
    entry.records.push_back(record ? std::optional<View>(*record) : std::nullopt);
  }
  return entry;
}

Bytes encode_header(const EntryHeader& header) {
  YISHI_ASSERT(numbers_in_range(header) && previous_fits(header));
  YISHI_ASSERT(!header.records.empty() && header.records.size() <= kMaxRecordsPerEntry);
  Bytes digests;
  digests.reserve(header.records.size() * crypto::kDigestBytes);
  for (const auto& digest : header.records) {
    digests.insert(digests.end(), digest.bytes.begin(), digest.bytes.end());
  }
  Packer packer;
  packer.array(8).number(kEntryVersion).binary(header.network.view()).binary(header.log.view());
  packer.number(header.sequence).binary(header.previous.view()).number(header.time_ms);
  packer.number(header.topology).binary(digests);
  return packer.take();
}

Result<EntryHeader> decode_header(View bytes) {
  if (bytes.size() > kMaxHeaderBytes) {
    return Error{"entry.size", "entry header", "条目头过大", "the entry header is too large"};
  }
  const auto document = Document::parse(bytes, "entry header");
  if (!document) return in_format(kEntryFormat, document.error());
  const Status version = known_version(kEntryFormat, document->root(), kEntryVersion);
  if (!version) return version.error();

  Sequence fields(document->root(), "entry header", 8);
  fields.number("version");
  EntryHeader header;
  header.network = digest_from(fields.binary_exact("network", crypto::kDigestBytes));
  header.log = digest_from(fields.binary_exact("log", crypto::kDigestBytes));
  header.sequence = fields.number("sequence", kMaxNumber);
  header.previous = digest_from(fields.binary_exact("previous", crypto::kDigestBytes));
  header.time_ms = fields.number("time", kMaxNumber);
  header.topology = fields.number("topology", kMaxNumber);
  const View digests = fields.binary("records", kMaxRecordsPerEntry * crypto::kDigestBytes);
  if (fields.fault()) return in_format(kEntryFormat, *fields.fault());

  if (header.sequence == 0) {
    return header_error("entry.sequence", "sequence", "序号应从 1 开始", "sequences begin at 1");
  }
  if (!previous_fits(header)) {
    return header_error("entry.previous", "previous", "只有第一个条目没有前一条目",
                        "the first entry, and only the first, has no previous one");
  }
  if (digests.empty() || digests.size() % crypto::kDigestBytes != 0) {
    return header_error("entry.records", "records", "记录摘要的长度不对",
                        "the record digests must be 1 to 256 times 32 bytes");
  }
  header.records.reserve(digests.size() / crypto::kDigestBytes);
  for (std::size_t at = 0; at < digests.size(); at += crypto::kDigestBytes) {
    header.records.push_back(crypto::Digest::from(digests.subspan(at, crypto::kDigestBytes)));
  }
  return header;
}

crypto::Digest entry_digest(crypto::Suite suite, View header, View signature) {
  return crypto::digest(suite, kLinkDomain, {header, signature});
}

SealedEntry seal_entry(const crypto::PrivateKey& key, EntryHeader header,
                       std::vector<Bytes> records) {
  SealedEntry entry;
  header.log = key.public_key().id();
  header.records.clear();
  std::size_t bytes = 0;
  for (auto& record : records) {
    YISHI_ASSERT(record.size() <= kMaxRecordBytes);
    bytes += record.size();
    header.records.push_back(record_digest(key.suite(), record));
    entry.records.emplace_back(std::move(record));
  }
  YISHI_ASSERT(bytes <= kMaxEntryRecordBytes);
  entry.header = encode_header(header);
  entry.signature = key.sign(kSignatureDomain, entry.header);
  return entry;
}

bool signature_valid(const crypto::PublicKey& key, const Entry& entry) {
  if (planted(Defect::kSignatureSkipped)) return true;
  if (entry.signature.size() != crypto::kSignatureBytes) return false;
  return key.verify(kSignatureDomain, entry.header, crypto::Signature::from(entry.signature));
}

Result<EntryHeader> check_entry(crypto::Suite suite, const crypto::Digest& network,
                                const Entry& entry) {
  auto header = decode_header(entry.header);
  if (!header) return header;
  if (header->network != network) {
    return header_error("entry.network", "network", "条目属于另一个网络",
                        "the entry belongs to another network");
  }
  if (header->records.size() != entry.records.size()) {
    return header_error("entry.records.count", "records", "记录数与条目头不符",
                        "there are not as many records as the header has digests");
  }
  for (std::size_t i = 0; i < entry.records.size(); ++i) {
    if (!entry.records[i]) continue;  // withheld or erased: its digest still stands
    if (planted(Defect::kRecordDigestSkipped)) continue;
    if (record_digest(suite, *entry.records[i]) != header->records[i]) {
      return Error{"entry.record.digest", "record " + std::to_string(i + 1),
                   "记录内容与签名的摘要不符",
                   "the record does not have the digest that was signed"};
    }
  }
  return header;
}

}  // namespace yishi::sync
