// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "life.h"

#include "extents.h"
#include "failure.h"
#include "index.h"

namespace partita::store {
namespace {

void set_word(Control& control, std::uint32_t record, Word word) {
  may_die();
  control.record(record).word.store(word.bits(), std::memory_order_seq_cst);
  may_die();
}

void charge(Control& control, std::uint32_t budget, std::int64_t objects, std::int64_t granules) {
  Header& header = control.header();
  auto bytes = static_cast<std::uint64_t>(granules * static_cast<std::int64_t>(kGranule));
  header.counters.live += static_cast<std::uint64_t>(objects);
  header.counters.used_bytes += bytes;
  may_die();
  for_each_budget_up(header, budget, [&](std::uint32_t b) {
    header.budgets[b].used_bytes += bytes;
    header.budgets[b].objects += static_cast<std::uint64_t>(objects);
  });
}

std::int64_t granules_of(const Control& control, std::uint32_t record) {
  return static_cast<std::int64_t>(control.record(record).granules());
}

void require_room_for_a_record(const Control& control) {
  if (control.header().counters.live >= control.records() / 2 - 1) {
    throw Failure(PTC_CONFLICT, "the store holds " + std::to_string(control.header().counters.live) +
                                    " objects, the most for its size: delete some or enlarge the arena");
  }
}

}  // namespace

Word word_of(const Control& control, std::uint32_t record) {
  return Word::of(control.record(record).word.load(std::memory_order_seq_cst));
}

bool same_life(const Control& control, std::uint32_t record, std::uint32_t generation) {
  return record != kNone && record < control.records() && word_of(control, record).generation == generation;
}

bool belongs_to(const Header& header, std::uint32_t budget, std::uint32_t ancestor) {
  bool found = false;
  for_each_budget_up(header, budget, [&](std::uint32_t b) { found |= b == ancestor; });
  return found;
}

void begin_object(Control& control, std::uint32_t record, Id id, std::uint64_t bytes, std::uint64_t metadata_bytes,
                  std::uint32_t budget, std::uint8_t client) {
  require_room_for_a_record(control);
  Record& r = control.record(record);
  r.id_high.store(id.high, std::memory_order_relaxed);
  r.id_low.store(id.low, std::memory_order_relaxed);
  r.sizes.store(bytes << 16 | metadata_bytes, std::memory_order_relaxed);
  r.last_used.store(control.header().clock.fetch_add(1, std::memory_order_relaxed), std::memory_order_relaxed);
  r.flags.store(0, std::memory_order_relaxed);
  charge(control, budget, 1, granules_of(control, record));
  Word word{word_of(control, record).generation + 1, static_cast<std::uint16_t>(budget), client, State::kCreated};
  set_word(control, record, word);
  index_insert(control, record);
}

void free_object(Control& control, std::uint32_t record) {
  Word word = word_of(control, record);
  if (word.findable()) index_erase(control, record);
  if (word.state == State::kSpilled) {
    control.header().counters.spilled--;
    charge(control, word.budget, -1, 0);
    to_pool(control, record);
  } else {
    charge(control, word.budget, -1, -granules_of(control, record));
    give_extent(control, record);
  }
}

void doom_object(Control& control, std::uint32_t record) {
  Word word = word_of(control, record);
  if (!word.readable()) {
    free_object(control, record);
    return;
  }
  index_erase(control, record);
  // First the word, then the holders; who pins does it the other way round, so one of both sees the other.
  set_word(control, record, word.with(State::kDoomed));
  collect_doomed(control, record, word.generation);
}

void collect_doomed(Control& control, std::uint32_t record, std::uint32_t generation) {
  Word word = word_of(control, record);
  if (word.generation != generation || word.state != State::kDoomed) return;
  if (control.record(record).holders.load(std::memory_order_seq_cst) == 0) free_object(control, record);
}

bool end_spilling(Control& control, std::uint32_t record) {
  Word word = word_of(control, record);
  set_word(control, record, word.with(State::kSpilled));
  if (control.record(record).holders.load(std::memory_order_seq_cst) != 0) {
    set_word(control, record, word.with(State::kSealed));
    return false;
  }
  charge(control, word.budget, 0, -granules_of(control, record));
  control.header().counters.spilled++;
  control.header().counters.spills++;
  detach_extent(control, record);
  return true;
}

void stop_spilling(Control& control, std::uint32_t record) {
  set_word(control, record, word_of(control, record).with(State::kSealed));
}

void begin_restoring(Control& control, std::uint32_t record, std::uint32_t taken, std::uint8_t client) {
  Word word = word_of(control, record);
  attach_extent(control, record, taken);
  set_word(control, record, word.with(State::kRestoring, client));
  control.header().counters.spilled--;
  charge(control, word.budget, 0, granules_of(control, record));
}

void end_restoring(Control& control, std::uint32_t record) {
  control.record(record).last_used.store(control.header().clock.load(std::memory_order_relaxed),
                                         std::memory_order_relaxed);
  set_word(control, record, word_of(control, record).with(State::kSealed));
  control.header().counters.restores++;
}

void stop_restoring(Control& control, std::uint32_t record) {
  Word word = word_of(control, record);
  set_word(control, record, word.with(State::kSpilled));
  charge(control, word.budget, 0, -granules_of(control, record));
  control.header().counters.spilled++;
  detach_extent(control, record);
}

void adopt_spilled(Control& control, Id id, std::uint64_t bytes, std::uint64_t metadata_bytes, std::uint32_t budget) {
  if (find_locked(control, id) != kNone) return;
  // A record comes with an extent; this one is given back.
  std::uint32_t record = take_extent(control, 1);
  if (record == kNone) throw Failure(PTC_OUT_OF_MEMORY, "the arena is full");
  begin_object(control, record, id, bytes, metadata_bytes, budget, kNobody);
  control.record(record).flags.store(kMayBeOnDisk, std::memory_order_relaxed);
  end_spilling(control, record);
  control.header().counters.spills--;
}

void reap(Control& control, std::uint32_t client) {
  Header& header = control.header();
  std::uint64_t bit = std::uint64_t{1} << client;
  header.sealed.waiting.fetch_and(~bit, std::memory_order_seq_cst);
  header.space.waiting.fetch_and(~bit, std::memory_order_seq_cst);
  for (std::uint32_t number = 1; number < header.records_touched; number++) {
    Record& r = control.record(number);
    if ((r.holders.load(std::memory_order_relaxed) & bit) != 0) r.holders.fetch_and(~bit, std::memory_order_seq_cst);
    Word word = word_of(control, number);
    if (word.state == State::kDoomed) collect_doomed(control, number, word.generation);
    if (word.client != client) continue;
    if (word.state == State::kCreated) free_object(control, number);
    if (word.state == State::kSpilling) stop_spilling(control, number);
    if (word.state == State::kRestoring) stop_restoring(control, number);
  }
}

}  // namespace partita::store
