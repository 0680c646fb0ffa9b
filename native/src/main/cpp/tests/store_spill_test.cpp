// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What happens when the arena is full and there is a spill folder.
#include <cerrno>
#include <fstream>

#include "spill_folder.h"
#include "store_fixture.h"

namespace {

using namespace partita::tests;
namespace fs = std::filesystem;

std::vector<fs::path> files_of(const Folder& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder.spill())) files.push_back(entry.path());
  return files;
}

TEST("three times the arena fits, and every object comes back as it was") {
  Folder folder;
  OpenStore store(folder, 4 * kMiB, true);
  for (int i = 1; i <= 48; i++) put(store, content_of(static_cast<std::uint64_t>(i), 256 << 10), {1, i}, 0, 1000);
  ptc_store_statistics stats = store.stats();
  CHECK(stats.objects == 48 && stats.spilled_objects >= 32 && stats.used_bytes <= 4 * kMiB);
  for (int round = 0; round < 2; round++) {
    for (int i = 1; i <= 48; i++) CHECK(holds(store, {1, i}, content_of(static_cast<std::uint64_t>(i), 256 << 10), 1000));
  }
  CHECK(store.stats().restores >= 64);
  for (int i = 1; i <= 48; i++) CHECK_OK(ptc_store_delete(store, 1, i));
  CHECK(store.stats().used_bytes == 0 && store.stats().spilled_objects == 0 && files_of(folder).empty());
}

TEST("the least recently used go first, and what is pinned stays") {
  Folder folder;
  OpenStore store(folder, 4 * kMiB, true);
  for (int i = 1; i <= 4; i++) put(store, content_of(1, kMiB), {1, i});
  ptc_stored pinned;
  CHECK_OK(ptc_store_get(store, 1, 2, 0, &pinned));
  // Used after the last creation counts as used now; 3 and 4 were not.
  CHECK(holds(store, {1, 1}, content_of(1, kMiB)));
  put(store, content_of(1, kMiB), {1, 5});
  std::vector<ptc_object_info> infos(8);
  std::int64_t cursor = 0;
  std::int32_t count = 0;
  CHECK_OK(ptc_store_list(store, &cursor, infos.data(), 8, &count));
  for (std::int32_t i = 0; i < count; i++) {
    CHECK((infos[static_cast<std::size_t>(i)].state == PTC_OBJECT_SPILLED) == (infos[static_cast<std::size_t>(i)].id_low == 3));
  }
  ptc_writing writing;
  CHECK(ptc_store_create(store, 0, 0, 0, 4 * kMiB, nullptr, 0, 10, &writing) == PTC_TIMEOUT);
  CHECK(error_says("1.0 MiB pinned by process"));
  CHECK_OK(ptc_store_release(store, pinned.pin));
  CHECK_OK(ptc_store_create(store, 0, 0, 0, 4 * kMiB, nullptr, 0, 1000, &writing));
}

ptc_store* raced = nullptr;
ptc_stored raced_object;

//   creates, and spills 1        gets 1
//   ------------------------     ------------------------
//   writes the file of 1
//                                pins it where it lies
//   finds it held: it stays
//   and 2 goes instead
TEST("an object that is pinned while it is being spilled stays where it is") {
  Folder folder;
  OpenStore store(folder, 4 * kMiB, true);
  for (int i = 1; i <= 4; i++) put(store, content_of(static_cast<std::uint64_t>(i), kMiB), {1, i});
  raced = store;
  partita::store::inject_while_spilling = [] { CHECK_OK(ptc_store_get(raced, 1, 1, 0, &raced_object)); };
  put(store, content_of(5, kMiB), {1, 5}, 0, 1000);
  CHECK(std::memcmp(raced_object.data, content_of(1, kMiB).data(), kMiB) == 0);
  ptc_store_statistics stats = store.stats();
  CHECK(stats.pinned_objects == 1 && stats.spilled_objects == 1 && stats.used_bytes == 4 * kMiB);
  CHECK_OK(ptc_store_release(store, raced_object.pin));
  CHECK(holds(store, {1, 2}, content_of(2, kMiB), 1000));
}

//   creates, and spills 1        deletes 1, and puts another 1
//   ------------------------     ------------------------
//   writes the file of 1
//                                1 is gone; a new 1
//   its file is not the new one's
TEST("an object that is deleted while it is being spilled leaves no file") {
  Folder folder;
  OpenStore store(folder, 4 * kMiB, true);
  for (int i = 1; i <= 4; i++) put(store, content_of(static_cast<std::uint64_t>(i), kMiB), {1, i});
  raced = store;
  partita::store::inject_while_spilling = [] {
    CHECK_OK(ptc_store_delete(raced, 1, 1));
    put(raced, content_of(11, kMiB), {1, 1});
  };
  put(store, content_of(5, kMiB), {1, 5}, 0, 1000);
  CHECK(holds(store, {1, 1}, content_of(11, kMiB), 1000));
  CHECK(static_cast<std::int64_t>(files_of(folder).size()) == store.stats().spilled_objects);
}

TEST("a budget that is full spills its own objects only") {
  Folder folder;
  OpenStore store(folder, 8 * kMiB, true);
  std::int32_t tenant = 0;
  CHECK_OK(ptc_store_budget(store, "small", 2 * kMiB, &tenant));
  put(store, content_of(1, kMiB), {1, 1});
  for (int i = 2; i <= 6; i++) put(store, content_of(1, kMiB), {1, i}, tenant, 1000);
  ptc_store_statistics stats = store.stats();
  CHECK(stats.spilled_objects == 3 && stats.used_bytes == 3 * kMiB);
}

TEST("a full or failing spill disk is an error of that call, and nothing is lost") {
  for (int error : {ENOSPC, EIO}) {
    Folder folder;
    OpenStore store(folder, 4 * kMiB, true);
    for (int i = 1; i <= 4; i++) put(store, content_of(static_cast<std::uint64_t>(i), kMiB), {1, i});
    ptc_writing writing;
    partita::store::inject_write_error = error;
    CHECK(ptc_store_create(store, 0, 0, 0, 2 * kMiB, nullptr, 0, 1000, &writing) == PTC_STORAGE_FAILURE);
    CHECK(error_says(error == ENOSPC ? "No space left" : "Input/output error"));
    CHECK(files_of(folder).empty());
    CHECK(store.stats().spilled_objects == 0);
    CHECK_OK(ptc_store_create(store, 0, 0, 0, 2 * kMiB, nullptr, 0, 1000, &writing));
    CHECK_OK(ptc_store_abort(store, writing.writer));
    CHECK(store.stats().spilled_objects == 2);
    partita::store::inject_read_error = EIO;
    ptc_stored stored;
    CHECK(ptc_store_get(store, 1, 1, 1000, &stored) == PTC_STORAGE_FAILURE);
    for (int i = 1; i <= 4; i++) CHECK(holds(store, {1, i}, content_of(static_cast<std::uint64_t>(i), kMiB), 1000));
  }
}

TEST("a damaged, cut or missing spill file is data loss, said so, for that object only") {
  Folder folder;
  OpenStore store(folder, 4 * kMiB, true);
  for (int i = 1; i <= 8; i++) put(store, content_of(static_cast<std::uint64_t>(i), kMiB), {1, i}, 0, 1000);
  std::vector<fs::path> files = files_of(folder);
  CHECK(files.size() == 4);
  {
    std::fstream file(files[0], std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5000);
    file.put('!');
    file.put('?');
  }
  fs::resize_file(files[1], 1000);
  fs::remove(files[2]);
  int lost = 0, whole = 0;
  for (int i = 1; i <= 8; i++) {
    ptc_stored stored;
    ptc_status status = ptc_store_get(store, 1, i, 1000, &stored);
    if (status == PTC_DATA_LOSS) {
      lost++;
      CHECK_OK(ptc_store_delete(store, 1, i));
    } else {
      CHECK_OK(ptc_store_release(store, stored.pin));
      whole++;
    }
  }
  CHECK(lost == 3 && whole == 5);
}

TEST("the next arena finds what was spilled, and nothing half-written") {
  Folder folder;
  std::int32_t job = 0;
  {
    OpenStore store(folder, 4 * kMiB, true);
    CHECK_OK(ptc_store_budget(store, "blue/job", 0, &job));
    for (int i = 1; i <= 8; i++) put(store, content_of(static_cast<std::uint64_t>(i), kMiB), {1, i}, job, 1000);
  }
  std::ofstream(folder.spill() + "/0123.object.1.2.part") << "half";
  std::ofstream(folder.spill() + "/stranger.object") << "what?";
  OpenStore store(folder, 4 * kMiB, true);
  CHECK(store.stats().objects == 4 && store.stats().spilled_objects == 4);
  for (int i = 1; i <= 4; i++) CHECK(holds(store, {1, i}, content_of(static_cast<std::uint64_t>(i), kMiB), 1000));
  CHECK(!fs::exists(folder.spill() + "/0123.object.1.2.part"));
  CHECK_OK(ptc_store_budget(store, "blue/job", 0, &job));
  std::int64_t used = 0, limit = 0;
  CHECK_OK(ptc_store_budget_usage(store, job, &used, &limit));
  CHECK(used == 4 * kMiB);
}

// Where an object lies decides where its payload lies in its file: all of these go out in one place and come back in
// another, through a disk and through memory that calls itself one.
TEST("large objects of any size and place are spilled and come back, and are found by the next arena") {
  for (const char* base : {"/tmp", "/dev/shm"}) {
    std::string path = std::string(base) + "/partita-spill-XXXXXX";
    CHECK(mkdtemp(path.data()) != nullptr);
    Folder folder;
    std::vector<std::pair<ObjectId, std::vector<char>>> objects;
    std::mt19937 random(11);
    for (int round = 0; round < 2; round++) {
      ptc_store* store = nullptr;
      CHECK_OK(ptc_store_open(folder.store().c_str(), 8 * kMiB, path.c_str(), PTC_STORE_NO_PREFAULT, 10'000, &store));
      for (const auto& [id, content] : objects) CHECK(holds(store, id, content, 1000));
      for (std::size_t extra : {0, 1, 63, 64, 4095, 4096, 4097, 300'000}) {
        std::vector<char> content = content_of(extra, (1u << 20) + extra);
        ObjectId small = put(store, content_of(1, 64 * (1 + random() % 100)), {}, 0, 1000);
        ObjectId id;
        CHECK_OK(ptc_store_put(store, 0, 0, 0, content.data(), static_cast<std::int64_t>(content.size()), "float32[3]", 10,
                               1000, &id.high, &id.low));
        objects.emplace_back(id, std::move(content));
        if (extra % 2 == 0) CHECK_OK(ptc_store_delete(store, small.high, small.low));
      }
      for (const auto& [id, content] : objects) CHECK(holds(store, id, content, 1000));
      ptc_writing all;
      CHECK_OK(ptc_store_create(store, 0, 0, 0, 8 * kMiB, nullptr, 0, 1000, &all));
      CHECK_OK(ptc_store_abort(store, all.writer));
      ptc_store_close(store);
    }
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
}

TEST("threads that over-commit the arena get their objects, or a clear error") {
  Folder folder;
  OpenStore store(folder, 4 * kMiB, true);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 1; t <= 4; t++) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(t));
      for (int i = 1; i <= 40; i++) {
        std::vector<char> content = content_of(static_cast<std::uint64_t>(t * 1000 + i), 100'000 + static_cast<std::size_t>(i));
        put(store, content, {t, i}, 0, 10'000);
        auto j = static_cast<int>(random() % static_cast<unsigned>(i)) + 1;
        if (!holds(store, {t, j}, content_of(static_cast<std::uint64_t>(t * 1000 + j), 100'000 + static_cast<std::size_t>(j)), 10'000)) {
          wrong++;
          std::printf("    %s\n", ptc_last_error());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(store.stats().objects == 160 && store.stats().pinned_objects == 0);
}

}  // namespace
