#include "node/deliberation/session_codec.h"

#include "node/deliberation/act.h"
#include "node/deliberation/codec.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kMaxLabelBytes = 64;  // ids of a policy
constexpr std::size_t kMaxUnitBytes = 18;
constexpr std::size_t kMaxDigestBytes = 128;  // hexadecimal
constexpr std::size_t kPersonParts = 5;
constexpr std::size_t kTallyParts = 5;
constexpr std::size_t kSayingParts = 3;
constexpr std::size_t kDutyParts = 4;

// Reads an array of arrays; `read` takes one of them apart.
template <class Item, class Read>
std::vector<Item> read_rows(Fields& in, std::string_view key, std::size_t max, std::size_t parts,
                            Read read) {
  std::vector<Item> items;
  const Value* array = in.array_or_null(key, max);
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    Sequence row(*array->at(i), key, parts);
    Item item = read(row);
    if (fail_with(in, key, row.fault())) return {};
    items.push_back(std::move(item));
  }
  return items;
}

template <class List, class Write>
void write_rows(Packer& out, const List& list, std::size_t parts, Write write) {
  out.array(list.size());
  for (const auto& item : list) {
    out.array(parts);
    write(item);
  }
}

void write_sayings(Packer& out, const std::vector<Saying>& sayings) {
  write_rows(out, sayings, kSayingParts,
             [&](const Saying& one) { out.text(one.who).text(one.party).text(one.text); });
}

std::vector<Saying> read_sayings(Fields& in, std::string_view key, std::size_t max) {
  return read_rows<Saying>(in, key, max, kSayingParts, [](Sequence& row) {
    Saying one;
    one.who = row.text("who", kMaxNameBytes);
    one.party = row.text("party", kMaxLabelBytes);
    one.text = row.text("text", kMaxSayingBytes);
    return one;
  });
}

void write_duties(Packer& out, const std::vector<Responsibility>& duties) {
  write_rows(out, duties, kDutyParts, [&](const Responsibility& one) {
    out.text(one.text).text(one.unit.text()).text(one.who).number(one.due_ms);
  });
}

std::vector<Responsibility> read_duties(Fields& in, std::string_view key) {
  std::optional<Error> fault;
  auto duties = read_rows<Responsibility>(in, key, kMaxListItems, kDutyParts, [&](Sequence& row) {
    Responsibility one;
    one.text = row.text("text", kMaxSayingBytes);
    const std::string_view unit = row.text("unit", kMaxUnitBytes);
    one.who = row.text("who", kMaxNameBytes);
    one.due_ms = row.number("due", kMaxTimeMs);
    if (unit.empty()) return one;
    auto code = topology::Code::parse(unit);
    if (code) {
      one.unit = *code;
    } else if (!fault) {
      fault = code.error();
    }
    return one;
  });
  if (fail_with(in, key, fault)) return {};
  return duties;
}

// Two texts a row: problems, materials, plans.
template <class Item>
void write_pairs(Packer& out, const std::vector<Item>& items, std::string Item::*first,
                 std::string Item::*second) {
  write_rows(out, items, 2, [&](const Item& one) { out.text(one.*first).text(one.*second); });
}

template <class Item>
std::vector<Item> read_pairs(Fields& in, std::string_view key, std::size_t max,
                             std::string Item::*first, std::size_t first_bytes,
                             std::string Item::*second, std::size_t second_bytes) {
  return read_rows<Item>(in, key, max, 2, [&](Sequence& row) {
    Item one;
    one.*first = row.text("name", first_bytes);
    one.*second = row.text("value", second_bytes);
    return one;
  });
}

// One person under a key: a list of at most one.
Person read_person(Fields& in, std::string_view key) {
  auto people = read_people(in, key, 1);
  return people.empty() ? Person() : std::move(people.front());
}

class SessionWriter {
 public:
  SessionWriter(const SessionRecord& session, Packer& out) : session_(session), values_(out) {}

  // A map begins with how many pairs it has: they are counted first.
  void write() {
    all();
    values_.map(pairs_);
    counting_ = false;
    all();
  }

 private:
  template <class Write>
  void put(bool there, std::string_view key, Write write) {
    if (!there) return;
    if (counting_) {
      ++pairs_;
      return;
    }
    values_.text(key);
    write();
  }
  void put_text(std::string_view key, const std::string& text) {
    put(!text.empty(), key, [&] { values_.text(text); });
  }
  void put_number(std::string_view key, std::uint64_t number) {
    put(number != 0, key, [&] { values_.number(number); });
  }
  void put_people(std::string_view key, const std::vector<Person>& list) {
    put(!list.empty(), key, [&] { write_people(values_, list); });
  }
  void put_person(std::string_view key, const Person& person) {
    put(person != Person(), key, [&] { write_people(values_, {person}); });
  }

  void numbers() {
    put_number("until", session_.until_ms);
    put_number("entitled", session_.entitled);
  }
  void words() {
    put_text("type", session_.type);
    put_text("venue", session_.venue);
    put_text("link", session_.link);
    put_text("subject", session_.subject);
    put_text("measures", session_.measures);
    put_text("minutes", session_.minutes);
  }
  void people() {
    put_people("conveners", session_.conveners);
    put_person("host", session_.host);
    put_person("delegator", session_.delegated_by);
    put_people("staff", session_.staff);
    put_people("signed_in", session_.attendance);
  }
  void lists() {
    put(!session_.votes.empty(), "votes", [&] { write_tallies(values_, session_.votes); });
    put(!session_.opinions.empty(), "opinions", [&] { write_sayings(values_, session_.opinions); });
    put(!session_.dissents.empty(), "dissents", [&] { write_sayings(values_, session_.dissents); });
    put(!session_.suggestions.empty(), "suggestions",
        [&] { write_texts(values_, session_.suggestions); });
    put(!session_.responsibilities.empty(), "duties",
        [&] { write_duties(values_, session_.responsibilities); });
    put(!session_.feedback.empty(), "feedback", [&] { write_texts(values_, session_.feedback); });
    put(!session_.problems.empty(), "problems",
        [&] { write_pairs(values_, session_.problems, &Problem::text, &Problem::result); });
    put(!session_.materials.empty(), "materials",
        [&] { write_pairs(values_, session_.materials, &Material::name, &Material::digest); });
  }
  void all() {
    numbers();
    words();
    people();
    lists();
  }

  const SessionRecord& session_;
  Packer& values_;
  bool counting_ = true;
  std::size_t pairs_ = 0;
};

}  // namespace

void write_people(Packer& out, const std::vector<Person>& people) {
  write_rows(out, people, kPersonParts, [&](const Person& one) {
    out.text(one.name).text(one.role).text(one.party).text(one.level).text(one.from);
  });
}

std::vector<Person> read_people(Fields& in, std::string_view key, std::size_t max) {
  return read_rows<Person>(in, key, max, kPersonParts, [](Sequence& row) {
    Person one;
    one.name = row.text("name", kMaxNameBytes);
    one.role = row.text("role", kMaxLabelBytes);
    one.party = row.text("party", kMaxLabelBytes);
    one.level = row.text("level", kMaxLabelBytes);
    one.from = row.text("from", kMaxNameBytes);
    return one;
  });
}

void write_tallies(Packer& out, const std::vector<Tally>& votes) {
  write_rows(out, votes, kTallyParts, [&](const Tally& one) {
    out.text(one.motion).text(one.channel).number(one.yes).number(one.no).number(one.abstain);
  });
}

std::vector<Tally> read_tallies(Fields& in, std::string_view key) {
  return read_rows<Tally>(in, key, kMaxTallies, kTallyParts, [](Sequence& row) {
    Tally one;
    one.motion = row.text("motion", kMaxTitleBytes);
    one.channel = row.text("channel", kMaxLabelBytes);
    one.yes = row.number("yes", kMaxVotes);
    one.no = row.number("no", kMaxVotes);
    one.abstain = row.number("abstain", kMaxVotes);
    return one;
  });
}

void write_plan_links(Packer& out, const std::vector<PlanLink>& plans) {
  write_pairs(out, plans, &PlanLink::plan, &PlanLink::ref);
}

std::vector<PlanLink> read_plan_links(Fields& in, std::string_view key) {
  return read_pairs<PlanLink>(in, key, kMaxPlanLinks, &PlanLink::plan, kMaxLabelBytes,
                              &PlanLink::ref, kMaxShortBytes);
}

void write_answers(Packer& out, const std::vector<CheckAnswer>& answers) {
  write_rows(out, answers, 3, [&](const CheckAnswer& one) {
    out.text(one.item).number(one.yes ? 1 : 0).text(one.text);
  });
}

std::vector<CheckAnswer> read_answers(Fields& in, std::string_view key) {
  return read_rows<CheckAnswer>(in, key, kMaxChecks, 3, [](Sequence& row) {
    CheckAnswer one;
    one.item = row.text("item", kMaxLabelBytes);
    one.yes = row.number("yes", 1) == 1;
    one.text = row.text("text", kMaxCheckBytes);
    return one;
  });
}

void write_session(Packer& out, const SessionRecord& session) {
  SessionWriter(session, out).write();
}

SessionRecord read_session(Fields& outer, std::string_view key) {
  SessionRecord session;
  const Value* map = outer.map_or_null(key);
  if (map == nullptr) return session;
  Fields in(*map, key);
  const auto number = [&](std::string_view name, std::uint64_t max) {
    return is_present(*map, name) ? in.number(name, max) : 0;
  };
  const auto text = [&](std::string_view name, std::size_t max) {
    return std::string(in.text_or(name, "", max));
  };
  session.until_ms = number("until", kMaxTimeMs);
  session.entitled = number("entitled", kMaxPeople);
  session.type = text("type", kMaxLabelBytes);
  session.venue = text("venue", kMaxLabelBytes);
  session.link = text("link", kMaxShortBytes);
  session.subject = text("subject", kMaxShortBytes);
  session.measures = text("measures", kMaxTextBytes);
  session.minutes = text("minutes", kMaxTextBytes);
  session.conveners = read_people(in, "conveners", kMaxConveners);
  session.host = read_person(in, "host");
  session.delegated_by = read_person(in, "delegator");
  session.staff = read_people(in, "staff", kMaxStaff);
  session.attendance = read_people(in, "signed_in", kMaxAttendance);
  session.votes = read_tallies(in, "votes");
  session.opinions = read_sayings(in, "opinions", kMaxOpinions);
  session.dissents = read_sayings(in, "dissents", kMaxDissents);
  session.suggestions = read_texts(in, "suggestions", kMaxListItems, kMaxSayingBytes);
  session.responsibilities = read_duties(in, "duties");
  session.feedback = read_texts(in, "feedback", kMaxListItems, kMaxSayingBytes);
  session.problems = read_pairs<Problem>(in, "problems", kMaxProblems, &Problem::text,
                                         kMaxSayingBytes, &Problem::result, kMaxLabelBytes);
  session.materials = read_pairs<Material>(in, "materials", kMaxMaterials, &Material::name,
                                           kMaxShortBytes, &Material::digest, kMaxDigestBytes);
  if (fail_with(outer, key, in.fault())) return {};
  return session;
}

}  // namespace yishi::deliberation
