#include "node/store/registers.h"

#include <algorithm>

#include "node/store/issue_rows.h"

namespace yishi::store {
namespace {

using deliberation::EntryName;
using deliberation::RegisterFact;

// What of an entry's row and its record's; in this order everywhere.
constexpr std::string_view kEntryColumns =
    "register_entry.register, register_entry.unit, register_entry.key, register_fact.withdrawn, "
    "register_fact.body, register_fact.time_ms, register_fact.digest, log.id, "
    "register_fact.position, register_fact.sequence, register_fact.place "
    "FROM register_entry JOIN register_fact ON register_fact.number = register_entry.fact "
    "JOIN log ON log.number = register_fact.author ";

topology::Code code_of(std::string_view text) {
  auto code = topology::Code::parse(text);
  return code ? std::move(*code) : topology::Code();
}

std::optional<RegisterEntry> read_entry(Connection& connection, const Query& query) {
  auto body = deliberation::decode_register(query.blob_at(4));
  if (!body) {
    connection.note_damage("register entry " + std::string(query.text_at(2)) + ": " +
                           body.error().en);
    return std::nullopt;
  }
  RegisterEntry entry;
  entry.name = {std::string(query.text_at(0)), code_of(query.text_at(1)),
                std::string(query.text_at(2))};
  entry.withdrawn = query.integer_at(3) != 0;
  entry.body = std::move(*body);
  entry.time_ms = query.number_at(5);
  entry.digest = query.digest_at(6);
  entry.author = query.digest_at(7);
  entry.place = {query.number_at(8), query.number_at(9), query.number_at(10)};
  return entry;
}

std::int64_t find_entry(Connection& connection, const EntryName& name) {
  Query query(connection,
              "SELECT number FROM register_entry WHERE register = ? AND unit = ? AND key = ?");
  query.text(name.register_id).text(name.unit.text()).text(name.key);
  return query.step() ? query.integer_at(0) : 0;
}

std::int64_t entry_number(Connection& connection, const EntryName& name) {
  if (const auto known = find_entry(connection, name); known != 0) return known;
  Query(connection,
        "INSERT INTO register_entry (register, unit, key, fact, withdrawn) VALUES (?, ?, ?, 0, 0)")
      .text(name.register_id)
      .text(name.unit.text())
      .text(name.key)
      .run();
  return sqlite3_last_insert_rowid(connection.handle());
}

// The record that counts now, and what the entry points at by it.
void settle(Connection& connection, std::int64_t entry, const deliberation::World& world) {
  std::int64_t winner = 0;
  bool withdrawn = false;
  std::optional<deliberation::RegisterBody> body;
  topology::Version at = 0;
  {
    Query query(connection,
                "SELECT number, withdrawn, body, topology FROM register_fact "
                "WHERE entry = ? AND rule = '' "
                "ORDER BY revision DESC, time_ms DESC, digest DESC, author, sequence LIMIT 1");
    if (query.integer(entry).step()) {
      winner = query.integer_at(0);
      withdrawn = query.integer_at(1) != 0;
      at = query.number_at(3);
      if (auto decoded = deliberation::decode_register(query.blob_at(2))) body = *decoded;
    }
  }
  Query(connection, "UPDATE register_entry SET fact = ?, withdrawn = ? WHERE number = ?")
      .integer(winner)
      .integer(withdrawn ? 1 : 0)
      .integer(entry)
      .run();
  Query(connection, "DELETE FROM register_reference WHERE entry = ?").integer(entry).run();
  const auto policy = world.policy_at(at);
  const auto* its_register = policy && body ? policy->find_register(body->register_id) : nullptr;
  if (withdrawn || its_register == nullptr) return;
  for (const auto& name : deliberation::references_of(*its_register, body->fields)) {
    Query(connection,
          "INSERT INTO register_reference (register, unit, key, entry) VALUES (?, ?, ?, ?)")
        .text(name.register_id)
        .text(name.unit.text())
        .text(name.key)
        .integer(entry)
        .run();
  }
}

// Whether it changes nothing: the same record of the same log is here from an earlier entry.
bool is_known(Connection& connection, std::int64_t entry, const RegisterFact& fact,
              const FactPlace& place, std::int64_t author) {
  Query query(connection,
              "SELECT position, sequence, place FROM register_fact "
              "WHERE entry = ? AND digest = ? AND author = ?");
  if (!query.integer(entry).blob(fact.digest).integer(author).step()) return false;
  return !earlier_entry(place, {query.number_at(0), query.number_at(1), query.number_at(2)});
}

void put_fact_row(Connection& connection, std::int64_t entry, std::int64_t author,
                  const RegisterFact& fact, const FactPlace& place, const Error& error) {
  Query(connection, "DELETE FROM register_fact WHERE entry = ? AND digest = ? AND author = ?")
      .integer(entry)
      .blob(fact.digest)
      .integer(author)
      .run();
  Query(connection,
        "INSERT INTO register_fact (entry, digest, author, position, sequence, place, time_ms, "
        "topology, revision, withdrawn, body, rule, zh, en) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .integer(entry)
      .blob(fact.digest)
      .integer(author)
      .number(place.position)
      .number(place.sequence)
      .number(place.index)
      .number(fact.time_ms)
      .number(fact.topology)
      .number(fact.body.revision)
      .integer(fact.withdrawn ? 1 : 0)
      .blob(deliberation::encode_register(fact.body))
      .text(error.rule)
      .text(error.zh)
      .text(error.en)
      .run();
}

// Units below here hear of their own entries and of those that name them; of a register that goes
// down, all below its unit do: this node's own unit stands for all below it (outlet.h).
void tell(Database::Impl& impl, const RegisterFact& fact, std::uint64_t position, bool valid,
          const deliberation::World& world, const topology::Code& here) {
  const auto& directory = world.directory();
  const auto reach = deliberation::reach_of(fact, world, valid);
  for (const auto& unit : reach.units) {
    if (unit != here && directory.inside(unit, here)) touch(impl, position, unit.text());
  }
  if (reach.below && directory.inside(here, fact.subject)) touch(impl, position, here.text());
}

std::string json_texts(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const auto& text : texts) json += (json.size() > 1 ? ",\"" : "\"") + text + '"';
  return json + ']';
}

}  // namespace

Result<std::optional<Error>> Registers::apply(const RegisterFact& fact, const FactPlace& place,
                                              const deliberation::World& world,
                                              const topology::Code& here) {
  Database::Impl& impl = database_.impl();
  YISHI_ASSERT(impl.in_transaction);
  const auto author = log_number(impl, fact.author);
  const auto entry =
      entry_number(impl.connection, {fact.body.register_id, fact.subject, fact.body.key});
  std::optional<Error> error;
  if (Status judged = deliberation::judge_register(fact, world); !judged) error = judged.error();
  if (!is_known(impl.connection, entry, fact, place, author)) {
    put_fact_row(impl.connection, entry, author, fact, place, error.value_or(Error{}));
    settle(impl.connection, entry, world);
    tell(impl, fact, place.position, !error, world, here);
  }
  const Status status = impl.outcome();
  if (!status) return status.error();
  return error;
}

Status Registers::judge_again(const crypto::Digest& author, std::uint64_t after,
                              const deliberation::World& world) {
  Database::Impl& impl = database_.impl();
  YISHI_ASSERT(impl.in_transaction);
  const auto number = log_number(impl, author);
  std::vector<std::int64_t> entries;
  {
    Query query(impl.connection,
                "SELECT DISTINCT entry FROM register_fact "
                "WHERE author = ? AND sequence > ? AND rule = '' ORDER BY entry");
    query.integer(number).number(after);
    while (query.step()) entries.push_back(query.integer_at(0));
  }
  Query(impl.connection,
        "UPDATE register_fact SET rule = 'act.ended', zh = '该节点的密钥已终止。', "
        "en = 'the node''s key had ended before' WHERE author = ? AND sequence > ? AND rule = ''")
      .integer(number)
      .number(after)
      .run();
  for (const auto entry : entries) settle(impl.connection, entry, world);
  return impl.outcome();
}

bool Registers::knows(const crypto::Digest& fact) const {
  Query query(connection_of(database_), "SELECT 1 FROM register_fact WHERE digest = ? LIMIT 1");
  return query.blob(fact).step();
}

std::optional<RegisterEntry> Registers::entry(const EntryName& name) const {
  Connection& connection = connection_of(database_);
  Query query(connection, "SELECT " + std::string(kEntryColumns) +
                              "WHERE register_entry.register = ? AND register_entry.unit = ? "
                              "AND register_entry.key = ?");
  query.text(name.register_id).text(name.unit.text()).text(name.key);
  if (!query.step()) return std::nullopt;
  return read_entry(connection, query);
}

std::vector<StoredRegisterFact> Registers::history(const EntryName& name) const {
  Connection& connection = connection_of(database_);
  Query query(
      connection,
      "SELECT register_fact.number = register_entry.fact, register_fact.withdrawn, "
      "register_fact.body, register_fact.time_ms, register_fact.digest, log.id, "
      "register_fact.position, "
      "register_fact.sequence, place, register_fact.topology, rule, zh, en FROM register_entry "
      "JOIN register_fact ON register_fact.entry = register_entry.number "
      "JOIN log ON log.number = register_fact.author "
      "WHERE register_entry.register = ? AND register_entry.unit = ? "
      "AND register_entry.key = ? ORDER BY revision, register_fact.time_ms, digest");
  query.text(name.register_id).text(name.unit.text()).text(name.key);
  std::vector<StoredRegisterFact> facts;
  while (query.step()) {
    auto body = deliberation::decode_register(query.blob_at(2));
    if (!body) continue;
    StoredRegisterFact& one = facts.emplace_back();
    one.counts = query.integer_at(0) != 0;
    one.fact.withdrawn = query.integer_at(1) != 0;
    one.fact.body = std::move(*body);
    one.fact.time_ms = query.number_at(3);
    one.fact.digest = query.digest_at(4);
    one.fact.author = query.digest_at(5);
    one.place = {query.number_at(6), query.number_at(7), query.number_at(8)};
    one.fact.sequence = one.place.sequence;
    one.fact.topology = query.number_at(9);
    one.fact.subject = name.unit;
    one.rule = query.text_at(10);
    one.zh = query.text_at(11);
    one.en = query.text_at(12);
  }
  return facts;
}

std::vector<RegisterEntry> Registers::list(const EntryFilter& filter,
                                           const topology::Directory& directory) const {
  Connection& connection = connection_of(database_);
  std::string units;  // empty: any
  if (filter.unit) {
    units = json_texts({filter.unit->text()});
  } else if (filter.inside && *filter.inside != directory.root()) {
    std::vector<std::string> codes;
    for (const auto& code : directory.all_units()) {
      if (directory.inside(code, *filter.inside)) codes.push_back(code.text());
    }
    units = json_texts(codes);
  }
  const auto after = deliberation::parse_entry_reference(filter.after);
  Query query(connection,
              "SELECT " + std::string(kEntryColumns) +
                  "WHERE (?1 = '' OR register_entry.register = ?1) "
                  "AND (?2 = '' OR register_entry.unit IN (SELECT value FROM json_each(?2))) "
                  "AND register_entry.withdrawn <= ?3 "
                  "AND (register_entry.unit, register_entry.key) > (?4, ?5) "
                  "ORDER BY register_entry.register, register_entry.unit, register_entry.key "
                  "LIMIT ?6");
  query.text(filter.register_id).text(units).integer(filter.withdrawn ? 1 : 0);
  query.text(after ? after->first.text() : "").text(after ? after->second : "");
  query.number(filter.limit);
  std::vector<RegisterEntry> entries;
  while (query.step()) {
    if (auto one = read_entry(connection, query)) entries.push_back(std::move(*one));
  }
  return entries;
}

std::vector<RegisterEntry> Registers::referring(const EntryName& name, std::size_t limit) const {
  Connection& connection = connection_of(database_);
  Query query(connection,
              "SELECT " + std::string(kEntryColumns) +
                  "WHERE register_entry.number IN (SELECT entry FROM register_reference "
                  "WHERE register = ? AND unit = ? AND key = ?) ORDER BY register_entry.register, "
                  "register_entry.unit, register_entry.key LIMIT ?");
  query.text(name.register_id).text(name.unit.text()).text(name.key).number(limit);
  std::vector<RegisterEntry> entries;
  while (query.step()) {
    if (auto one = read_entry(connection, query)) entries.push_back(std::move(*one));
  }
  return entries;
}

void Registers::each(std::string_view register_id,
                     const std::function<void(const RegisterEntry&)>& visit) const {
  Connection& connection = connection_of(database_);
  Query query(connection,
              "SELECT " + std::string(kEntryColumns) +
                  "WHERE register_entry.register = ? AND register_entry.withdrawn = 0 "
                  "ORDER BY register_entry.unit, register_entry.key",
              Query::kOnce);
  query.text(register_id);
  while (query.step()) {
    if (const auto one = read_entry(connection, query)) visit(*one);
  }
}

std::vector<WrittenRecord> Registers::written_after(std::uint64_t number, std::size_t limit) const {
  Query query(connection_of(database_),
              "SELECT register_fact.number, register, unit, key, register_entry.withdrawn "
              "FROM register_fact JOIN register_entry ON register_entry.number = entry "
              "WHERE register_fact.number > ? ORDER BY register_fact.number LIMIT ?");
  query.number(number).number(limit);
  std::vector<WrittenRecord> out;
  while (query.step()) {
    out.push_back(
        {query.number_at(0),
         {std::string(query.text_at(1)), code_of(query.text_at(2)), std::string(query.text_at(3))},
         query.integer_at(4) != 0});
  }
  return out;
}

std::uint64_t Registers::last_written() const {
  Query query(connection_of(database_), "SELECT max(number) FROM register_fact");
  return query.step() ? query.number_at(0) : 0;
}

std::map<std::string, std::uint64_t> Registers::counts() const {
  Query query(connection_of(database_),
              "SELECT register, count(*) FROM register_entry WHERE fact > 0 AND withdrawn = 0 "
              "GROUP BY register");
  std::map<std::string, std::uint64_t> counts;
  while (query.step()) counts[std::string(query.text_at(0))] = query.number_at(1);
  return counts;
}

}  // namespace yishi::store
