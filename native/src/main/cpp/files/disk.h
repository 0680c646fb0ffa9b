// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What a set writer asks of the disk, call by call, so that tests can crash, fail and lose power at each. As the
// system calls of these names: -1 and errno.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace partita::files {

class Disk {
 public:
  virtual ~Disk() = default;
  virtual int make_folder(const std::string& path);
  virtual int create(const std::string& path);  // for writing; a former one is emptied
  virtual ssize_t write(int file, const void* bytes, std::size_t count);
  // Asks for these bytes to be written back soon, so that sync has less to wait for; means nothing for survival.
  virtual void start_writing_back(int file, off_t from, off_t count);
  virtual int sync(int file);
  virtual int close(int file);
  virtual int rename(const std::string& from, const std::string& to);
  virtual int sync_folder(const std::string& path);
  virtual int remove(const std::string& path);

  static Disk& real();
};

}  // namespace partita::files
