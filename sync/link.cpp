#include "sync/link.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "crypto/assert.h"
#include "crypto/digest.h"

namespace yishi::sync {
namespace {

constexpr std::string_view kSessionUnknown = "session.unknown";

struct Sentences {
  std::string_view rule;
  std::string_view zh;
  std::string_view en;
};

constexpr std::array kSentences = {
    Sentences{kSessionUnknown, "消息不属于当前会话", "the message is not of the present session"},
    Sentences{"session.replayed", "消息序号没有增加,是重放或迟到的消息",
              "the counter did not rise: the message was replayed or overtaken"},
    Sentences{"hello.unexpected", "下级节点不接受问候", "a child does not take a hello"},
    Sentences{"welcome.unexpected", "上级节点不接受应答", "a parent does not take a welcome"},
    Sentences{"welcome.stale", "应答对应的问候已经过时",
              "the welcome answers no hello now waiting"},
    Sentences{"greeting.session", "问候和应答不得带会话号", "a greeting must carry no session"},
    Sentences{"join.unexpected", "入网申请不经过链路", "a join does not travel by a link"},
    Sentences{"refuse.stale", "被拒绝的会话或问候已经过时",
              "the refuse answers a session or greeting of the past"},
    Sentences{"entries.incarnation", "条目来自另一个存储", "the entries are of another store"},
    Sentences{"entries.malformed", "条目的位置没有依次递增",
              "the positions of the entries do not rise"},
    Sentences{"entries.gap", "条目与已收到的不相连,已请求重发",
              "the entries do not follow what was received; a resend is asked for"},
    Sentences{"entries.repeated", "条目早已收到", "the entries were received before"},
    Sentences{"ack.incarnation", "回执针对另一个存储", "the ack is for another store"},
    Sentences{"ack.beyond", "回执超出已发送的范围", "the ack is beyond what was sent"},
    Sentences{"ack.behind", "回执早于已确认的位置", "the ack is behind an earlier one"},
};

Heard refused(std::string_view rule) {
  const auto* found = std::find_if(kSentences.begin(), kSentences.end(),
                                   [&](const Sentences& each) { return each.rule == rule; });
  YISHI_ASSERT(found != kSentences.end());
  Heard heard;
  heard.refusal = Error{.rule = std::string(rule),
                        .field = "",
                        .zh = std::string(found->zh),
                        .en = std::string(found->en)};
  return heard;
}

// A session is a name, not a proof: who speaks is proved by the signature on each
// envelope. So it is made with one suite in every network, and the link need not know
// the network's.
Nonce session_of(const Nonce& child, const Nonce& parent) {
  const crypto::Digest digest =
      crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/session/1", {child, parent});
  Nonce session;
  std::copy_n(digest.bytes.begin(), session.size(), session.begin());
  return session;
}

}  // namespace

Link::Link(Role role, crypto::Random& random, const Cursor& inbound)
    : role_(role), random_(random), inbound_(inbound) {}

void Link::set_self(const Self& self) {
  const bool replaced = self.incarnation != self_.incarnation;
  self_ = self;
  if (replaced && state_ != LinkState::kDown) lose_session(now_ms_);
}

Nonce Link::new_nonce() {
  Nonce nonce;
  random_.fill(nonce);
  return nonce;
}

// Sessions.

void Link::line_up(std::uint64_t now_ms) {
  now_ms_ = now_ms;
  if (role_ == Role::kParent) return;
  end_session();
  line_ = true;
  begin_greeting(now_ms, kMinHelloMs);
}

void Link::line_down(std::uint64_t now_ms) {
  now_ms_ = now_ms;
  end_session();
  line_ = false;
}

void Link::end_session() {
  if (state_ == LinkState::kOpen) previous_session_ = session_;
  state_ = LinkState::kDown;
  session_ = {};
  inbound_.close();
  outbound_.close();
  outbox_.clear();
}

void Link::lose_session(std::uint64_t now_ms) {
  const bool lasted = state_ == LinkState::kOpen && now_ms >= opened_ms_ + kKeepaliveMs;
  end_session();
  if (!line_) return;
  if (lasted) greet_again_ms_ = kMinHelloMs;
  begin_greeting(now_ms, greet_again_ms_);
  greet_again_ms_ = std::min(2 * greet_again_ms_, kHelloTimeoutMs);
}

void Link::begin_greeting(std::uint64_t now_ms, std::uint64_t wait_ms) {
  state_ = LinkState::kGreeting;
  nonce_ = new_nonce();
  inbound_.prepare_greeting();
  greet_at_ms_ = greeted_ms_ ? *greeted_ms_ + wait_ms : now_ms;
  if (now_ms >= greet_at_ms_) greet(now_ms);
}

// Repeated with the same nonce: on a slow line the welcome to an earlier copy will do.
void Link::greet(std::uint64_t now_ms) {
  greeted_ms_ = now_ms;
  greet_at_ms_ = now_ms + kHelloTimeoutMs;
  Hello hello;
  hello.nonce = nonce_;
  outbox_.push_back({.session = {}, .counter = 0, .message = std::move(hello)});
}

Heard Link::receive_hello(std::uint64_t now_ms, const Hello& hello) {
  if (role_ == Role::kChild) return refused("hello.unexpected");
  const bool repeated = state_ == LinkState::kOpen && peer_ && peer_->nonce == hello.nonce;
  if (!repeated) {
    end_session();
    nonce_ = new_nonce();
    inbound_.prepare_greeting();
    open(now_ms, session_of(hello.nonce, nonce_), hello);
  }
  Welcome welcome;
  welcome.nonce = nonce_;
  welcome.echo = hello.nonce;
  outbox_.push_back({.session = {}, .counter = 0, .message = std::move(welcome)});
  Heard heard;
  heard.opened = !repeated;
  return heard;
}

Heard Link::receive_welcome(std::uint64_t now_ms, const Welcome& welcome) {
  if (role_ == Role::kParent) return refused("welcome.unexpected");
  if (state_ != LinkState::kGreeting || welcome.echo != nonce_) return refused("welcome.stale");
  outbox_.clear();  // a hello that has not left yet
  open(now_ms, session_of(nonce_, welcome.nonce), welcome);
  Heard heard;
  heard.opened = true;
  return heard;
}

void Link::open(std::uint64_t now_ms, const Nonce& session, const Greeting& peer) {
  state_ = LinkState::kOpen;
  session_ = session;
  peer_ = peer;
  sent_counter_ = heard_counter_ = 0;
  opened_ms_ = heard_ms_ = said_ms_ = now_ms;
  inbound_.open(peer.incarnation);
  if (!outbound_.open(self_.incarnation, self_.past, peer.cursor, self_.last_position)) {
    faults_.emplace_back("stream.rollback");
  }
}

void Link::tick(std::uint64_t now_ms) {
  now_ms_ = now_ms;
  if (state_ == LinkState::kGreeting && now_ms >= greet_at_ms_) greet(now_ms);
  if (state_ == LinkState::kOpen) tick_open(now_ms);
}

void Link::tick_open(std::uint64_t now_ms) {
  if (now_ms >= heard_ms_ + kSilenceMs) {
    faults_.emplace_back("link.silence");
    lose_session(now_ms);
    return;
  }
  outbound_.tick(now_ms);
  if (now_ms < said_ms_ + kKeepaliveMs) return;
  enqueue(now_ms, StatusReport{.clock_ms = self_.clock_ms, .rows = {}});
}

std::optional<std::uint64_t> Link::next_tick_ms() const {
  if (state_ == LinkState::kDown) return std::nullopt;
  if (state_ == LinkState::kGreeting) return greet_at_ms_;
  const std::uint64_t next = std::min(heard_ms_ + kSilenceMs, said_ms_ + kKeepaliveMs);
  return std::min(next, outbound_.next_tick_ms().value_or(next));
}

// Messages.

Heard Link::receive(std::uint64_t now_ms, const Nonce& session, std::uint64_t counter,
                    Message message) {
  now_ms_ = now_ms;
  const auto* hello = std::get_if<Hello>(&message);
  const auto* welcome = std::get_if<Welcome>(&message);
  if ((hello || welcome) && session != Nonce{}) return refused("greeting.session");
  if (hello) return receive_hello(now_ms, *hello);
  if (welcome) return receive_welcome(now_ms, *welcome);
  if (std::holds_alternative<Join>(message)) return refused("join.unexpected");
  if (const auto* refuse = std::get_if<Refuse>(&message)) {
    if (auto heard = receive_refuse(now_ms, session, *refuse)) return *std::move(heard);
  }
  if (state_ != LinkState::kOpen || session != session_) {
    return receive_foreign(now_ms, session, message);
  }
  if (counter <= heard_counter_) return refused("session.replayed");
  heard_counter_ = counter;
  heard_ms_ = now_ms;
  return accept(now_ms, std::move(message));
}

// A refuse of a session, or of something that had none, stands outside the counters:
// whoever wrote it may not know the session. It cannot be played again with effect, for
// the session it names has ended.
std::optional<Heard> Link::receive_refuse(std::uint64_t now_ms, const Nonce& session,
                                          const Refuse& refuse) {
  const bool of_session = refuse.rule == kSessionUnknown;
  if (!of_session && session != Nonce{}) return std::nullopt;
  if (of_session) {
    if (state_ != LinkState::kOpen || session != session_) return refused("refuse.stale");
    lose_session(now_ms);
  } else if (role_ == Role::kChild && state_ != LinkState::kGreeting) {
    return refused("refuse.stale");
  }
  Heard heard;
  heard.refuse = refuse;
  return heard;
}

Heard Link::receive_foreign(std::uint64_t now_ms, const Nonce& session, const Message& message) {
  if (role_ == Role::kParent) {
    if (!std::holds_alternative<Refuse>(message)) refuse_session(now_ms, session);
  } else if (state_ == LinkState::kOpen && session != previous_session_) {
    lose_session(now_ms);
  }
  return refused(kSessionUnknown);
}

void Link::refuse_session(std::uint64_t now_ms, const Nonce& session) {
  const bool just_refused =
      refused_ms_ && session == refused_session_ && now_ms < *refused_ms_ + kMinHelloMs;
  if (just_refused) return;
  refused_session_ = session;
  refused_ms_ = now_ms;
  Refuse refuse{.rule = std::string(kSessionUnknown), .detail = "", .log = {}, .sequence = 0};
  outbox_.push_back({.session = session, .counter = 0, .message = std::move(refuse)});
}

Heard Link::accept(std::uint64_t now_ms, Message message) {
  Heard heard;
  if (auto* entries = std::get_if<Entries>(&message)) {
    return accept_entries(now_ms, std::move(*entries));
  }
  if (auto* ack = std::get_if<Ack>(&message)) return accept_ack(now_ms, std::move(*ack));
  if (auto* want = std::get_if<Want>(&message)) heard.want = std::move(*want);
  if (auto* supply = std::get_if<Supply>(&message)) heard.supply = std::move(*supply);
  if (auto* refuse = std::get_if<Refuse>(&message)) heard.refuse = std::move(*refuse);
  if (auto* status = std::get_if<StatusReport>(&message)) heard.status = std::move(*status);
  return heard;
}

Heard Link::accept_entries(std::uint64_t now_ms, Entries entries) {
  const InboundStream::Outcome outcome = inbound_.receive(now_ms, entries);
  if (!outcome.broken_rule.empty()) return refused(outcome.broken_rule);
  if (outcome.rollback) faults_.emplace_back("peer.rollback");
  Heard heard;
  heard.batch = std::move(entries);
  return heard;
}

Heard Link::accept_ack(std::uint64_t now_ms, Ack ack) {
  const OutboundStream::Outcome outcome = outbound_.acknowledge(now_ms, ack);
  if (!outcome.broken_rule.empty()) return refused(outcome.broken_rule);
  if (auto skips = outbound_.flush_skips(now_ms)) enqueue(now_ms, *std::move(skips));
  Heard heard;
  heard.progress = std::move(ack);
  return heard;
}

void Link::push(std::uint64_t now_ms, std::vector<Row> rows, std::uint64_t upto) {
  now_ms_ = now_ms;
  for (Entries& entries : outbound_.push(now_ms, std::move(rows), upto, self_.last_position)) {
    enqueue(now_ms, std::move(entries));
  }
}

void Link::committed(std::uint64_t now_ms, const Cursor& cursor, std::vector<LogHead> heads) {
  now_ms_ = now_ms;
  if (!inbound_.committed(cursor)) return;
  std::size_t next = 0;
  do {
    const std::size_t end = std::min(next + kMaxHeadsPerAck, heads.size());
    const auto first = heads.begin() + static_cast<std::ptrdiff_t>(next);
    const auto last = heads.begin() + static_cast<std::ptrdiff_t>(end);
    enqueue(now_ms, Ack{.cursor = cursor, .resend = false, .heads = {first, last}, .lacks = {}});
    next = end;
  } while (next < heads.size());
}

void Link::not_committed() { inbound_.not_committed(now_ms_); }

void Link::send(std::uint64_t now_ms, Message message) {
  now_ms_ = now_ms;
  if (state_ == LinkState::kOpen) enqueue(now_ms, std::move(message));
}

void Link::enqueue(std::uint64_t now_ms, Message message) {
  said_ms_ = now_ms;
  outbox_.push_back(
      {.session = session_, .counter = ++sent_counter_, .message = std::move(message)});
}

// Filled when it leaves, so that it says what was committed in the same turn.
void Link::fill_greeting(Greeting& greeting) {
  greeting.incarnation = self_.incarnation;
  greeting.cursor = inbound_.greeting();
  greeting.topology = self_.topology;
  greeting.clock_ms = self_.clock_ms;
  greeting.software = self_.software;
  greeting.lacks = self_.lacks;
}

std::vector<Outgoing> Link::take() {
  if (auto ack = inbound_.take_owed()) enqueue(now_ms_, *std::move(ack));
  for (Outgoing& outgoing : outbox_) {
    if (auto* hello = std::get_if<Hello>(&outgoing.message)) fill_greeting(*hello);
    if (auto* welcome = std::get_if<Welcome>(&outgoing.message)) fill_greeting(*welcome);
    if (auto* ack = std::get_if<Ack>(&outgoing.message)) ack->lacks = self_.lacks;
  }
  return std::exchange(outbox_, {});
}

std::vector<std::string> Link::take_faults() { return std::exchange(faults_, {}); }

}  // namespace yishi::sync
