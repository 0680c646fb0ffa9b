// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace partita::files {

int Disk::make_folder(const std::string& path) { return mkdir(path.c_str(), 0777); }

int Disk::create(const std::string& path) {
  return open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
}

ssize_t Disk::write(int file, const void* bytes, std::size_t count) { return ::write(file, bytes, count); }

void Disk::start_writing_back(int file, off_t from, off_t count) {
  sync_file_range(file, from, count, SYNC_FILE_RANGE_WRITE);
}

int Disk::sync(int file) { return fsync(file); }

int Disk::close(int file) { return ::close(file); }

int Disk::rename(const std::string& from, const std::string& to) { return ::rename(from.c_str(), to.c_str()); }

int Disk::sync_folder(const std::string& path) {
  int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  int result = fsync(folder), error = errno;
  ::close(folder);
  errno = error;
  return result;
}

int Disk::remove(const std::string& path) { return unlink(path.c_str()); }

Disk& Disk::real() {
  static Disk disk;
  return disk;
}

}  // namespace partita::files
