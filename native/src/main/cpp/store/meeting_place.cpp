// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "meeting_place.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdio>

#include "failure.h"

namespace partita::store {
namespace {

constexpr char kSocket[] = "store.sock";

// Through the open folder: a socket's path may have 107 bytes only, and nobody can swap the folder.
sockaddr_un address_in(int folder, const char* name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder, name);
  return address;
}

Descriptor new_socket() {
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.open()) fail_with_errno("making a Unix socket");
  return socket;
}

flock64 member_lock(short type, std::uint32_t client) {
  flock64 lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = client;
  lock.l_len = 1;
  return lock;
}

}  // namespace

MeetingPlace::MeetingPlace(const std::string& path) : path_(path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail_with_errno("making the store's folder " + path);
  folder_.reset(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_.open()) fail_with_errno("opening the store's folder " + path);
  struct stat status{};
  if (fstat(folder_.get(), &status) != 0) fail_with_errno("looking at the store's folder " + path);
  if (status.st_uid != geteuid()) {
    throw Failure(PTC_FORBIDDEN, "the store's folder " + path + " belongs to user " + std::to_string(status.st_uid) +
                                     ", this process to user " + std::to_string(geteuid()));
  }
  if ((status.st_mode & 022) != 0) {
    throw Failure(PTC_FORBIDDEN, "the store's folder " + path + " is writable for others: chmod go-w it");
  }
}

Descriptor MeetingPlace::open_file(const char* name) const {
  Descriptor file(openat(folder_.get(), name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.open()) fail_with_errno("opening " + path_ + "/" + name);
  return file;
}

Descriptor MeetingPlace::try_lock(const char* name) const {
  Descriptor file = open_file(name);
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK && errno != EINTR) fail_with_errno("locking " + path_ + "/" + name);
  return {};
}

Descriptor MeetingPlace::open_members() const { return open_file("members.lock"); }

Descriptor MeetingPlace::connect() const {
  Descriptor socket = new_socket();
  sockaddr_un address = address_in(folder_.get(), kSocket);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  if (errno == EACCES || errno == EPERM) fail_with_errno("connecting to " + path_ + "/" + kSocket);
  return {};
}

Descriptor MeetingPlace::listen() const {
  Descriptor socket = new_socket();
  std::string fresh = std::string(kSocket) + "." + std::to_string(getpid());
  unlinkat(folder_.get(), fresh.c_str(), 0);
  sockaddr_un address = address_in(folder_.get(), fresh.c_str());
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail_with_errno("binding " + path_ + "/" + fresh);
  }
  if (::listen(socket.get(), 128) != 0) fail_with_errno("listening on " + path_ + "/" + fresh);
  if (renameat(folder_.get(), fresh.c_str(), folder_.get(), kSocket) != 0) {
    fail_with_errno("naming " + path_ + "/" + kSocket);
  }
  return socket;
}

bool try_lock_member(int members, std::uint32_t client) {
  flock64 lock = member_lock(F_WRLCK, client);
  return fcntl(members, F_OFD_SETLK, &lock) == 0;
}

void unlock_member(int members, std::uint32_t client) {
  flock64 lock = member_lock(F_UNLCK, client);
  fcntl(members, F_OFD_SETLK, &lock);
}

bool is_own_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

int peer_pid(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
}

}  // namespace partita::store
