// Copies of a data directory's files that agree in themselves, taken while a node runs, and
// what a copy must forget before it may speak again.
//
// copy_* use SQLite's online backup through a reader: writers go on, the copy is one state of
// the store, with the checksum of every page. Any thread.
#pragma once

#include <string>

#include "node/store/database.h"

namespace yishi::store {

// Of store.db into the folder `to`, which is there and has none. Rules of Database::open and
// "store.io".
Status copy_store(const std::string& directory, const std::string& to);
// Of a file beside the store (accounts.db); one that is missing is none: nothing happens.
Status copy_side_file(const std::string& from, const std::string& to);

// Makes an old copy of a store the store of a new node of the same unit. Everything it holds
// stays. It gets a new incarnation, so that no neighbour takes its stream for one that it knows;
// it forgets its lives, what neighbours had receipted, and how far it held their streams: it hears
// them from the beginning, like any machine in another's place, and knows most of it already.
// Only the store's own key is not here: the caller gives the node a new one, or the old log
// would be written twice. Rules of Database::open and commit().
Status renew_store(const std::string& directory, const sync::Nonce& incarnation,
                   Disk& disk = Disk::real());

}  // namespace yishi::store
