// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// ThreadSanitizer of GCC 12 does not know pthread_mutex_clocklock, and takes what it locks for unlocked. It knows this.
#if defined(__SANITIZE_THREAD__)
#include <pthread.h>

#include <ctime>

extern "C" int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
  timespec now_there{}, now_here{};
  clock_gettime(clock, &now_there);
  clock_gettime(CLOCK_REALTIME, &now_here);
  timespec at{now_here.tv_sec + until->tv_sec - now_there.tv_sec, now_here.tv_nsec + until->tv_nsec - now_there.tv_nsec};
  if (at.tv_nsec < 0) at.tv_nsec += 1'000'000'000, at.tv_sec--;
  if (at.tv_nsec >= 1'000'000'000) at.tv_nsec -= 1'000'000'000, at.tv_sec++;
  return pthread_mutex_timedlock(mutex, &at);
}
#endif
