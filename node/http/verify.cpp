// /verify: re-derives the whole store and says what does not agree. One at a time: it reads
// and hashes everything.
#include "node/turn/verify.h"

#include "node/http/call.h"

namespace yishi::http {
namespace {

class OneAtATime {
 public:
  explicit OneAtATime(std::atomic<bool>& flag) : flag_(flag), mine_(!flag.exchange(true)) {}
  ~OneAtATime() {
    if (mine_) flag_ = false;
  }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;
  bool mine() const { return mine_; }

 private:
  std::atomic<bool>& flag_;
  bool mine_;
};

}  // namespace

Result<Reply> post_verify(Call& call) {
  const OneAtATime turn(call.shared().verifying);
  if (!turn.mine()) {
    return Error{"verify.busy", "", "已有一次核验正在进行", "a verification is already running"};
  }
  const auto report = turn::verify_store(call.shared().directory, {});
  if (!report) return report.error();
  Json faults = Json::array();
  for (std::size_t i = 0; i < report->faults_en.size(); ++i) {
    const bool both = i < report->faults_zh.size();
    faults.push_back(
        {{"zh", both ? report->faults_zh[i] : report->faults_en[i]}, {"en", report->faults_en[i]}});
  }
  return Reply{{{"ok", report->ok()},
                {"rows", report->rows},
                {"entries", report->entries},
                {"records", report->records},
                {"logs", report->logs},
                {"issues", report->issues},
                {"signatures", report->signatures},
                {"withheld", report->withheld},
                {"faults", std::move(faults)}}};
}

}  // namespace yishi::http
