// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The folder by which processes find each other's arena.
//
//   store.sock    the broker listens here
//   broker.lock   flock: held by the process that brokers
//   arena.lock    flock: held by all members of the arena together, through one open file that travels with its
//                 descriptors; free only when the last of them is dead, however it died
//   members.lock  one byte a client, locked by that client as long as it lives
#pragma once

#include <cstdint>
#include <string>

#include "descriptor.h"

namespace partita::store {

class MeetingPlace {
 public:
  // Makes the folder if need be; FORBIDDEN unless it is the caller's and nobody else may write there.
  explicit MeetingPlace(const std::string& path);

  const std::string& path() const { return path_; }

  // Not open: somebody else holds it.
  Descriptor try_lock_broker() const { return try_lock("broker.lock"); }
  Descriptor try_lock_arena() const { return try_lock("arena.lock"); }
  // Each use is an open file of its own: locks of one do not see those of another as theirs.
  Descriptor open_members() const;

  // Not open: nobody listens.
  Descriptor connect() const;
  // Takes the place of a listener that died.
  Descriptor listen() const;

 private:
  Descriptor open_file(const char* name) const;
  Descriptor try_lock(const char* name) const;

  std::string path_;
  Descriptor folder_;
};

// Locks one client's byte; false: somebody else holds it. Closing the descriptor, or dying, unlocks.
bool try_lock_member(int members, std::uint32_t client);
void unlock_member(int members, std::uint32_t client);
// The user at the other end of a Unix socket is the one of this process.
bool is_own_user(int socket);
int peer_pid(int socket);

}  // namespace partita::store
