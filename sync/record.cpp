#include "sync/record.h"

#include "crypto/pack.h"
#include "sync/decoding.h"

namespace yishi::sync {
namespace {

constexpr std::string_view kRecordDomain = "yishi/record/1";
constexpr std::string_view kRecordFormat = "record";

}  // namespace

Salt make_salt(crypto::Random& random) {
  Salt salt{};
  random.fill(salt);
  return salt;
}

Bytes encode_record(const Record& record) {
  YISHI_ASSERT(!record.kind.empty() && record.kind.size() <= kMaxKindBytes);
  YISHI_ASSERT(record.subject.size() <= kMaxSubjectBytes);
  YISHI_ASSERT(is_utf8(record.kind) && is_utf8(record.subject));
  YISHI_ASSERT(record.body.size() <= kMaxBodyBytes);
  Packer packer;
  packer.array(4).text(record.kind).text(record.subject).binary(record.body).binary(record.salt);
  return packer.take();
}

Result<Record> decode_record(View bytes) {
  if (bytes.size() > kMaxRecordBytes) {
    return Error{"record.size", "record", "记录过大", "the record is too large"};
  }
  const auto document = Document::parse(bytes, kRecordFormat);
  if (!document) return in_format(kRecordFormat, document.error());
  Sequence fields(document->root(), kRecordFormat, 4);
  Record record;
  record.kind = fields.text("kind", kMaxKindBytes);
  record.subject = fields.text("subject", kMaxSubjectBytes);
  record.body = copy(fields.binary("body", kMaxBodyBytes));
  record.salt = array_from<kSaltBytes>(fields.binary_exact("salt", kSaltBytes));
  if (fields.fault()) return in_format(kRecordFormat, *fields.fault());
  if (record.kind.empty()) {
    return Error{"record.kind", "record, kind", "记录没有种类", "the record has no kind"};
  }
  return record;
}

crypto::Digest record_digest(crypto::Suite suite, View bytes) {
  return crypto::digest(suite, kRecordDomain, {bytes});
}

}  // namespace yishi::sync
