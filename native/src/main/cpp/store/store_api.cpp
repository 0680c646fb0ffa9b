// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The flat C of partita_store.h: checks what callers pass, and turns failures into statuses.
#include <algorithm>
#include <cstring>

#include "copy.h"
#include "failure.h"
#include "life.h"
#include "store.h"

using partita::require;
using namespace partita::store;

struct ptc_store : Store {
  using Store::Store;
};

namespace {

Deadline deadline_of(std::int32_t timeout_millis) {
  require(timeout_millis >= 0, "timeout_millis is negative");
  return Deadline::after_millis(timeout_millis);
}

Id id_of(std::int64_t high, std::int64_t low) {
  return {static_cast<std::uint64_t>(high), static_cast<std::uint64_t>(low)};
}

Store::NewObject checked(std::int32_t budget, std::int64_t id_high, std::int64_t id_low, std::int64_t bytes,
                         const void* metadata, std::int64_t metadata_bytes) {
  require(budget >= 0 && budget < static_cast<std::int32_t>(kMaxBudgets), "no such budget");
  require(bytes >= 0, "bytes is negative");
  require(metadata_bytes >= 0 && metadata_bytes <= static_cast<std::int64_t>(kMaxMetadata),
          "metadata_bytes must be 0 to 65535");
  require(metadata != nullptr || metadata_bytes == 0, "metadata is null");
  // Above every arena, and small enough for sums and for 48 bits.
  if (bytes > (std::int64_t{1} << 46)) throw Failure(PTC_OUT_OF_MEMORY, "an object of " + human_bytes(static_cast<std::uint64_t>(bytes)) + " can never fit");
  return {static_cast<std::uint32_t>(budget), id_of(id_high, id_low), static_cast<std::uint64_t>(bytes), metadata,
          static_cast<std::uint64_t>(metadata_bytes)};
}

std::int32_t public_state(State state) {
  switch (state) {
    case State::kCreated:
      return PTC_OBJECT_WRITING;
    case State::kSpilled:
    case State::kRestoring:
      return PTC_OBJECT_SPILLED;
    case State::kDoomed:
      return PTC_OBJECT_DELETED;
    default:
      return PTC_OBJECT_SEALED;
  }
}

ptc_object_info info_of(const Control& control, std::uint32_t number, Word word) {
  const Record& r = control.record(number);
  ptc_object_info info{};
  info.id_high = static_cast<std::int64_t>(r.id().high);
  info.id_low = static_cast<std::int64_t>(r.id().low);
  info.bytes = static_cast<std::int64_t>(r.bytes());
  info.metadata_bytes = static_cast<std::int64_t>(r.metadata_bytes());
  info.arena_bytes = word.resident() ? static_cast<std::int64_t>(r.granules() * kGranule) : 0;
  info.state = public_state(word.state);
  info.budget = word.budget;
  info.pinning_processes = __builtin_popcountll(r.holders.load());
  if (word.state == State::kCreated) info.writer_pid = control.header().clients[word.client % kMaxClients].pid;
  return info;
}

}  // namespace

ptc_status ptc_store_open(const char* folder, int64_t arena_bytes, const char* spill_folder, int32_t flags,
                          int32_t timeout_millis, ptc_store** out) {
  return store_guarded([&] {
    require(folder != nullptr && *folder != 0, "ptc_store_open: folder is null or empty");
    require(out != nullptr, "ptc_store_open: out is null");
    require(arena_bytes >= static_cast<int64_t>(kMinArena) && arena_bytes <= static_cast<int64_t>(kMaxArena),
            "ptc_store_open: arena_bytes must be 1 MiB to 255 GiB");
    require(flags >= 0 && flags <= PTC_STORE_PREFAULT_ON_CREATE, "ptc_store_open: flags must be 0, 1 or 2");
    constexpr Prefaulting kChoices[] = {Prefaulting::kNow, Prefaulting::kNever, Prefaulting::kOnFirstCreate};
    std::uint64_t bytes = (static_cast<std::uint64_t>(arena_bytes) + kHugePage - 1) / kHugePage * kHugePage;
    *out = new ptc_store(folder, bytes, spill_folder == nullptr ? "" : spill_folder,
                         kChoices[flags], deadline_of(timeout_millis));
  });
}

void ptc_store_close(ptc_store* store) { delete store; }

ptc_status ptc_store_arena(ptc_store* store, void** writable, const void** readable, int64_t* bytes) {
  return store_guarded([&] {
    require(store != nullptr && writable != nullptr && readable != nullptr && bytes != nullptr, "ptc_store_arena: null");
    *writable = store->arena().writable();
    *readable = store->arena().readable();
    *bytes = static_cast<int64_t>(store->arena().bytes());
  });
}

ptc_status ptc_store_budget(ptc_store* store, const char* name, int64_t limit_bytes, int32_t* out) {
  return store_guarded([&] {
    require(store != nullptr && name != nullptr && out != nullptr, "ptc_store_budget: null");
    require(limit_bytes >= 0, "ptc_store_budget: limit_bytes is negative");
    {
      Locked lock(store->control());
      *out = static_cast<int32_t>(set_budget(store->control(), name, static_cast<std::uint64_t>(limit_bytes)));
    }
    announce(store->control().header().space);
  });
}

ptc_status ptc_store_budget_remove(ptc_store* store, int32_t budget) {
  return store_guarded([&] {
    require(store != nullptr, "ptc_store_budget_remove: store is null");
    Locked lock(store->control());
    remove_budget(store->control(), static_cast<std::uint32_t>(budget));
  });
}

ptc_status ptc_store_budget_usage(ptc_store* store, int32_t budget, int64_t* used_bytes, int64_t* limit_bytes) {
  return store_guarded([&] {
    require(store != nullptr && used_bytes != nullptr && limit_bytes != nullptr, "ptc_store_budget_usage: null");
    Locked lock(store->control());
    require_budget(store->control(), static_cast<std::uint32_t>(budget));
    const Budget& b = store->control().header().budgets[budget];
    *used_bytes = static_cast<int64_t>(b.used_bytes);
    *limit_bytes = static_cast<int64_t>(b.limit_bytes);
  });
}

ptc_status ptc_store_create(ptc_store* store, int32_t budget, int64_t id_high, int64_t id_low, int64_t bytes,
                            const void* metadata, int64_t metadata_bytes, int32_t timeout_millis, ptc_writing* out) {
  return store_guarded([&] {
    require(store != nullptr && out != nullptr, "ptc_store_create: null");
    *out = store->create(checked(budget, id_high, id_low, bytes, metadata, metadata_bytes), deadline_of(timeout_millis));
  });
}

ptc_status ptc_store_seal(ptc_store* store, int64_t writer) {
  return store_guarded([&] {
    require(store != nullptr, "ptc_store_seal: store is null");
    store->seal(writer);
  });
}

ptc_status ptc_store_abort(ptc_store* store, int64_t writer) {
  return store_guarded([&] {
    require(store != nullptr, "ptc_store_abort: store is null");
    store->abandon(writer);
  });
}

ptc_status ptc_store_put(ptc_store* store, int32_t budget, int64_t id_high, int64_t id_low, const void* data,
                         int64_t bytes, const void* metadata, int64_t metadata_bytes, int32_t timeout_millis,
                         int64_t* id_high_out, int64_t* id_low_out) {
  return store_guarded([&] {
    require(store != nullptr && id_high_out != nullptr && id_low_out != nullptr, "ptc_store_put: null");
    require(data != nullptr || bytes == 0, "ptc_store_put: data is null");
    ptc_writing writing =
        store->create(checked(budget, id_high, id_low, bytes, metadata, metadata_bytes), deadline_of(timeout_millis));
    copy_in(static_cast<char*>(writing.data), data, static_cast<std::uint64_t>(bytes));
    store->seal(writing.writer);
    *id_high_out = writing.id_high;
    *id_low_out = writing.id_low;
  });
}

ptc_status ptc_store_get(ptc_store* store, int64_t id_high, int64_t id_low, int32_t timeout_millis, ptc_stored* out) {
  return store_guarded([&] {
    require(store != nullptr && out != nullptr, "ptc_store_get: null");
    *out = store->get(id_of(id_high, id_low), deadline_of(timeout_millis));
  });
}

ptc_status ptc_store_release(ptc_store* store, int64_t pin) {
  return store_guarded([&] {
    require(store != nullptr, "ptc_store_release: store is null");
    store->release(pin);
  });
}

ptc_status ptc_store_contains(ptc_store* store, int64_t id_high, int64_t id_low, int32_t* out) {
  return store_guarded([&] {
    require(store != nullptr && out != nullptr, "ptc_store_contains: null");
    *out = store->contains(id_of(id_high, id_low)) ? 1 : 0;
  });
}

ptc_status ptc_store_wait(ptc_store* store, const int64_t* ids, int32_t count, int32_t needed, int32_t timeout_millis,
                          int8_t* ready, int32_t* ready_count) {
  return store_guarded([&] {
    require(store != nullptr && ready_count != nullptr, "ptc_store_wait: null");
    require(count >= 0 && ((ids != nullptr && ready != nullptr) || count == 0), "ptc_store_wait: ids or ready is null");
    require(needed >= 0 && needed <= count, "ptc_store_wait: needed must be 0 to count");
    *ready_count = count == 0 ? 0 : store->wait(ids, count, needed, deadline_of(timeout_millis), ready);
  });
}

ptc_status ptc_store_delete(ptc_store* store, int64_t id_high, int64_t id_low) {
  return store_guarded([&] {
    require(store != nullptr, "ptc_store_delete: store is null");
    store->remove(id_of(id_high, id_low));
  });
}

ptc_status ptc_store_list(ptc_store* store, int64_t* cursor, ptc_object_info* out, int32_t capacity, int32_t* count) {
  return store_guarded([&] {
    require(store != nullptr && cursor != nullptr && out != nullptr && count != nullptr, "ptc_store_list: null");
    require(capacity > 0 && *cursor >= 0, "ptc_store_list: capacity or cursor is out of range");
    *count = 0;
    Control& control = store->control();
    Locked lock(control);
    std::int64_t end = control.header().records_touched;
    std::int64_t number = std::max<std::int64_t>(*cursor, 1);
    for (; number < end && *count < capacity; number++) {
      Word word = word_of(control, static_cast<std::uint32_t>(number));
      if (word.live()) out[(*count)++] = info_of(control, static_cast<std::uint32_t>(number), word);
    }
    *cursor = number < end ? number : -1;
  });
}

ptc_status ptc_store_stats(ptc_store* store, ptc_store_statistics* out) {
  return store_guarded([&] {
    require(store != nullptr && out != nullptr, "ptc_store_stats: null");
    Control& control = store->control();
    Locked lock(control);
    const Header& header = control.header();
    ptc_store_statistics s{};
    for (std::uint32_t number = 1; number < header.records_touched; number++) {
      Word word = word_of(control, number);
      if (word.live() && control.record(number).holders.load() != 0) s.pinned_objects++;
      if (word.state == State::kCreated) s.writing_objects++;
    }
    for (const Client& client : header.clients) s.clients += client.active.load() != 0 ? 1 : 0;
    s.arena_bytes = static_cast<int64_t>(control.arena_bytes());
    s.used_bytes = static_cast<int64_t>(header.counters.used_bytes);
    s.objects = static_cast<int64_t>(header.counters.live);
    s.spilled_objects = static_cast<int64_t>(header.counters.spilled);
    s.spills = static_cast<int64_t>(header.counters.spills);
    s.restores = static_cast<int64_t>(header.counters.restores);
    s.recoveries = static_cast<int64_t>(header.counters.recoveries);
    s.reaped_clients = static_cast<int64_t>(header.counters.reaped);
    s.broker_pid = header.broker_pid.load();
    *out = s;
  });
}
