// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "partita_process.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <csignal>
#include <fstream>

#include "store_fixture.h"

using namespace partita::tests;

namespace {

// Alive, and not only waiting to be buried.
bool runs(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return static_cast<bool>(stat >> number >> name >> state) && state != "Z" && state != "X";
}

}  // namespace

TEST("a child dies with its parent, even while it is stopped") {
  for (bool stopped : {false, true}) {
    int pipes[2];
    CHECK(pipe(pipes) == 0);
    pid_t parent = in_child([&] {
      pid_t self = getpid();
      pid_t child = in_child([&] {
        ptc_status status = ptc_process_die_with_parent(self);
        pid_t pid = status == PTC_OK ? getpid() : -1;
        if (write(pipes[1], &pid, sizeof pid) != sizeof pid) return 1;
        if (stopped) raise(SIGSTOP);
        while (true) pause();
      });
      int status;
      if (stopped) waitpid(child, &status, WUNTRACED);
      while (true) pause();
      return 0;
    });
    pid_t child = 0;
    CHECK(read(pipes[0], &child, sizeof child) == sizeof child);
    CHECK(child > 0 && runs(child));
    if (stopped) usleep(50'000);
    kill(parent, SIGKILL);
    CHECK(end_of(parent) == 1000 + SIGKILL);
    CHECK(within(1000, [&] { return !runs(child); }));
    close(pipes[0]);
    close(pipes[1]);
  }
}

TEST("a child whose parent is dead already ends, and one of another parent is told so") {
  pid_t stranger = in_child([] { return 0; });
  CHECK(end_of(stranger) == 0);
  CHECK(end_of(in_child([&] { return ptc_process_die_with_parent(stranger) == PTC_OK ? 2 : 3; })) == 1);
  CHECK(end_of(in_child([] { return ptc_process_die_with_parent(getpid()); })) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_process_die_with_parent(0) == PTC_INVALID_ARGUMENT);
}

TEST("a child goes before others when memory is short") {
  pid_t self = getpid();
  CHECK(end_of(in_child([&] {
          if (ptc_process_die_with_parent(self) != PTC_OK) return 1;
          std::ifstream file("/proc/self/oom_score_adj");
          int score = 0;
          file >> score;
          return score == 700 ? 0 : 2;
        })) == 0);
}

TEST("private memory above the limit is refused, shared memory is not counted") {
  CHECK(ptc_process_limit_private(-1) == PTC_INVALID_ARGUMENT);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip("a sanitizer's own memory is above every limit");
#else
  CHECK(end_of(in_child([] {
          if (ptc_process_limit_private(256 * kMiB) != PTC_OK) return 1;
          constexpr std::size_t kLarge = 512 * kMiB;
          void* shared = mmap(nullptr, kLarge, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
          if (shared == MAP_FAILED) return 2;
          void* own = mmap(nullptr, kLarge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
          if (own != MAP_FAILED) return 3;
          return std::malloc(static_cast<std::size_t>(kLarge)) == nullptr ? 0 : 4;
        })) == 0);
#endif
}

TEST("what a child prints does not get into its channel") {
  int down[2], up[2];
  CHECK(pipe(down) == 0 && pipe(up) == 0);
  pid_t child = in_child([&] {
    dup2(down[0], STDIN_FILENO);
    dup2(up[1], STDOUT_FILENO);
    close(down[1]);
    int silent = open("/dev/null", O_WRONLY);
    dup2(silent, STDERR_FILENO);
    int in = -1, out = -1;
    if (ptc_process_take_channel(&in, &out) != PTC_OK) return 1;
    char byte = 0;
    if (read(STDIN_FILENO, &byte, 1) != 0) return 2;
    if (write(STDOUT_FILENO, "noise", 5) != 5) return 3;
    if (read(in, &byte, 1) != 1) return 4;
    return write(out, &byte, 1) == 1 ? 0 : 5;
  });
  CHECK(write(down[1], "x", 1) == 1);
  close(down[0]);
  close(down[1]);
  close(up[1]);
  CHECK(end_of(child) == 0);
  char answer[8];
  CHECK(read(up[0], answer, sizeof answer) == 1 && answer[0] == 'x');
  close(up[0]);
}
