// What a handler has in its hands while it answers one request. For this folder only.
#pragma once

#include <atomic>
#include <memory>

#include "node/http/assets.h"
#include "node/http/desk.h"
#include "node/http/events.h"
#include "node/http/gate.h"
#include "node/http/json.h"
#include "node/http/message.h"
#include "node/http/once.h"
#include "node/http/readers.h"
#include "node/store/matters.h"
#include "node/store/pending.h"
#include "node/turn/board.h"
#include "node/turn/command.h"

namespace yishi::http {

struct Reply {
  Json body;
  unsigned status = 200;
  std::string type = "application/json";
  std::string text = {};  // instead of the body, when the type is another
  std::vector<std::pair<std::string, std::string>> fields = {};  // further ones of the header
  std::shared_ptr<Feed> feed = {};                               // instead of all that
  std::string revision = {};  // of what is shown: the first part of its tag
};

// What all requests of a server share.
struct Shared {
  std::string directory;
  turn::Mailbox& mailbox;
  turn::Board& board;
  Readers readers;
  std::atomic<bool> stopping{false};
  std::atomic<bool> verifying{false};
  Gate gate{};
  Desk desk{};
  std::span<const Asset> assets{};
  std::unique_ptr<Events> events{};
  UnderWay under_way{};
  bool public_open = false;                    // what is under /public and /held is there
  std::unique_ptr<store::Matters> matters{};   // null: not opened
  std::unique_ptr<store::Pending> pending{};   // null: it does not open
  std::function<void()> start_carrying_out{};  // what is pending, when its time has come
};

class Call {
 public:
  Call(Shared& shared, const Request& request, Caller caller);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const Request& request() const { return request_; }
  const std::string& segment(std::size_t index) const { return request_.segments[index]; }
  Shared& shared() { return shared_; }
  Gate& gate() { return shared_.gate; }
  const Caller& caller() const { return caller_; }
  // What the audit log is to say this was done to, where the path does not say it.
  void concerns(std::string object) { object_ = std::move(object); }
  const std::string& object() const { return object_; }
  const turn::Snapshot& snapshot() const { return *snapshot_; }
  // The node is ready for reads: a snapshot was published and the store opens.
  Status open();
  // Both assert that open() went well.
  store::Database& database();
  const deliberation::World& world();
  const topology::Directory& directory() const { return *snapshot_->directory; }

  // Hands a command to the core thread and waits for what it says after its commit. With the
  // request's Idempotency-Key, when there is one: rules "once.key", "once.busy", and Clerk's.
  Result<turn::Done> ask(turn::Command command);
  // What ask() gave was done by an earlier request under the same key.
  bool again() const { return again_; }

 private:
  Result<turn::Done> wait(turn::Command command, const std::optional<turn::Once>& once);

  Shared& shared_;
  const Request& request_;
  Caller caller_;
  std::string object_;
  bool again_ = false;
  std::shared_ptr<const turn::Snapshot> snapshot_;
  std::unique_ptr<Reader> reader_;
};

// Handlers, by resource.
Result<Reply> post_issue(Call& call);
Result<Reply> post_import(Call& call);
Result<Reply> list_issues(Call& call);
Result<Reply> get_issue(Call& call);
Result<Reply> post_act(Call& call);
Result<Reply> post_trial(Call& call);
Result<Reply> get_desk(Call& call);
Result<Reply> get_vocabulary(Call& call);
Result<Reply> get_status(Call& call);
Result<Reply> get_events(Call& call);
Result<Reply> get_refusals(Call& call);
Result<Reply> get_health(Call& call);
Result<Reply> get_metrics(Call& call);
Result<Reply> get_report(Call& call);
Result<Reply> get_report_open(Call& call);
Result<Reply> get_report_figures(Call& call);
Result<Reply> get_topology(Call& call);
Result<Reply> get_topology_log(Call& call);
Result<Reply> get_topology_context(Call& call);
Result<Reply> get_policy(Call& call);
Result<Reply> post_policy_check(Call& call);
Result<Reply> post_policy_diff(Call& call);
Result<Reply> post_policy_try(Call& call);
Result<Reply> list_registers(Call& call);
Result<Reply> list_entries(Call& call);
Result<Reply> get_entry(Call& call);
Result<Reply> post_entries(Call& call);
Result<Reply> get_entries_csv(Call& call);
Result<Reply> post_entries_csv(Call& call);
Result<Reply> get_measures(Call& call);
Result<Reply> get_measured(Call& call);
Result<Reply> get_gaps(Call& call);
Result<Reply> get_minimums(Call& call);
Result<Reply> get_stars(Call& call);
Result<Reply> get_bulletin(Call& call);
Result<Reply> post_changes(Call& call);
Result<Reply> post_preview(Call& call);
Result<Reply> get_operators(Call& call);
Result<Reply> post_journal(Call& call);
Result<Reply> get_journal(Call& call);
Result<Reply> post_verify(Call& call);
Result<Reply> post_backup(Call& call);
Result<Reply> get_session(Call& call);
Result<Reply> post_session(Call& call);
Result<Reply> delete_session(Call& call);
Result<Reply> post_confirm(Call& call);
Result<Reply> post_password(Call& call);
Result<Reply> post_first(Call& call);
Result<Reply> get_accounts(Call& call);
Result<Reply> post_account(Call& call);
Result<Reply> change_account(Call& call);
Result<Reply> delete_account(Call& call);
Result<Reply> get_tokens(Call& call);
Result<Reply> post_token(Call& call);
Result<Reply> delete_token(Call& call);
Result<Reply> get_audit(Call& call);
Result<Reply> get_openapi(Call& call);
Result<Reply> list_pending(Call& call);
Result<Reply> undo_pending(Call& call);
Result<Reply> hurry_pending(Call& call);
Result<Reply> get_notices(Call& call);
Result<Reply> post_matter(Call& call);
Result<Reply> get_matter(Call& call);
Result<Reply> list_held(Call& call);
Result<Reply> take_held(Call& call);
Result<Reply> discard_held(Call& call);

}  // namespace yishi::http
