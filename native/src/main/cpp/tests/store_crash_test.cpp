// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Death at every single step of every change under the lock: the same script again and again, killed one step later each
// time, and what is left looked at.
#include <csignal>

#include "control.h"
#include "store_fixture.h"

namespace {

using namespace partita::tests;
using partita::store::inject_death;

constexpr int kObjects = 6;

std::vector<char> content_of_object(int i) {
  return content_of(static_cast<std::uint64_t>(i), static_cast<std::size_t>(i) * 150'000);
}

// Puts, spills, restores, pins, deletes, aborts; every step of the store's book-keeping is in it.
int script(const Folder& folder, int last_step) {
  OpenStore store(folder, 2 * kMiB, true);
  if (store.status != PTC_OK) return 1;
  inject_death = last_step;
  for (int i = 1; i <= kObjects; i++) put(store, content_of_object(i), {1, i}, 0, 1000);
  ptc_stored stored;
  if (ptc_store_get(store, 1, 1, 1000, &stored) != PTC_OK) return 2;
  if (ptc_store_delete(store, 1, 1) != PTC_OK || ptc_store_release(store, stored.pin) != PTC_OK) return 3;
  ptc_writing writing;
  if (ptc_store_create(store, 0, 1, 100, 300'000, nullptr, 0, 1000, &writing) != PTC_OK) return 4;
  if (ptc_store_abort(store, writing.writer) != PTC_OK) return 5;
  if (ptc_store_delete(store, 1, 3) != PTC_OK || ptc_store_delete(store, 1, 5) != PTC_OK) return 6;
  if (ptc_store_create(store, 0, 1, 101, 1000, nullptr, 0, 1000, &writing) != PTC_OK) return 7;
  inject_death = 0;
  return 0;
}

// What the next process finds: whole objects, and after deleting them nothing.
std::string look(const OpenStore& store, const Folder& folder) {
  if (!within(1000, [&] {
        ptc_store_statistics s = store.stats();
        return s.clients == 1 && s.pinned_objects == 0 && s.writing_objects == 0;
      })) {
    return "something is left of the dead";
  }
  std::int64_t found = 0;
  for (int i = 1; i <= kObjects; i++) {
    std::int32_t there = 0;
    ptc_store_contains(store, 1, i, &there);
    if (there == 0) continue;
    found++;
    if (!holds(store, {1, i}, content_of_object(i), 1000)) return "object " + std::to_string(i) + ": " + ptc_last_error();
  }
  if (store.stats().objects != found) return "there are unknown objects";
  for (int i = 1; i <= kObjects; i++) ptc_store_delete(store, 1, i);
  ptc_store_statistics s = store.stats();
  if (s.objects != 0 || s.used_bytes != 0 || s.spilled_objects != 0) return "bytes are left over";
  if (!within(1000, [&] { return std::filesystem::is_empty(folder.spill()); })) return "spill files are left over";
  ptc_writing whole;
  if (ptc_store_create(store, 0, 0, 0, 2 * kMiB, nullptr, 0, 0, &whole) != PTC_OK) return ptc_last_error();
  ptc_store_abort(store, whole.writer);
  return "";
}

TEST("death at any step under the lock is mended by whoever comes next") {
  if (skipped_under_thread_sanitizer()) return;
  Folder folder;
  OpenStore store(folder, 2 * kMiB, true);
  int step = 1;
  for (;; step++) {
    int end = end_of(in_child([&] { return script(folder, step); }));
    std::string wrong = look(store, folder);
    if (!wrong.empty()) return fail(__FILE__, __LINE__, "killed at step " + std::to_string(step) + ": " + wrong);
    if (end == 0) break;
    if (end != 1000 + SIGKILL) return fail(__FILE__, __LINE__, "the script failed: " + std::to_string(end));
  }
  CHECK(step > 100);
  std::printf("  %d steps under the lock, each of them the last once\n", step - 1);
  CHECK(store.stats().recoveries >= step - 2);
}

TEST("death while mending is mended too") {
  if (skipped_under_thread_sanitizer()) return;
  Folder folder;
  OpenStore store(folder, 2 * kMiB, true);
  for (int step : {20, 60, 100, 140}) {
    CHECK(end_of(in_child([&] { return script(folder, step); })) == 1000 + SIGKILL);
    for (int i = 1; i < 8; i++) {
      end_of(in_child([&] {
        inject_death = i;
        OpenStore next(folder, 2 * kMiB, true);
        next.stats();
        return 0;
      }));
    }
    std::string wrong = look(store, folder);
    if (!wrong.empty()) return fail(__FILE__, __LINE__, wrong);
  }
}

}  // namespace
