// Files that hold secrets: mode 0600, written whole or not at all.
//
// save_* writes a temporary file beside the target, syncs it, renames it over
// and syncs the folder: after a power cut there is the old file or the new one.
// load_* refuses a file that others may use (rule "file.mode") and names it.
//
// Rules: file.write, file.read (the system's reason is in the sentence), file.mode,
// file.kind (not a regular file), file.size, file.changed (while it was read), and
// for keys those of PrivateKey::from_encrypted_pem. Field: the path.
// Any thread; two writers of one path leave one of their files, whole.
#pragma once

#include <string>
#include <string_view>

#include "crypto/key.h"
#include "crypto/result.h"

namespace yishi::crypto {

Status save_private_file(const std::string& path, View bytes);
Result<Bytes> load_private_file(const std::string& path, std::size_t max_bytes);

Status save_key(const std::string& path, const PrivateKey& key, std::string_view passphrase);
Result<PrivateKey> load_key(const std::string& path, std::string_view passphrase);

}  // namespace yishi::crypto
