// What HTTP threads ask of the core thread, and how they get the answer.
//
// A command is a value; its answer comes after the commit it rests on, never before.
// Mailbox::post may be called from any thread; take only by the core thread. At most
// kMaxCommandsWaiting wait: beyond that a command is refused at once ("node.busy").
#pragma once

#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "node/deliberation/act.h"
#include "node/turn/register_desk.h"

namespace yishi::turn {

inline constexpr std::size_t kMaxCommandsWaiting = 1024;
inline constexpr std::size_t kMaxIssuesAtOnce = 1000;
inline constexpr std::size_t kMaxJournalLines = 1024;  // of one command
inline constexpr std::size_t kMaxJournalLineBytes = 16 * 1024;

struct Reporter {  // personal data: kept where the issue was logged, never in a run
  std::string name, telephone;
  bool empty() const { return name.empty() && telephone.empty(); }
};
struct LogIssue {
  deliberation::ActBody body;  // unit empty: this node's own unit
  Reporter reporter;
};
struct DoAct {
  std::string issue;
  deliberation::Act act = deliberation::Act::kComment;
  deliberation::ActBody body;  // unit empty: the holder's, or this node's for remarks
  // Not empty: the issue must be in one of these states (deliberation::revision_of), or nothing
  // is done. Rule "issue.moved".
  std::vector<std::string> revisions = {};
};
// Many issues at once, from a file: all of them or none. A line whose import key was logged at
// its home before is that issue and is not logged again.
struct LogIssues {
  std::vector<LogIssue> issues;  // at most kMaxIssuesAtOnce; body.import_key: see act.h
  bool dry_run = false;          // judged, and nothing written
};
// Lines of the room's journal (工作日志), or of another system that is attached here: any
// UTF-8 text, kept, signed and replicated as it is. All of them or none.
struct NoteJournal {
  std::vector<std::string> lines;
};
struct ChangeTopology {        // at the root only
  std::vector<Bytes> changes;  // encoded, signed by an operator; each takes effect by itself
};
struct WriteRegisters {  // all of them or none; a fault's field begins with "entries[N]"
  std::vector<RegisterChange> changes;
};
using Command =
    std::variant<LogIssue, LogIssues, DoAct, NoteJournal, ChangeTopology, WriteRegisters>;

struct LoggedLine {            // what became of one of many
  std::string issue;           // its id; empty in a dry run, or when one of them was refused
  bool known = false;          // it was logged before
  std::optional<Error> error;  // why not
};
struct Done {
  std::string issue;               // its id
  std::uint64_t sequence = 0;      // of the entry that holds it, in this node's log
  std::uint64_t version = 0;       // of the topology, after a change
  std::vector<std::string> kinds;  // of the records written: what was asked, and what the
                                   // node added by itself (issue.escalated …)
  std::vector<LoggedLine> lines;   // of LogIssues: beside what was given. With an error among
                                   // them nothing was written.
  std::uint64_t unchanged = 0;     // register entries that said just that already
  bool again = false;              // it was done before, under the same key; nothing was done now
};
using Answer = Result<Done>;

// A key that its asker gave a command, so that asking again does nothing anew.
struct Once {
  crypto::Digest key;      // of the key and of who asks
  crypto::Digest request;  // of all that was sent: another command must not come under the key
};

struct PendingCommand {
  Command command;
  std::optional<Once> once;
  std::promise<Answer> answer;
};

class Mailbox {
 public:
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}
  std::future<Answer> post(Command command, std::optional<Once> once = std::nullopt);
  std::vector<PendingCommand> take();
  void close();  // everything waiting and posted later is refused: "node.stopping"

 private:
  std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<PendingCommand> waiting_;
  bool closed_ = false;
};

}  // namespace yishi::turn
