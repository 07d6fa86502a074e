// Tickets: the text that was typed, or, behind an 'f', the fields alone, to which the check is
// computed: else no mutation would get past it. What parses must be the same ticket when it is
// written again, and whatever blanks stand in it.
#include "topology/ticket.h"

#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

constexpr std::uint8_t kFieldsOnly = 'f';

std::string text_from_fields(View fields) {
  const crypto::Digest digest =
      crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/ticket-check/1", {fields});
  Bytes bytes = copy(fields);
  bytes.insert(bytes.end(), {0xC4, 4});  // msgpack: a binary of 4 bytes
  bytes.insert(bytes.end(), digest.bytes.begin(), digest.bytes.begin() + 4);
  return "yishi1." + to_base64url(bytes);
}

bool same_ticket(const topology::TicketText& a, const topology::TicketText& b) {
  return a.network == b.network && a.suite == b.suite && a.unit == b.unit &&
         a.unit_name == b.unit_name && a.secret == b.secret &&
         a.parent_endpoint == b.parent_endpoint && a.parent_curve == b.parent_curve &&
         a.parent == b.parent && a.expires_ms == b.expires_ms;
}

std::string with_blanks(std::string_view text) {
  std::string out = "\xE3\x80\x80 ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 20 == 19) out += i % 40 == 19 ? "\r\n" : "\t";
    out += text[i];
  }
  return out;
}

}  // namespace

void fuzz_ticket(View input) {
  const bool fields = !input.empty() && input[0] == kFieldsOnly;
  const std::string text =
      fields ? text_from_fields(input.subspan(1)) : std::string(text_of(input));
  const auto ticket = topology::TicketText::parse(text);
  if (!ticket) {
    YISHI_ASSERT(!ticket.error().rule.empty() && !ticket.error().zh.empty());
    return;
  }
  const std::string written = ticket->to_text();
  for (const std::string& each : {written, with_blanks(written)}) {
    const auto again = topology::TicketText::parse(each);
    YISHI_ASSERT(again.ok() && same_ticket(*again, *ticket));
  }
  YISHI_ASSERT(ticket->signing_key().suite() == ticket->suite);
}

}  // namespace yishi::fuzz
