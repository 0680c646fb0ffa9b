// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The store as one process sees it.
#include <climits>
#include <fstream>

#include "store_fixture.h"

namespace {

using namespace partita::tests;

TEST("what was put is got, byte by byte, with its metadata") {
  Folder folder;
  OpenStore store(folder);
  for (std::size_t bytes : {0, 1, 7, 63, 64, 65, 4096, 100'000, 3 << 20}) {
    std::vector<char> content = content_of(bytes, bytes);
    ObjectId id;
    CHECK_OK(ptc_store_put(store, 0, 0, 0, content.data(), static_cast<std::int64_t>(bytes), "float32[3]", 10, 0,
                           &id.high, &id.low));
    ptc_stored stored;
    CHECK_OK(ptc_store_get(store, id.high, id.low, 0, &stored));
    CHECK(stored.bytes == static_cast<std::int64_t>(bytes));
    CHECK(std::memcmp(stored.data, content.data(), bytes) == 0);
    CHECK(stored.metadata_bytes == 10 && std::memcmp(stored.metadata, "float32[3]", 10) == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(stored.data) % 64 == 0);
    CHECK_OK(ptc_store_release(store, stored.pin));
    CHECK_OK(ptc_store_delete(store, id.high, id.low));
  }
  CHECK(store.stats().used_bytes == 0);
}

TEST("an object is seen when it is sealed, and not before") {
  Folder folder;
  OpenStore store(folder);
  ptc_writing writing;
  CHECK_OK(ptc_store_create(store, 0, 1, 2, 100, nullptr, 0, 0, &writing));
  std::int32_t there = -1;
  CHECK_OK(ptc_store_contains(store, 1, 2, &there));
  CHECK(there == 0);
  ptc_stored stored;
  CHECK(ptc_store_get(store, 1, 2, 0, &stored) == PTC_TIMEOUT);
  CHECK(ptc_store_delete(store, 1, 2) == PTC_CONFLICT);
  CHECK(ptc_store_create(store, 0, 1, 2, 100, nullptr, 0, 0, &writing) == PTC_CONFLICT);
  CHECK_OK(ptc_store_seal(store, writing.writer));
  CHECK_OK(ptc_store_contains(store, 1, 2, &there));
  CHECK(there == 1);
  CHECK(ptc_store_get(store, 1, 3, 0, &stored) == PTC_NOT_FOUND);
}

TEST("writing after seal, sealing twice, releasing twice and forged tokens are refused") {
  Folder folder;
  OpenStore store(folder);
  ptc_writing writing;
  CHECK_OK(ptc_store_create(store, 0, 0, 0, 100, nullptr, 0, 0, &writing));
  CHECK_OK(ptc_store_seal(store, writing.writer));
  CHECK(ptc_store_seal(store, writing.writer) == PTC_CONFLICT);
  CHECK(ptc_store_abort(store, writing.writer) == PTC_CONFLICT);
  ptc_stored stored, again;
  CHECK_OK(ptc_store_get(store, writing.id_high, writing.id_low, 0, &stored));
  CHECK_OK(ptc_store_get(store, writing.id_high, writing.id_low, 0, &again));
  CHECK(stored.data == again.data);
  CHECK_OK(ptc_store_release(store, stored.pin));
  CHECK(ptc_store_release(store, stored.pin) == PTC_INVALID_ARGUMENT);
  CHECK(store.stats().pinned_objects == 1);  // the other pin is still there
  CHECK_OK(ptc_store_release(store, again.pin));
  CHECK(store.stats().pinned_objects == 0);
  CHECK_OK(ptc_store_delete(store, writing.id_high, writing.id_low));
  CHECK(ptc_store_delete(store, writing.id_high, writing.id_low) == PTC_NOT_FOUND);
  CHECK(ptc_store_seal(store, writing.writer) == PTC_CONFLICT);
  for (std::int64_t token : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, std::int64_t{12345}, INT64_MAX,
                             INT64_MIN, std::int64_t{1} << 62, std::int64_t{0xFFFFFFFF}}) {
    CHECK(ptc_store_seal(store, token) != PTC_OK);
    CHECK(ptc_store_abort(store, token) != PTC_OK);
    CHECK(ptc_store_release(store, token) == PTC_INVALID_ARGUMENT);
  }
  CHECK(store.stats().used_bytes == 0);
}

TEST("impossible sizes, budgets and time-outs are an error") {
  Folder folder;
  OpenStore store(folder);
  ptc_writing writing;
  for (std::int64_t bytes : {std::int64_t{17} * kMiB, std::int64_t{1} << 46, INT64_MAX, INT64_MAX - 63}) {
    CHECK(ptc_store_create(store, 0, 0, 0, bytes, nullptr, 0, 0, &writing) == PTC_OUT_OF_MEMORY);
  }
  CHECK(ptc_store_create(store, 0, 0, 0, -1, nullptr, 0, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, 0, 0, 0, INT64_MIN, nullptr, 0, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, 0, 0, 0, 1, nullptr, 5, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, 0, 0, 0, 1, "", 65'536, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, 0, 0, 0, 1, "", INT64_MIN, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, 77, 0, 0, 1, nullptr, 0, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, -1, 0, 0, 1, nullptr, 0, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, INT_MAX, 0, 0, 1, nullptr, 0, 0, &writing) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_create(store, 0, 0, 0, 1, nullptr, 0, -1, &writing) == PTC_INVALID_ARGUMENT);
  std::int32_t ready = 0;
  CHECK(ptc_store_wait(store, nullptr, -1, 0, 0, nullptr, &ready) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_wait(store, nullptr, 0, 1, 0, nullptr, &ready) == PTC_INVALID_ARGUMENT);
  ptc_store* none = nullptr;
  CHECK(ptc_store_open(folder.store().c_str(), 0, nullptr, 0, 0, &none) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_open(folder.store().c_str(), INT64_MAX, nullptr, 0, 0, &none) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_store_open("/proc/nowhere", kMiB, nullptr, 0, 0, &none) != PTC_OK);
}

TEST("a deleted object lives until its last pin is released") {
  Folder folder;
  OpenStore store(folder);
  std::vector<char> content = content_of(1, 1000);
  ObjectId id = put(store, content);
  ptc_stored stored;
  CHECK_OK(ptc_store_get(store, id.high, id.low, 0, &stored));
  CHECK_OK(ptc_store_delete(store, id.high, id.low));
  std::int32_t there = 1;
  CHECK_OK(ptc_store_contains(store, id.high, id.low, &there));
  CHECK(there == 0);
  put(store, content_of(2, 1000), id);  // the id is free again; the bytes are not
  CHECK(std::memcmp(stored.data, content.data(), content.size()) == 0);
  CHECK(store.stats().objects == 2);
  CHECK_OK(ptc_store_release(store, stored.pin));
  CHECK(store.stats().objects == 1);
  CHECK(holds(store, id, content_of(2, 1000)));
}

TEST("a full arena makes callers wait, and says who holds the bytes") {
  Folder folder;
  OpenStore store(folder, 2 * kMiB);
  ObjectId first = put(store, content_of(1, kMiB));
  put(store, content_of(2, kMiB / 2));
  ptc_stored stored;
  CHECK_OK(ptc_store_get(store, first.high, first.low, 0, &stored));
  ptc_writing writing;
  CHECK(ptc_store_create(store, 0, 0, 0, kMiB, nullptr, 0, 20, &writing) == PTC_TIMEOUT);
  CHECK(error_says("the store holds 1.5 MiB of 2.0 MiB"));
  CHECK(error_says(("1.0 MiB pinned by process " + std::to_string(getpid())).c_str()));
  CHECK_OK(ptc_store_release(store, stored.pin));
  std::thread other([&] { CHECK_OK(ptc_store_delete(store, first.high, first.low)); });
  CHECK_OK(ptc_store_create(store, 0, 0, 0, kMiB, nullptr, 0, 10'000, &writing));
  other.join();
  CHECK_OK(ptc_store_abort(store, writing.writer));
}

TEST("budgets are limits of a tree") {
  Folder folder;
  OpenStore store(folder);
  std::int32_t tenant = 0, one = 0, two = 0;
  CHECK_OK(ptc_store_budget(store, "blue", 2 * kMiB, &tenant));
  CHECK_OK(ptc_store_budget(store, "blue/one", 0, &one));
  CHECK_OK(ptc_store_budget(store, "blue/two", kMiB, &two));
  std::int32_t same = 0;
  CHECK_OK(ptc_store_budget(store, "blue/two", kMiB, &same));
  CHECK(same == two);
  ptc_writing writing;
  CHECK(ptc_store_create(store, two, 0, 0, kMiB + 1, nullptr, 0, 0, &writing) == PTC_OUT_OF_MEMORY);
  ObjectId id = put(store, content_of(1, kMiB + kMiB / 2), {}, one);
  CHECK(ptc_store_create(store, two, 0, 0, kMiB, nullptr, 0, 5, &writing) == PTC_TIMEOUT);
  CHECK(error_says("budget 'blue' holds 1.5 MiB of 2.0 MiB, most of it in budget 'blue/one' (1.5 MiB)"));
  put(store, content_of(2, kMiB), {}, 0);  // others are not concerned
  CHECK(ptc_store_budget_remove(store, one) == PTC_CONFLICT);
  CHECK_OK(ptc_store_delete(store, id.high, id.low));
  CHECK_OK(ptc_store_budget_remove(store, one));
  CHECK(ptc_store_budget_remove(store, one) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_store_create(store, two, 0, 0, kMiB, nullptr, 0, 0, &writing));
  std::int64_t used = 0, limit = 0;
  CHECK_OK(ptc_store_budget_usage(store, tenant, &used, &limit));
  CHECK(used == kMiB && limit == 2 * kMiB);
  for (const char* name : {"", "/", "a/", "/a", "a/b/c", "white space", "\x7F"}) {
    CHECK(ptc_store_budget(store, name, 0, &same) == PTC_INVALID_ARGUMENT);
  }
}

TEST("free extents join, so that the arena is whole again when it is empty") {
  Folder folder;
  OpenStore store(folder, 8 * kMiB);
  std::mt19937 random(7);
  for (int round = 0; round < 20; round++) {
    std::vector<ObjectId> ids;
    while (true) {
      ptc_writing writing;
      auto bytes = static_cast<std::int64_t>(1 + random() % (random() % 2 == 0 ? 500 : 300'000));
      if (ptc_store_create(store, 0, 0, 0, bytes, nullptr, 0, 0, &writing) != PTC_OK) break;
      CHECK_OK(ptc_store_seal(store, writing.writer));
      ids.push_back({writing.id_high, writing.id_low});
    }
    CHECK(store.stats().used_bytes > 6 * kMiB);
    std::shuffle(ids.begin(), ids.end(), random);
    for (ObjectId id : ids) CHECK_OK(ptc_store_delete(store, id.high, id.low));
    CHECK(store.stats().used_bytes == 0);
    ptc_writing all;
    CHECK_OK(ptc_store_create(store, 0, 0, 0, 8 * kMiB, nullptr, 0, 0, &all));
    CHECK_OK(ptc_store_abort(store, all.writer));
  }
}

TEST("waiting ends with the n-th object sealed") {
  Folder folder;
  OpenStore store(folder);
  std::int64_t ids[] = {1, 1, 1, 2, 1, 3, 1, 4};
  std::int8_t ready[4];
  std::int32_t count = 0;
  put(store, content_of(1, 10), {1, 2});
  CHECK_OK(ptc_store_wait(store, ids, 4, 2, 10, ready, &count));
  CHECK(count == 1 && ready[1] == 1 && ready[0] == 0);
  std::thread other([&] {
    put(store, content_of(1, 10), {1, 1});
    put(store, content_of(1, 10), {1, 4});
  });
  CHECK_OK(ptc_store_wait(store, ids, 4, 3, 10'000, ready, &count));
  CHECK(count == 3 && ready[2] == 0);
  other.join();
  CHECK(holds(store, {1, 4}, content_of(1, 10)));
}

TEST("a get waits for an object that is to come") {
  Folder folder;
  OpenStore store(folder);
  std::thread other([&] { put(store, content_of(9, 5000), {5, 5}); });
  CHECK(holds(store, {5, 5}, content_of(9, 5000), 10'000));
  other.join();
}

TEST("listing shows every object once, with sizes and pins") {
  Folder folder;
  OpenStore store(folder);
  for (int i = 1; i <= 100; i++) put(store, content_of(1, static_cast<std::size_t>(i)), {1, i});
  ptc_stored stored;
  CHECK_OK(ptc_store_get(store, 1, 50, 0, &stored));
  std::vector<ptc_object_info> infos(7);
  std::vector<int> seen(101);
  std::int64_t cursor = 0;
  while (cursor >= 0) {
    std::int32_t count = 0;
    CHECK_OK(ptc_store_list(store, &cursor, infos.data(), 7, &count));
    for (std::int32_t i = 0; i < count; i++) {
      CHECK(infos[i].bytes == infos[i].id_low && infos[i].state == PTC_OBJECT_SEALED);
      CHECK(infos[i].pinning_processes == (infos[i].id_low == 50 ? 1 : 0));
      seen[static_cast<std::size_t>(infos[i].id_low)]++;
    }
  }
  for (int i = 1; i <= 100; i++) CHECK(seen[static_cast<std::size_t>(i)] == 1);
}

TEST("threads of one process put, get and delete without getting into each other's way") {
  Folder folder;
  OpenStore store(folder, 4 * kMiB);
  std::vector<std::thread> threads;
  std::atomic<int> torn{0};
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(t));
      for (int i = 0; i < 2000; i++) {
        // 64 ids that all threads fight over; the content follows from the id.
        ObjectId id{7, static_cast<std::int64_t>(random() % 64 + 1)};
        std::vector<char> content = content_of(static_cast<std::uint64_t>(id.low), static_cast<std::size_t>(id.low) * 50);
        ObjectId out;
        ptc_stored stored;
        switch (random() % 3) {
          case 0:
            ptc_store_put(store, 0, id.high, id.low, content.data(), static_cast<std::int64_t>(content.size()), nullptr, 0,
                          1000, &out.high, &out.low);
            break;
          case 1:
            ptc_store_delete(store, id.high, id.low);
            break;
          default:
            if (ptc_store_get(store, id.high, id.low, 0, &stored) != PTC_OK) break;
            if (stored.bytes != static_cast<std::int64_t>(content.size()) ||
                std::memcmp(stored.data, content.data(), content.size()) != 0) {
              torn++;
            }
            CHECK_OK(ptc_store_release(store, stored.pin));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(torn == 0);
  for (int i = 1; i <= 64; i++) ptc_store_delete(store, 7, i);
  CHECK(store.stats().used_bytes == 0 && store.stats().objects == 0);
}

TEST("an object costs at most 128 bytes beside its payload") {
  Folder folder;
  OpenStore store(folder, 64 * kMiB);
  std::int64_t count = 20'000;
  for (std::int64_t i = 0; i < count; i++) put(store, content_of(1, 64));
  // Of the arena: nothing but the payload. Of the control segment: a record of 64 bytes, 8 of the index.
  CHECK(store.stats().used_bytes == count * 64);
}

TEST("an arena that is touched when it is used takes no memory before") {
  Folder folder;
  auto resident = [] {
    std::ifstream status("/proc/self/status");
    std::string word;
    std::int64_t kib = -1;
    while (status >> word) {
      if (word == "RssShmem:") status >> kib;
    }
    return kib * 1024;
  };
  std::int64_t before = resident();
  ptc_store* store = nullptr;
  CHECK_OK(ptc_store_open(folder.store().c_str(), 64 * kMiB, nullptr, PTC_STORE_PREFAULT_ON_CREATE, 10'000, &store));
  CHECK(resident() - before < 8 * kMiB);
  put(store, content_of(1, 100));
  CHECK(within(10'000, [&] { return resident() - before >= 64 * kMiB; }));
  ptc_store_close(store);
  CHECK(ptc_store_open(folder.store().c_str(), 64 * kMiB, nullptr, 3, 10'000, &store) == PTC_INVALID_ARGUMENT);
}

TEST("an object lies at one offset of the arena, for writing and for reading") {
  Folder folder;
  OpenStore store(folder);
  void* writable = nullptr;
  const void* readable = nullptr;
  std::int64_t bytes = 0;
  CHECK_OK(ptc_store_arena(store, &writable, &readable, &bytes));
  CHECK(bytes == 16 * kMiB);
  ptc_writing writing;
  CHECK_OK(ptc_store_create(store, 0, 0, 0, 1000, nullptr, 0, 0, &writing));
  CHECK_OK(ptc_store_seal(store, writing.writer));
  ptc_stored stored;
  CHECK_OK(ptc_store_get(store, writing.id_high, writing.id_low, 0, &stored));
  CHECK(static_cast<char*>(writing.data) - static_cast<char*>(writable) ==
        static_cast<const char*>(stored.data) - static_cast<const char*>(readable));
  CHECK_OK(ptc_store_release(store, stored.pin));
}

}  // namespace
