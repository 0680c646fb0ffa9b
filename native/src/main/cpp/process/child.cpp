// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string>

#include "partita_process.h"
#include "status.h"

using partita::guarded;
using partita::require;

namespace {

constexpr char kOomScore[] = "700";  // of 1000; everybody may raise his own

[[noreturn]] void fail_with_errno(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

void prefer_for_killing() {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  // Where this is not allowed, whoever is largest goes first, as everywhere.
  if (write(file, kOomScore, sizeof kOomScore - 1) < 0) errno = 0;
  close(file);
}

}  // namespace

ptc_status ptc_process_die_with_parent(int32_t parent_pid) {
  return guarded([&] {
    require(parent_pid > 0, "ptc_process_die_with_parent: parent_pid must be positive");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail_with_errno("asking for the parent's death");
    // It may have died before we asked: then we belong to somebody else.
    pid_t parent = getppid();
    if (parent != parent_pid) {
      if (kill(parent_pid, 0) != 0 && errno == ESRCH) _exit(1);
      throw partita::InvalidArgument("process " + std::to_string(parent_pid) + " is not the parent: that is " +
                                     std::to_string(parent));
    }
    prefer_for_killing();
  });
}

ptc_status ptc_process_limit_private(int64_t bytes) {
  return guarded([&] {
    require(bytes >= (int64_t{1} << 20), "ptc_process_limit_private: bytes must be 1 MiB or more");
    rlimit limit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)};
    if (setrlimit(RLIMIT_DATA, &limit) != 0) fail_with_errno("limiting private memory to " + std::to_string(bytes) + " bytes");
  });
}

ptc_status ptc_process_take_channel(int32_t* in, int32_t* out) {
  return guarded([&] {
    require(in != nullptr && out != nullptr, "ptc_process_take_channel: null");
    int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    if (input < 0) fail_with_errno("copying standard input");
    int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (output < 0) fail_with_errno("copying standard output");
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
      fail_with_errno("moving standard input and output");
    }
    close(nothing);
    *in = input;
    *out = output;
  });
}
