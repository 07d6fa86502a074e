#include "sync/run.h"

#include <zstd.h>

#include <memory>

#include "crypto/pack.h"
#include "sync/decoding.h"

namespace yishi::sync {
namespace {

constexpr std::string_view kRunFormat = "run";
constexpr std::uint8_t kPlain = 0;
constexpr std::uint8_t kZstd = 1;
constexpr int kZstdLevel = 1;  // see README.md for what level 3 would bring

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Making a context costs more than compressing a run: one for each thread.
ZSTD_CCtx* thread_compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> kContext(ZSTD_createCCtx());
  YISHI_ASSERT(kContext != nullptr);
  return kContext.get();
}

ZSTD_DCtx* thread_decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> kContext(ZSTD_createDCtx());
  YISHI_ASSERT(kContext != nullptr);
  return kContext.get();
}

Error run_error(std::string_view rule, std::string_view zh, std::string_view en) {
  return {std::string(rule), "run", std::string(zh), std::string(en)};
}

Error too_large() { return run_error("run.size", "批次过大", "the run is too large"); }

Result<Bytes> decompress(View payload) {
  const auto declared = ZSTD_getFrameContentSize(payload.data(), payload.size());
  if (declared == ZSTD_CONTENTSIZE_ERROR || declared == ZSTD_CONTENTSIZE_UNKNOWN) {
    return run_error("run.zstd.size", "压缩数据未声明长度",
                     "the compressed data does not declare its size");
  }
  if (declared > kMaxRunBytes) return too_large();
  // Exactly one frame: a second one would be bytes that nobody looks at.
  if (ZSTD_findFrameCompressedSize(payload.data(), payload.size()) != payload.size()) {
    return run_error("run.zstd.frame", "压缩数据不是完整的一帧",
                     "the compressed data is not one whole frame");
  }
  Bytes raw(declared);
  const std::size_t size = ZSTD_decompressDCtx(thread_decompressor(), raw.data(), raw.size(),
                                               payload.data(), payload.size());
  if (ZSTD_isError(size) != 0 || size != raw.size()) {
    return run_error("run.zstd.data", "压缩数据已损坏", "the compressed data is damaged");
  }
  return raw;
}

Result<Bytes> unpack(View packed) {
  if (packed.empty()) return run_error("run.empty", "批次是空的", "the run is empty");
  if (packed.size() > kMaxPackedBytes) return too_large();
  const View payload = packed.subspan(1);
  if (packed[0] == kPlain) return copy(payload);
  if (packed[0] == kZstd) return decompress(payload);
  return run_error("run.codec", "不认识的压缩方式 " + std::to_string(packed[0]),
                   "unknown codec " + std::to_string(packed[0]));
}

Status read_records(const Value& records, Entry& entry) {
  std::size_t bytes = 0;
  entry.records.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Value& record = *records.at(i);
    if (record.is_nil()) {
      entry.records.emplace_back(std::nullopt);
      continue;
    }
    const auto binary = record.binary();
    if (!binary) return run_error("run.type", "记录不是二进制数据", "a record is not binary data");
    bytes += binary->size();
    if (binary->size() > kMaxRecordBytes || bytes > kMaxEntryRecordBytes) {
      return run_error("run.record.size", "记录过大",
                       "a record or an entry's records are too large");
    }
    entry.records.emplace_back(*binary);
  }
  return {};
}

Result<Entry> read_entry(const Value& value) {
  Sequence fields(value, "run entry", 3);
  Entry entry;
  entry.header = fields.binary("header", kMaxHeaderBytes);
  entry.signature = fields.binary_exact("signature", crypto::kSignatureBytes);
  const Value* records = fields.array("records", kMaxRecordsPerEntry);
  if (fields.fault()) return in_format(kRunFormat, *fields.fault());
  if (records->size() == 0) {
    return run_error("run.records", "条目没有记录", "an entry has no records");
  }
  const Status status = read_records(*records, entry);
  if (!status) return status.error();
  return entry;
}

}  // namespace

Result<Run> Run::open(View packed) {
  auto raw = unpack(packed);
  if (!raw) return raw.error();
  if (raw->size() > kMaxRunBytes) return too_large();
  Run run;
  run.raw_ = std::move(*raw);
  const auto document = Document::parse(run.raw_, kRunFormat);
  if (!document) return in_format(kRunFormat, document.error());
  const Value& root = document->root();
  if (!root.is_array()) return run_error("run.type", "批次不是数组", "the run is not an array");
  if (root.size() == 0) return run_error("run.empty", "批次是空的", "the run is empty");
  if (root.size() > kMaxRunEntries) {
    return run_error("run.entries", "批次中的条目过多", "there are too many entries in the run");
  }
  run.entries_.reserve(root.size());
  for (std::size_t i = 0; i < root.size(); ++i) {
    auto entry = read_entry(*root.at(i));
    if (!entry) return entry.error();
    run.entries_.push_back(std::move(*entry));
  }
  return run;
}

std::size_t raw_run_size(std::span<const Entry> entries) {
  std::size_t size = kRecordOverheadBytes;
  for (const auto& entry : entries) {
    size += kEntryOverheadBytes + entry.header.size();
    for (const auto& record : entry.records) {
      size += record ? kRecordOverheadBytes + record->size() : 1;
    }
  }
  return size;
}

Bytes pack_run(std::span<const Entry> entries, bool compress) {
  YISHI_ASSERT(!entries.empty() && entries.size() <= kMaxRunEntries);
  Packer packer;
  packer.array(entries.size());
  for (const auto& entry : entries) {
    YISHI_ASSERT(entry.header.size() <= kMaxHeaderBytes);
    YISHI_ASSERT(entry.signature.size() == crypto::kSignatureBytes);
    YISHI_ASSERT(!entry.records.empty() && entry.records.size() <= kMaxRecordsPerEntry);
    packer.array(3).binary(entry.header).binary(entry.signature).array(entry.records.size());
    for (const auto& record : entry.records) {
      if (record) {
        packer.binary(*record);
      } else {
        packer.nil();
      }
    }
  }
  const Bytes& raw = packer.bytes();
  YISHI_ASSERT(raw.size() <= kMaxRunBytes);

  Bytes packed;
  if (compress) {
    packed.resize(1 + ZSTD_compressBound(raw.size()));
    const std::size_t size =
        ZSTD_compressCCtx(thread_compressor(), packed.data() + 1, packed.size() - 1, raw.data(),
                          raw.size(), kZstdLevel);
    YISHI_ASSERT(ZSTD_isError(size) == 0);
    if (size < raw.size()) {
      packed[0] = kZstd;
      packed.resize(1 + size);
      packed.shrink_to_fit();
      return packed;
    }
  }
  packed.assign(1, kPlain);
  packed.insert(packed.end(), raw.begin(), raw.end());
  return packed;
}

}  // namespace yishi::sync
