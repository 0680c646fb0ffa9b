// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The store as several processes share it.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "store_fixture.h"

namespace {

using namespace partita::tests;

TEST("what one process puts, another gets") {
  if (skipped_under_thread_sanitizer()) return;
  Folder folder;
  OpenStore store(folder);
  std::vector<char> content = content_of(3, 100'000);
  pid_t child = in_child([&] {
    OpenStore own(folder);
    put(own, content, {1, 1});
    return holds(own, {1, 2}, content_of(4, 10), 10'000) ? 0 : 1;
  });
  CHECK(holds(store, {1, 1}, content, 10'000));
  put(store, content_of(4, 10), {1, 2});
  CHECK(end_of(child) == 0);
}

TEST("writing through the address of a get is a SIGSEGV, and its pages cannot be made writable") {
  if (skipped_under_thread_sanitizer()) return;
  Folder folder;
  OpenStore store(folder);
  std::vector<char> content = content_of(3, 8192);
  ObjectId id = put(store, content);
  pid_t child = in_child([&] {
    OpenStore own(folder);
    ptc_stored stored;
    if (ptc_store_get(own, id.high, id.low, 0, &stored) != PTC_OK) return 1;
    auto page = reinterpret_cast<std::uintptr_t>(stored.data) / 4096 * 4096;
    if (mprotect(reinterpret_cast<void*>(page), 4096, PROT_READ | PROT_WRITE) == 0) return 2;
    signal(SIGSEGV, SIG_DFL);
    *const_cast<volatile char*>(static_cast<const char*>(stored.data)) = 1;
    return 3;
  });
  CHECK(end_of(child) == 1000 + SIGSEGV);
  CHECK(holds(store, id, content));
  CHECK(within(1000, [&] { return store.stats().pinned_objects == 0 && store.stats().clients == 1; }));
}

TEST("a killed client's pins and unsealed objects are gone within a second, what it sealed stays") {
  if (skipped_under_thread_sanitizer()) return;
  Folder folder;
  OpenStore store(folder);
  put(store, content_of(1, 1000), {1, 1});
  pid_t child = in_child([&] {
    OpenStore own(folder);
    ptc_stored stored;
    ptc_writing writing;
    ptc_store_get(own, 1, 1, 0, &stored);
    ptc_store_create(own, 0, 1, 2, 5000, nullptr, 0, 0, &writing);
    put(own, content_of(3, 3000), {1, 3});
    pause();
    return 0;
  });
  std::int64_t id[] = {1, 3};
  std::int8_t ready;
  std::int32_t count = 0;
  CHECK_OK(ptc_store_wait(store, id, 1, 1, 10'000, &ready, &count));
  CHECK(store.stats().pinned_objects == 1 && store.stats().writing_objects == 1);
  CHECK_OK(ptc_store_delete(store, 1, 1));  // pinned by the child only
  CHECK(store.stats().objects == 3);
  kill(child, SIGKILL);
  CHECK(end_of(child) == 1000 + SIGKILL);
  CHECK(within(1000, [&] { return store.stats().objects == 1 && store.stats().clients == 1; }));
  CHECK(store.stats().used_bytes == 3008);  // 47 granules
  CHECK(holds(store, {1, 3}, content_of(3, 3000)));
}

TEST("when the broker is killed another process takes over, with all sealed objects") {
  if (skipped_under_thread_sanitizer()) return;
  Folder folder;
  int ready[2];
  CHECK(pipe(ready) == 0);
  pid_t broker = in_child([&] {
    OpenStore own(folder);
    put(own, content_of(1, 200'000), {1, 1});
    char one = 1;
    if (write(ready[1], &one, 1) != 1) return 1;
    pause();
    return 0;
  });
  char one;
  CHECK(read(ready[0], &one, 1) == 1);
  OpenStore store(folder);
  CHECK(store.stats().broker_pid == broker);
  kill(broker, SIGKILL);
  CHECK(end_of(broker) == 1000 + SIGKILL);
  CHECK(within(1000, [&] { return store.stats().broker_pid == getpid() && store.stats().clients == 1; }));
  CHECK(holds(store, {1, 1}, content_of(1, 200'000)));
  pid_t late = in_child([&] {
    OpenStore own(folder);
    return holds(own, {1, 1}, content_of(1, 200'000)) ? 0 : 1;
  });
  CHECK(end_of(late) == 0);
  close(ready[0]);
  close(ready[1]);
}

TEST("the death of the last process ends the arena") {
  Folder folder;
  pid_t only = in_child([&] {
    OpenStore own(folder);
    put(own, content_of(1, 100), {1, 1});
    kill(getpid(), SIGKILL);
    return 0;
  });
  CHECK(end_of(only) == 1000 + SIGKILL);
  OpenStore store(folder);
  CHECK(store.stats().objects == 0 && store.stats().clients == 1);
}

TEST("another user's process is refused") {
  if (skipped_under_thread_sanitizer()) return;
  if (geteuid() != 0) return skip("only root can become another user");
  Folder folder;
  OpenStore store(folder);
  // As open as a careless administrator could make it.
  CHECK(chmod(folder.path.c_str(), 0755) == 0 && chmod(folder.store().c_str(), 0755) == 0);
  for (const auto& entry : std::filesystem::directory_iterator(folder.store())) {
    CHECK(chmod(entry.path().c_str(), 0666) == 0);
  }
  pid_t foreign = in_child([&] {
    if (setgid(65534) != 0 || setuid(65534) != 0) return 1;
    ptc_store* own = nullptr;
    return ptc_store_open(folder.store().c_str(), kMiB, nullptr, 0, 500, &own) == PTC_FORBIDDEN ? 0 : 2;
  });
  CHECK(end_of(foreign) == 0);
  CHECK(store.stats().clients == 1);
}

TEST("a folder that others may write to is refused") {
  Folder folder;
  CHECK(mkdir(folder.store().c_str(), 0777) == 0 && chmod(folder.store().c_str(), 0777) == 0);
  ptc_store* store = nullptr;
  CHECK(ptc_store_open(folder.store().c_str(), kMiB, nullptr, 0, 500, &store) == PTC_FORBIDDEN);
}

TEST("out of descriptors is an error of that call") {
  if (skipped_under_thread_sanitizer()) return;
  Folder folder;
  OpenStore store(folder);
  pid_t child = in_child([&] {
    rlimit few{};
    getrlimit(RLIMIT_NOFILE, &few);
    // From hopeless to enough; sanitizers have files of their own open.
    for (rlim_t limit = 4; limit < 64; limit++) {
      few.rlim_cur = limit;
      setrlimit(RLIMIT_NOFILE, &few);
      ptc_store* own = nullptr;
      ptc_status status = ptc_store_open(folder.store().c_str(), kMiB, nullptr, PTC_STORE_NO_PREFAULT, 300, &own);
      if (status == PTC_OK) {
        ptc_store_close(own);
        return 0;
      }
      if (status != PTC_STORAGE_FAILURE && status != PTC_TIMEOUT) return 1;
    }
    return 2;
  });
  CHECK(end_of(child) == 0);
  CHECK(within(1000, [&] { return store.stats().clients == 1; }));
  put(store, content_of(1, 100));
}

TEST("a 65th client is refused, and the place of one that left is free at once") {
  Folder folder;
  OpenStore store(folder, kMiB);
  std::vector<ptc_store*> others(63);
  for (ptc_store*& other : others) {
    CHECK_OK(ptc_store_open(folder.store().c_str(), kMiB, nullptr, PTC_STORE_NO_PREFAULT, 10'000, &other));
  }
  ptc_store* more = nullptr;
  CHECK(ptc_store_open(folder.store().c_str(), kMiB, nullptr, PTC_STORE_NO_PREFAULT, 1000, &more) == PTC_CONFLICT);
  ptc_store_close(others[10]);
  CHECK_OK(ptc_store_open(folder.store().c_str(), kMiB, nullptr, PTC_STORE_NO_PREFAULT, 1000, &others[10]));
  for (ptc_store* other : others) ptc_store_close(other);
  CHECK(store.stats().clients == 1);
}

}  // namespace
