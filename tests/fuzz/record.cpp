// A record, an entry's header and an act's body: what decodes must encode to the same value.
// A body may hold keys that nobody knows, so there the second encoding must equal the first.
#include "node/deliberation/act.h"
#include "sync/entry.h"
#include "tests/fuzz/generic.h"
#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

void hold_act(View bytes) {
  const auto body = deliberation::decode_body(bytes);
  if (!body) return;
  const Bytes encoded = deliberation::encode_body(*body);
  const auto again = deliberation::decode_body(encoded);
  YISHI_ASSERT(again.ok());
  YISHI_ASSERT(deliberation::encode_body(*again) == encoded);
}

void hold_record(View bytes) {
  const auto record = sync::decode_record(bytes);
  if (!record) {
    YISHI_ASSERT(record.error().rule.starts_with("record."));
    return;
  }
  YISHI_ASSERT(same_value(sync::encode_record(*record), bytes));
  hold_act(record->body);
}

void hold_header(View bytes) {
  const auto header = sync::decode_header(bytes);
  if (!header) {
    YISHI_ASSERT(header.error().rule.starts_with("entry."));
    return;
  }
  YISHI_ASSERT(same_value(sync::encode_header(*header), bytes));
}

}  // namespace

void fuzz_record(View input) {
  hold_record(input);
  hold_header(input);
  hold_act(input);
}

}  // namespace yishi::fuzz
