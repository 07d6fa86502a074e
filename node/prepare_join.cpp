// `yishi join`: a data directory from a ticket. The node knocks when it is started.
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

}  // namespace

Result<cli::Summary> prepare_join(const cli::JoinOptions& options) {
  auto ticket = topology::TicketText::parse(options.ticket);
  if (!ticket) return ticket.error();
  auto endpoint = reachable_endpoint(options.bind, options.advertise);
  if (!endpoint) return endpoint.error();
  const auto now = turn::SystemClock().now().wall_ms;
  if (ticket->expires_ms != 0 && ticket->expires_ms < now) {
    return Error{"ticket.expired", "ticket", "入网票已过期，请向操作员另要一张",
                 "the ticket has expired; ask the operator for another"};
  }
  crypto::SystemRandom random;
  auto draft = DirectoryDraft::make(options.data);
  if (!draft) return draft.error();
  if (auto status = draft->choose_passphrase(options.passphrase_file, random); !status.ok()) {
    return status.error();
  }
  auto curve = draft->make_curve(random);
  if (!curve) return curve.error();
  const auto key = crypto::PrivateKey::generate(ticket->suite);
  if (auto status = draft->save_key("node.key", key); !status.ok()) return status.error();
  std::vector<topology::Operation> operations;
  operations.emplace_back(
      topology::NodeAdmitted{ticket->unit, key.public_key().raw(),
                             Bytes(curve->public_key.begin(), curve->public_key.end()), *endpoint});
  const auto change = topology::sign_change(ticket->signing_key(), ticket->network, now,
                                            std::move(operations), random);
  const auto text = ticket->to_text() + "\n" + to_base64url(change.encode()) + "\n";
  if (auto status = crypto::save_private_file(draft->file("ticket"), view_of(text)); !status.ok()) {
    return status.error();
  }
  const auto identity = new_identity(ticket->network, ticket->suite, ticket->unit, now, random);
  if (auto status = make_store(*draft, identity, options.bind); !status.ok()) {
    return status.error();
  }
  if (auto status = draft->finish(); !status.ok()) return status.error();
  return cli::Summary{"已为" + ticket->unit_name + "（" + ticket->unit.text() +
                          "）准备好数据目录，启动后即向上级报到。",
                      "prepared the data directory of " + ticket->unit_name + " (" +
                          ticket->unit.text() + "); once started it knocks at its parent",
                      {{"unit", ticket->unit.text()},
                       {"name", ticket->unit_name},
                       {"parent", ticket->parent.text()},
                       {"data", options.data}}};
}

}  // namespace yishi::node
