#include "node/deliberation/follow_codec.h"

#include "node/deliberation/codec.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kMaxWord = 64;  // ids, hex digests, ids of issues
constexpr std::size_t kMaxRows = kMaxPackArray;
constexpr std::size_t kMaxAlertBytes = 256;

crypto::Digest read_digest(Fields& in, std::string_view key) {
  const View bytes = in.binary_exact(key, crypto::kDigestBytes);
  return bytes.empty() ? crypto::Digest{} : crypto::Digest::from(bytes);
}

// Each element a map of its own.
template <class Read>
void each_map(Fields& in, std::string_view key, Read read) {
  const Value* array = in.array(key, kMaxRows);
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    Fields one(*array->at(i), key);
    read(one);
    if (fail_with(in, key, one.fault())) return;
  }
}

void write_latest(Packer& out, const Latest& one) {
  out.map(7).text("count").number(one.count).text("unit").text(one.unit.text());
  out.text("text").text(one.text).text("task").number(one.task).text("until").number(one.until_ms);
  out.text("time").number(one.time_ms).text("digest").binary(one.digest.view());
}

Latest read_latest(Fields& in) {
  Latest one;
  one.count = in.number("count");
  one.unit = read_code(in, "unit");
  one.text = in.text("text", kMaxTextBytes);
  one.task = in.number("task");
  one.until_ms = in.number("until");
  one.time_ms = in.number("time");
  one.digest = read_digest(in, "digest");
  return one;
}

void read_latest(Fields& in, std::string_view key, Latest& latest) {
  const Value* map = in.map_or_null(key);
  if (map == nullptr) return;
  Fields one(*map, key);
  latest = read_latest(one);
  fail_with(in, key, one.fault());
}

void write_step(Packer& out, const SupervisionStep& one) {
  out.map(7).text("what").number(static_cast<std::uint64_t>(one.what));
  out.text("unit").text(one.unit.text()).text("by").text(one.by);
  out.text("methods");
  write_texts(out, one.methods);
  out.text("when").number(one.when_ms).text("time").number(one.time_ms);
  out.text("digest").binary(one.digest.view());
}

SupervisionStep read_step(Fields& in) {
  SupervisionStep one;
  one.what = static_cast<SupervisionStep::What>(
      in.number("what", static_cast<std::uint64_t>(SupervisionStep::What::kSentBack)));
  one.unit = read_code(in, "unit");
  one.by = in.text("by", kMaxShortBytes);
  one.methods = read_texts(in, "methods", kMaxMethods, kMaxWord);
  one.when_ms = in.number("when");
  one.time_ms = in.number("time");
  one.digest = read_digest(in, "digest");
  return one;
}

void write_supervision(Packer& out, const Supervision& one) {
  out.map(10).text("digest").binary(one.digest.view()).text("ref").binary(one.ref.view());
  out.text("unit").text(one.unit.text()).text("to").text(one.to.text());
  out.text("kind").text(one.kind).text("by").text(one.by).text("text").text(one.text);
  out.text("due").number(one.due_ms).text("time").number(one.time_ms);
  out.text("steps").array(one.steps.size());
  for (const SupervisionStep& step : one.steps) write_step(out, step);
}

Supervision read_supervision(Fields& in) {
  Supervision one;
  one.digest = read_digest(in, "digest");
  one.ref = read_digest(in, "ref");
  one.unit = read_code(in, "unit");
  one.to = read_code(in, "to");
  one.kind = in.text("kind", kMaxWord);
  one.by = in.text("by", kMaxShortBytes);
  one.text = in.text("text", kMaxTextBytes);
  one.due_ms = in.number("due");
  one.time_ms = in.number("time");
  each_map(in, "steps", [&](Fields& step) { one.steps.push_back(read_step(step)); });
  return one;
}

void write_moves(Packer& out, const FollowedUp& done) {
  out.text("published").array(done.publications.size());
  for (const Publication& one : done.publications) {
    out.map(5).text("n").number(one.n).text("time").number(one.time_ms);
    out.text("until").number(one.until_ms).text("about").text(one.about);
    out.text("place").text(one.place);
  }
  out.text("grants").array(done.grants.size());
  for (const Grant& one : done.grants) {
    out.map(5).text("n").number(one.n).text("task").number(one.task);
    out.text("until").number(one.until_ms).text("time").number(one.time_ms);
    out.text("why").text(one.why);
  }
  out.text("lead").text(done.lead.text()).text("revisit_due").number(done.revisit_due_ms);
  out.text("revisits").array(done.revisits.size());
  for (const Revisit& one : done.revisits) {
    out.map(4).text("n").number(one.n).text("time").number(one.time_ms);
    out.text("result").text(one.result).text("text").text(one.text);
  }
  out.text("guides").array(done.guides.size());
  for (const Guide& one : done.guides) {
    out.map(4).text("n").number(one.n).text("level").text(one.level);
    out.text("inside").text(one.inside.text()).text("due").number(one.due_ms);
  }
  out.text("round_of").text(done.round_of).text("answers").text(done.answers);
  out.text("round").number(done.round);
}

void read_moves(Fields& in, FollowedUp& done) {
  each_map(in, "published", [&](Fields& one) {
    done.publications.push_back({one.number("n"), one.number("time"), one.number("until"),
                                 std::string(one.text("about", kMaxWord)),
                                 std::string(one.text("place", kMaxShortBytes))});
  });
  each_map(in, "grants", [&](Fields& one) {
    done.grants.push_back({one.number("n"), one.number("task"), one.number("until"),
                           one.number("time"), std::string(one.text("why", kMaxTextBytes))});
  });
  done.lead = read_code(in, "lead");
  done.revisit_due_ms = in.number("revisit_due");
  each_map(in, "revisits", [&](Fields& one) {
    done.revisits.push_back({one.number("n"), one.number("time"),
                             std::string(one.text("result", kMaxWord)),
                             std::string(one.text("text", kMaxTextBytes))});
  });
  each_map(in, "guides", [&](Fields& one) {
    done.guides.push_back({one.number("n"), std::string(one.text("level", kMaxWord)),
                           read_code(one, "inside"), one.number("due")});
  });
  done.round_of = in.text("round_of", kMaxWord);
  done.answers = in.text("answers", kMaxWord);
  done.round = in.number("round");
}

void write_remarks(Packer& out, const FollowedUp& done) {
  out.text("asks").array(done.asks.size());
  for (const auto& [task, ask] : done.asks) {
    out.map(2).text("of").number(task).text("ask");
    write_latest(out, ask);
  }
  out.text("urged");
  write_latest(out, done.urged);
  out.text("accounted");
  write_latest(out, done.accounted);
  out.text("scores").array(done.scores.size());
  for (const auto& [party, score] : done.scores) {
    out.map(3).text("party").text(party).text("count").number(score.count);
    out.text("sum").number(score.sum);
  }
  out.text("surveys").number(done.surveys).text("asked").number(done.asked);
  out.text("satisfied").number(done.satisfied);
  out.text("supervisions").array(done.supervisions.size());
  for (const Supervision& one : done.supervisions) write_supervision(out, one);
  out.text("alerts");
  write_texts(out, {done.alerts.begin(), done.alerts.end()});
}

void read_remarks(Fields& in, FollowedUp& done) {
  each_map(in, "asks", [&](Fields& one) { read_latest(one, "ask", done.asks[one.number("of")]); });
  read_latest(in, "urged", done.urged);
  read_latest(in, "accounted", done.accounted);
  each_map(in, "scores", [&](Fields& one) {
    PartyScore& score = done.scores[std::string(one.text("party", kMaxWord))];
    score = {one.number("count"), one.number("sum")};
  });
  done.surveys = in.number("surveys");
  done.asked = in.number("asked");
  done.satisfied = in.number("satisfied");
  each_map(in, "supervisions",
           [&](Fields& one) { done.supervisions.push_back(read_supervision(one)); });
  const auto alerts = read_texts(in, "alerts", kMaxAlerts, kMaxAlertBytes);
  done.alerts = {alerts.begin(), alerts.end()};
}

}  // namespace

void write_follow_up(Packer& out, const FollowUp& said) {
  // A map begins with how many pairs it has: they are counted first.
  std::size_t pairs = 0;
  bool counting = true;
  const auto put = [&](bool there, std::string_view key, auto write) {
    if (!there) return;
    if (counting) {
      ++pairs;
      return;
    }
    out.text(key);
    write();
  };
  const auto text = [&](std::string_view key, const std::string& value) {
    put(!value.empty(), key, [&] { out.text(value); });
  };
  const auto number = [&](std::string_view key, std::uint64_t value) {
    put(value != 0, key, [&] { out.number(value); });
  };
  const auto all = [&] {
    text("about", said.about);
    text("kind", said.kind);
    put(!said.methods.empty(), "methods", [&] { write_texts(out, said.methods); });
    text("ref", said.ref);
    number("asked", said.asked);
    number("satisfied", said.satisfied);
    put(!said.units.empty(), "units", [&] { write_codes(out, said.units); });
    text("level", said.level);
    text("round", said.round_of);
    number("round_no", said.round);
    text("answers", said.answers);
  };
  all();
  out.map(pairs);
  counting = false;
  all();
}

FollowUp read_follow_up(Fields& in, std::string_view key) {
  FollowUp said;
  const Value* map = in.map_or_null(key);
  if (map == nullptr) return said;
  Fields one(*map, key);
  const auto number = [&](std::string_view name, std::uint64_t max) {
    return is_present(*map, name) ? one.number(name, max) : 0;
  };
  said.about = one.text_or("about", "", kMaxWord);
  said.kind = one.text_or("kind", "", kMaxWord);
  said.methods = read_texts(one, "methods", kMaxMethods, kMaxWord);
  said.ref = one.text_or("ref", "", kMaxWord);
  said.asked = number("asked", kMaxAsked);
  said.satisfied = number("satisfied", kMaxAsked);
  said.units = read_codes(one, "units", kMaxJointUnits);
  said.level = one.text_or("level", "", kMaxWord);
  said.round_of = one.text_or("round", "", kMaxWord);
  said.round = number("round_no", kMaxRounds);
  said.answers = one.text_or("answers", "", kMaxWord);
  if (fail_with(in, key, one.fault())) return {};
  return said;
}

void write_followed_up(Packer& out, const FollowedUp& done) {
  out.map(18);
  write_moves(out, done);
  write_remarks(out, done);
}

FollowedUp read_followed_up(Fields& in, std::string_view key) {
  FollowedUp done;
  const Value* map = in.map_or_null(key);
  if (map == nullptr) return done;
  Fields one(*map, key);
  read_moves(one, done);
  read_remarks(one, done);
  fail_with(in, key, one.fault());
  return done;
}

}  // namespace yishi::deliberation
