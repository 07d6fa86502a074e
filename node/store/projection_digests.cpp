// A digest of every projection table, to compare a store with one derived again.
#include <array>

#include "node/store/issue_rows.h"
#include "node/store/issues.h"

namespace yishi::store {
namespace {

constexpr std::string_view kDomain = "yishi/projection/1";
constexpr std::size_t kChunkBytes = 64UL * 1024;

struct Projection {
  std::string_view name;
  std::string_view query;  // in an order that the rows alone decide
};

// The words of the index come by word, issue and place by themselves; sorting them again
// would take their whole number into memory.
constexpr std::array<Projection, 10> kProjections = {{
    {"issue",
     "SELECT issue.number, id, id_unit, id_year, id_number, transitions, waiting, changed, home, "
     "holder, month, category, stage, issue.ended, class.ended, climbed, state "
     "FROM issue LEFT JOIN class ON class.number = issue.class ORDER BY issue.number"},
    {"fact",
     "SELECT issue, digest, log.id, position, sequence, place, effect, rule, field, zh, en "
     "FROM fact LEFT JOIN log ON log.number = author ORDER BY issue, digest, author"},
    {"touch", "SELECT DISTINCT position, unit FROM touch ORDER BY position, unit"},
    {"figure_cell",
     "SELECT month, unit, name, amount FROM figure_cell JOIN figure ON number = figure "
     "ORDER BY month, unit, name"},
    {"imported", "SELECT * FROM imported ORDER BY home, key, issue"},
    {"sitting", "SELECT * FROM sitting ORDER BY unit, held_ms, place, form, alone, people, issue"},
    {"search", "SELECT term, doc FROM search_words"},
    {"register_entry",
     "SELECT e.register, e.unit, e.key, e.withdrawn, f.digest FROM register_entry AS e "
     "LEFT JOIN register_fact AS f ON f.number = e.fact ORDER BY e.register, e.unit, e.key"},
    {"register_fact",
     "SELECT e.register, e.unit, e.key, digest, log.id, position, sequence, place, f.time_ms, "
     "f.topology, revision, f.withdrawn, body, rule, zh, en FROM register_fact AS f "
     "JOIN register_entry AS e ON e.number = f.entry LEFT JOIN log ON log.number = author "
     "ORDER BY e.register, e.unit, e.key, digest, log.id"},
    {"register_reference",
     "SELECT r.register, r.unit, r.key, e.register, e.unit, e.key FROM register_reference AS r "
     "JOIN register_entry AS e ON e.number = r.entry "
     "ORDER BY r.register, r.unit, r.key, e.register, e.unit, e.key"},
}};

// Hashes values in chunks, each together with the digest of those before.
class Chain {
 public:
  explicit Chain(crypto::Suite suite) : suite_(suite) {}

  // Type, length and bytes: no two rows of values give the same text.
  void add(const Query& query, int column) {
    append(static_cast<std::uint64_t>(query.type_at(column)));  // before it is converted
    const View bytes = query.blob_at(column);
    append(bytes.size());
    chunk_.insert(chunk_.end(), bytes.begin(), bytes.end());
    if (chunk_.size() >= kChunkBytes) close();
  }

  crypto::Digest end() {
    close();
    return digest_;
  }

 private:
  void append(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) {
      chunk_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }
  void close() {
    digest_ = crypto::digest(suite_, kDomain, {digest_.view(), chunk_});
    chunk_.clear();
  }

  crypto::Suite suite_;
  crypto::Digest digest_;
  Bytes chunk_;
};

}  // namespace

std::vector<std::string> projection_digests(Database& database) {
  std::vector<std::string> lines;
  Database::Impl& impl = database.impl();
  if (impl.in_transaction && impl.access == Access::kWriter) save_unsaved(impl);
  for (const Projection& projection : kProjections) {
    Chain chain(database.identity().suite);
    std::uint64_t rows = 0;
    Query query(connection_of(database), projection.query);
    for (; query.step(); ++rows) {
      for (int column = 0; column < query.columns(); ++column) chain.add(query, column);
    }
    lines.push_back(std::string(projection.name) + " " + std::to_string(rows) + " " +
                    to_hex(chain.end().view()));
  }
  return lines;
}

}  // namespace yishi::store
