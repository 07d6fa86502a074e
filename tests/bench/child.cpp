#include "tests/bench/child.h"

#include <algorithm>

#include "node/turn/ledger.h"

namespace yishi::bench {

namespace {

constexpr std::string_view kSoftware = "children";

sync::CurvePair new_curve(crypto::Random& random) {
  sync::PeerKey secret{};
  random.fill(secret);
  return sync::curve_from_secret(secret);
}

}  // namespace

Identity Identity::make(topology::Code unit, crypto::Suite suite, crypto::Random& random) {
  return {std::move(unit), crypto::PrivateKey::generate(suite), new_curve(random)};
}

Child::Child(Identity identity, const Parent& parent, zmq::context_t& context,
             crypto::Random& random)
    : self_(std::move(identity)),
      parent_(parent),
      random_(random),
      link_(sync::Role::kChild, random, parent.held),
      line_(context, random) {
  random_.fill(incarnation_);
}

void Child::append(sync::Record record, std::uint64_t now_ms) {
  sync::EntryHeader header;
  header.network = parent_.network;
  header.log = self_.key.public_key().id();
  header.sequence = head_.sequence + 1;
  header.previous = head_.digest;
  header.time_ms = now_ms;
  header.topology = parent_.topology;
  auto bytes = sync::encode_record(record);
  header.records = {sync::record_digest(self_.key.suite(), bytes)};
  std::vector<Bytes> records;
  records.push_back(std::move(bytes));
  auto sealed = sync::seal_entry(self_.key, std::move(header), std::move(records));
  head_ = {++last_, sync::entry_digest(self_.key.suite(), sealed.header, sealed.signature.view()),
           now_ms};
  unpacked_.push_back(std::move(sealed));
  std::vector<sync::Entry> views;
  for (const auto& entry : unpacked_) views.push_back(entry.view());
  if (sync::raw_run_size(views) >= sync::kRunBytes) close_run();
}

void Child::close_run() {
  if (unpacked_.empty()) return;
  std::vector<sync::Entry> views;
  for (const auto& entry : unpacked_) views.push_back(entry.view());
  rows_.push_back({last_, sync::pack_run(views, true)});
  unpacked_.clear();
}

void Child::log_issues(std::size_t count, const deliberation::World& world, std::uint64_t now_ms) {
  const int year = deliberation::china_year(now_ms);
  for (std::size_t k = 1; k <= count; ++k) {
    deliberation::ActBody body;
    body.unit = body.home = self_.unit;
    body.by = "村委会";
    body.title = "村口第 " + std::to_string(k) + " 盏路灯不亮";
    body.text = "东头水渠渗漏，已拍照，已报网格员，计划本周开会商量，编号 " +
                to_hex(random_.bytes(16)) + "。";
    body.category = "environment";
    body.budget_fen = 800'000;
    const auto id = deliberation::make_issue_id(self_.unit, year, k);
    auto draft = deliberation::make_log(id, std::move(body), world, self_.unit, now_ms);
    YISHI_ASSERT(draft.ok());
    append({draft->kind, id, deliberation::encode_body(draft->body), sync::make_salt(random_)},
           now_ms);
  }
  close_run();
}

void Child::note_lines(std::size_t count, std::uint64_t now_ms) {
  for (std::size_t k = 1; k <= count; ++k) {
    std::string line = "上午九点，来访 4 人，东头水渠渗漏，已拍照，编号 " +
                       to_hex(random_.bytes(16)) + "，第 " + std::to_string(k) + " 条";
    line.resize(std::max<std::size_t>(line.size(), 289), ' ');
    append({std::string(turn::kJournalKind), self_.unit.text(), copy(view_of(line)),
            sync::make_salt(random_)},
           now_ms);
  }
  close_run();
}

Status Child::connect(const std::string& endpoint) {
  return line_.set(sync::Transport::Upstream{endpoint, parent_.curve, self_.curve.public_key,
                                             self_.curve.secret_key},
                   sync::ZmqParent::Time::clock::now());
}

void Child::step(const turn::Now& now) {
  line_.advance(sync::ZmqParent::Time::clock::now());
  link_.set_self({incarnation_, last_, parent_.topology, now.wall_ms, std::string(kSoftware), {}});
  for (const auto event : line_.take_events()) {
    trouble_.refused_lines += event == sync::LineEvent::kRefused;
    trouble_.unreachable += event == sync::LineEvent::kUnreachable;
    trouble_.lost_lines += event == sync::LineEvent::kDown;
    if (event == sync::LineEvent::kUp) {
      link_.line_up(now.steady_ms);
    } else {
      link_.line_down(now.steady_ms);
      unsent_.clear();
    }
  }
  while (auto received = line_.receive(counters_)) {
    if (received->delivery) hear(received->delivery->frame, now);
  }
  if (const auto due = link_.next_tick_ms(); due && *due <= now.steady_ms)
    link_.tick(now.steady_ms);
  offer(now);
}

void Child::hear(const Bytes& bytes, const turn::Now& now) {
  auto frame = sync::open_frame(bytes);
  YISHI_ASSERT(frame.ok() && frame->signed_by(parent_.key));
  auto& envelope = frame->envelope;
  trouble_.resends += std::holds_alternative<sync::Ack>(envelope.message) &&
                      std::get<sync::Ack>(envelope.message).resend;
  const auto heard =
      link_.receive(now.steady_ms, envelope.session, envelope.counter, std::move(envelope.message));
  if (heard.refuse) {
    ++trouble_.refused_records;
    trouble_.last = heard.refuse->rule + " " + heard.refuse->detail;
  }
  if (heard.batch) {  // the parent's news: kept as a real child would
    link_.committed(now.steady_ms, {heard.batch->incarnation, heard.batch->upto}, {});
  }
}

void Child::offer(const turn::Now& now) {
  while (const auto pull = link_.pull()) {
    std::vector<sync::Row> rows;
    std::size_t bytes = 0;
    std::uint64_t upto = last_;
    for (const auto& row : rows_) {
      if (row.position <= pull->after) continue;
      if (!rows.empty() && bytes + row.run.size() > pull->max_bytes) break;
      bytes += row.run.size();
      upto = row.position;
      rows.push_back(row);
    }
    if (rows.empty() && upto == pull->after) break;
    link_.push(now.steady_ms, std::move(rows), upto);
  }
  for (auto& out : link_.take()) {
    unsent_.push_back(
        sync::seal(self_.key, {parent_.network, self_.key.public_key().id(), parent_.unit,
                               out.session, out.counter, std::move(out.message)}));
  }
  std::size_t sent = 0;
  while (sent < unsent_.size() && line_.send(unsent_[sent])) ++sent;
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent));
  if (link_.state() != sync::LinkState::kOpen) unsent_.clear();
}

}  // namespace yishi::bench
