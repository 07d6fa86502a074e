// `yishi join`: a data directory from a ticket. The node knocks when it is started.
#include <ctime>

#include "crypto/key_file.h"
#include "node/data_directory.h"
#include "node/directory_draft.h"
#include "node/store/logs.h"
#include "node/turn/clock.h"

namespace yishi::node {

namespace {

Status make_store(const DirectoryDraft& draft, const store::Identity& identity,
                  const std::string& bind) {
  if (auto status = store::Database::create(draft.path(), identity); !status.ok()) return status;
  auto database = store::Database::open(draft.path(), store::Access::kWriter);
  if (!database) return database.error();
  store::Logs logs(**database);
  if (auto status = (*database)->begin(); !status.ok()) return status;
  if (auto status = logs.set_value("bind", bind); !status.ok()) return status;
  return (*database)->commit();
}

std::string date_of(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm local{};
  char text[16] = {};
  const bool known = ::localtime_r(&seconds, &local) != nullptr &&
                     std::strftime(text, sizeof text, "%Y-%m-%d", &local) > 0;
  return known ? text : "?";
}

// A clock that is years off makes every ticket look expired, or good for longer than any is.
Status fits_clock(const topology::TicketText& ticket, std::uint64_t now) {
  constexpr std::uint64_t kLongestMs = 367ULL * 86'400'000;  // `topology ticket` gives 366 days
  const std::string today = date_of(now);
  const std::string until = date_of(ticket.expires_ms);
  if (ticket.expires_ms <= now) {
    return Error{"ticket.expired", "ticket",
                 "票据到 " + until + " 为止，本机时间是 " + today +
                     "。时间不对就先校准时钟再试；时间对，请向管理员另要一张。什么也没有改动。",
                 "the ticket is good until " + until + ", and this machine says it is " + today +
                     ". If that is wrong, set the clock and try again; if it is right, ask the "
                     "operator for another ticket. Nothing was changed."};
  }
  if (ticket.expires_ms - now <= kLongestMs) return {};
  return Error{"clock.behind", "clock",
               "本机时间是 " + today + "，而票据到 " + until +
                   " 才过期：没有这么长的票据，时钟大概慢了。请校准时钟再试。什么也没有改动。",
               "this machine says it is " + today + ", and the ticket is good until " + until +
                   ": no ticket is good for so long, so the clock is slow. Set it and try again. "
                   "Nothing was changed."};
}

}  // namespace

Result<std::optional<topology::TicketText>> usable_ticket(const std::string& text,
                                                          std::uint64_t now_ms) {
  auto ticket = topology::TicketText::parse(text);
  if (!ticket) return ticket.error();
  if (auto status = fits_clock(*ticket, now_ms); !status.ok()) return status.error();
  return std::optional(std::move(*ticket));
}

Status make_ticket_file(DirectoryDraft& draft, const topology::TicketText& ticket,
                        const std::string& endpoint, std::uint64_t now_ms, crypto::Random& random) {
  auto curve = draft.make_curve(random);
  if (!curve) return curve.error();
  const auto key = crypto::PrivateKey::generate(ticket.suite);
  if (auto status = draft.save_key("node.key", key); !status.ok()) return status;
  std::vector<topology::Operation> operations;
  operations.emplace_back(
      topology::NodeAdmitted{ticket.unit, key.public_key().raw(),
                             Bytes(curve->public_key.begin(), curve->public_key.end()), endpoint});
  const auto change = topology::sign_change(ticket.signing_key(), ticket.network, now_ms,
                                            std::move(operations), random);
  const auto text = ticket.to_text() + "\n" + to_base64url(change.encode()) + "\n";
  return crypto::save_private_file(draft.file("ticket"), view_of(text));
}

Result<cli::Summary> prepare_join(const cli::JoinOptions& options) {
  const auto now = turn::SystemClock().now().wall_ms;
  auto usable = usable_ticket(options.ticket, now);
  if (!usable) return usable.error();
  const auto& ticket = *usable;
  auto endpoint = reachable_endpoint(options.bind, options.advertise);
  if (!endpoint) return endpoint.error();
  crypto::SystemRandom random;
  auto draft = DirectoryDraft::make(options.data);
  if (!draft) return draft.error();
  if (auto status = draft->choose_passphrase(options.passphrase_file, random); !status.ok()) {
    return status.error();
  }
  if (auto status = make_ticket_file(*draft, *ticket, *endpoint, now, random); !status.ok()) {
    return status.error();
  }
  const auto identity = new_identity(ticket->network, ticket->suite, ticket->unit, now, random);
  if (auto status = make_store(*draft, identity, options.bind); !status.ok()) {
    return status.error();
  }
  if (auto status = draft->finish(); !status.ok()) return status.error();
  const auto name = ticket->unit_name + " (" + ticket->unit.text() + ")";
  const auto parent = ticket->parent.text() + " " + ticket->parent_endpoint;
  return cli::Summary{"已为 " + name + " 准备好数据目录，并生成了本机自己的密钥。\n启动后向上级 " +
                          parent +
                          " 报到，获准后取来有关的记录。\n网络不通也可以启动：会一直等上级应答，"
                          "yishi status 说明在等什么。",
                      "prepared the data directory of " + name +
                          ", with keys of this machine's own.\nOnce started it knocks at its "
                          "parent " +
                          parent +
                          ", is admitted, and fetches what concerns it.\nIt may be started without "
                          "a line: it waits, and yishi status says for what.",
                      {{"unit", ticket->unit.text()},
                       {"name", ticket->unit_name},
                       {"parent", ticket->parent.text()},
                       {"data", options.data}}};
}

}  // namespace yishi::node
