#include "node/cli/tickets.h"

#include <algorithm>
#include <ctime>

#include "crypto/key_file.h"
#include "crypto/random.h"
#include "node/cli/issue_text.h"
#include "node/cli/signing.h"
#include "node/cli/text.h"
#include "node/cli/ticket_sheet.h"
#include "sync/curve.h"
#include "topology/ticket.h"

namespace yishi::cli {
namespace {

constexpr std::uint64_t kDefaultDays = 14;
constexpr std::uint64_t kMaxDays = 366;
constexpr std::uint64_t kDayMs = 24ULL * 3600 * 1000;

Error no_endpoint(const std::string& unit, const std::string& parent) {
  return {"ticket.endpoint", "parent",
          unit + " 的上级节点 " + parent +
              " 没有对外地址（创建或加入时用 --advertise 指定），不能签发票据",
          "the parent node " + parent + " of " + unit +
              " has no endpoint (give --advertise when it is created or joins): no ticket"};
}

Result<topology::TicketText> ticket_for(const Signing& signing, const Json& unit,
                                        std::uint64_t expires_ms) {
  const std::string code = text_of_key(unit, "code");
  const Json parent = unit.value("parent", Json());
  if (!parent.is_object()) {
    return Error{"ticket.parent", "unit", code + " 没有上级节点，不能签发票据",
                 code + " has no node above it: no ticket"};
  }
  const auto parsed = topology::Code::parse(code);
  const auto above = topology::Code::parse(text_of_key(parent, "code"));
  const auto curve = from_hex(text_of_key(parent, "curve"));
  if (!parsed || !above || !curve) {
    return Error{"http.answer", "unit", "节点的答复有误", "the node's answer is malformed"};
  }
  topology::TicketText ticket;
  ticket.parent_endpoint = text_of_key(parent, "endpoint");
  if (ticket.parent_endpoint.empty()) return no_endpoint(code, above->text());
  ticket.network = signing.network;
  ticket.suite = signing.suite;
  ticket.unit = *parsed;
  ticket.unit_name = text_of_key(unit, "name");
  ticket.secret = crypto::SystemRandom().bytes(crypto::kSecretBytes);
  ticket.parent_curve = *curve;
  ticket.parent = *above;
  ticket.expires_ms = expires_ms;
  return ticket;
}

topology::TicketIssued issued(const topology::TicketText& ticket) {
  sync::PeerKey secret{};
  const Bytes bytes = ticket.curve_secret();
  YISHI_ASSERT(bytes.size() == secret.size());
  std::copy(bytes.begin(), bytes.end(), secret.begin());
  const auto pair = sync::curve_from_secret(secret);
  return {ticket.unit, ticket.signing_key().public_key().raw(),
          Bytes(pair.public_key.begin(), pair.public_key.end()), ticket.expires_ms};
}

std::string context_target(const Arguments& args) {
  Target target("/api/v1/topology/context");
  for (const auto& unit : args.all("unit")) target.with("unit", unit);
  return target.with("under", args.get("under")).with("level", args.get("level")).text();
}

Outcome printed(const Invocation& invocation, const std::vector<topology::TicketText>& tickets,
                Outcome outcome) {
  outcome.json["tickets"] = Json::array();
  for (const auto& ticket : tickets) {
    outcome.json["tickets"].push_back({{"unit", ticket.unit.text()},
                                       {"name", ticket.unit_name},
                                       {"expires_ms", ticket.expires_ms},
                                       {"ticket", ticket.to_text()}});
    if (invocation.args.has("csv") || invocation.args.has("sheet")) continue;
    outcome.text += one_line(ticket.unit_name) + "  " + ticket.unit.text() + '\n';
    outcome.text += ticket.to_text() + "\n\n";
  }
  for (const char* file : {"csv", "sheet"}) {
    if (!invocation.args.has(file)) continue;
    const std::string path = invocation.args.get(file);
    outcome.json[file] = path;
    const std::string count = std::to_string(tickets.size());
    outcome.text += invocation.pick(count + " 张票据写入 " + path + "\n",
                                    count + " tickets written to " + path + '\n');
  }
  outcome.text += invocation.pick(
      "每张票据只能用一次；请当面或经可信渠道交给对方，在对方机器上运行 yishi join 票据\n",
      "Each ticket works once. Hand it over by a trusted way; there: yishi join TICKET\n");
  return outcome;
}

std::string day_of(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm local{};
  char text[16] = {};
  const bool known = ::localtime_r(&seconds, &local) != nullptr &&
                     std::strftime(text, sizeof text, "%Y-%m-%d", &local) > 0;
  return known ? text : "";
}

// They hold secrets: for their owner's eyes only.
Status write_files(const Invocation& invocation, const std::vector<topology::TicketText>& tickets) {
  std::vector<std::string> until;
  for (const auto& ticket : tickets) until.push_back(day_of(ticket.expires_ms));
  const auto& args = invocation.args;
  if (args.has("csv")) {
    const auto csv = ticket_csv(tickets, until);
    if (auto saved = crypto::save_private_file(args.get("csv"), view_of(csv)); !saved) return saved;
  }
  if (!args.has("sheet")) return {};
  const auto page = ticket_sheet(tickets, until);
  if (!page) return page.error();
  return crypto::save_private_file(args.get("sheet"), view_of(*page));
}

}  // namespace

Outcome make_tickets(const Invocation& invocation) {
  const auto& args = invocation.args;
  if (!args.has("unit") && !args.has("under")) {
    return usage("unit", "请用 --unit 或 --under 指定单位", "name units with --unit or --under");
  }
  const auto days = whole_number(args.get("days", std::to_string(kDefaultDays)), kMaxDays);
  if (!days || *days == 0) {
    return usage("days", "--days 应当是 1 到 366 的整数",
                 "--days must be a whole number from 1 to 366");
  }
  const auto prepared = prepare_signing(invocation, context_target(args));
  if (prepared.failed) return *prepared.failed;
  const auto named = args.all("unit");
  std::vector<topology::TicketText> tickets;
  std::vector<topology::Operation> operations;
  for (const auto& unit : prepared.signing.context.value("units", Json::array())) {
    // One that has a node already gets a ticket (for a new machine) only when it was named.
    const bool asked =
        std::find(named.begin(), named.end(), text_of_key(unit, "code")) != named.end();
    if (unit.value("node", false) && !asked) continue;
    auto ticket = ticket_for(prepared.signing, unit, wall_clock_ms() + *days * kDayMs);
    if (!ticket) return failure(kRefused, ticket.error());
    operations.emplace_back(issued(*ticket));
    tickets.push_back(std::move(ticket).value());
  }
  if (tickets.empty()) {
    return failure(kRefused,
                   {"ticket.none", "under", "没有需要票据的单位", "no unit there needs a ticket"});
  }
  auto outcome = hand_in(invocation, prepared.signing, std::move(operations));
  if (outcome.error) return outcome;
  if (invocation.args.has("dry-run")) return outcome;
  if (const auto written = write_files(invocation, tickets); !written) {
    return failure(kRefused, written.error());
  }
  return printed(invocation, tickets, std::move(outcome));
}

}  // namespace yishi::cli
