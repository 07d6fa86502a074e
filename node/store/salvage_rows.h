// The rows of a damaged store: each is read, judged, and kept or marked as damaged. Private to
// node/store.
#pragma once

#include <map>
#include <optional>

#include "node/store/salvage.h"
#include "node/store/sqlite.h"

namespace yishi::store {

class RowSalvage {
 public:
  RowSalvage(Connection& old, Connection& fresh, RowJudge judge, std::uint64_t now_ms,
             Salvaged& report)
      : old_(old), fresh_(fresh), judge_(std::move(judge)), now_ms_(now_ms), report_(report) {}

  void run();

 private:
  struct Place {  // what is known of a row besides its run
    std::int64_t log = 0;
    StoredRow row;
  };

  void load_logs();
  std::uint64_t last_position();
  std::optional<std::uint64_t> greatest(std::string_view sql, bool trust);
  std::optional<Place> read(std::uint64_t position, bool trust);
  bool correct(Place& place);  // by the indexes; false: they do not know the row
  bool by_indexes(Place& place, bool trust);
  crypto::Digest id_of(const Place& place);
  std::optional<Bytes> second_copy(std::uint64_t position);
  void keep(std::uint64_t position);
  void judge(Place place, std::optional<Error> was);
  static bool same_place(const Place& a, const Place& b);
  void sound(const Place& place, const RowVerdict& verdict);
  void insert(const Place& place);
  bool follows(const Place& place) const;
  void cover(const Place& place);
  bool known_damage(std::uint64_t position);
  void note(const Place& place, const Error& fault, std::uint64_t mended_ms);
  void save_logs();

  Connection& old_;
  Connection& fresh_;
  RowJudge judge_;
  std::uint64_t now_ms_;
  Salvaged& report_;
  bool logs_whole_ = false;
  std::int64_t topology_log_ = 0;
  struct Log {
    crypto::Digest id;
    sync::Head head;
    std::uint64_t topology = 0, records = 0;
    std::uint64_t covered = 0;  // rows, sound or not, stand for its entries up to here
  };
  std::map<std::int64_t, Log> logs_;
};

}  // namespace yishi::store
